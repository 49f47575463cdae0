"""The tools that there are, as they are described."""

import re
from typing import Any

from rechat.mcp.toolbox import INSTRUCTIONS
from rechat.mcp.toolbox import tools_for


def _none() -> Any:
    raise AssertionError


TOOLS = tools_for(_none, _none)


def test_the_parameters_of_a_tool_are_those_of_what_it_runs() -> None:
    for tool in TOOLS.values():
        code: Any = tool.run
        names = code.__code__.co_varnames[1 : code.__code__.co_argcount]
        assert {one.name for one in tool.parameters} == {*names}, tool.name
        needed = len(names) - len(code.__defaults__ or ())
        assert {one.name for one in tool.parameters if one.is_required} == {*names[:needed]}


def test_names_are_such_as_all_clients_take() -> None:
    assert all(re.fullmatch(r"[a-z_]{1,40}", name) for name in TOOLS)


def test_what_changes_files_says_so() -> None:
    assert {name for name, tool in TOOLS.items() if tool.changes} == {
        "write_answer",
        "accept_question",
    }


def test_the_instructions_name_tools_that_there_are() -> None:
    assert {*re.findall(r"[a-z]+_[a-z]+(?=[ ,;.])", INSTRUCTIONS)} - {"rechat_no_match"} <= {*TOOLS}
