"""Items of an API to what people read of them, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from strategies import json_values

from rechat.format.items import Item
from rechat.format.items import item_of
from rechat.format.items import value_of
from rechat.format.parts import write
from rechat.format.reader import parse
from rechat.values.conversation import Given
from rechat.values.conversation import Opaque
from rechat.values.jsontext import Json

PATCH = "+one\n+two\n"

ITEMS: list[tuple[dict[str, Any], Item]] = [
    (
        {"type": "web_search_call", "action": {"type": "search", "query": "tides at Brest"}},
        Item("call", "web_search", "", "tides at Brest", {"action": {"type": "search"}}),
    ),
    (
        {"type": "web_search_call", "action": {"type": "open_page", "url": "https://a.b"}},
        Item(
            "call",
            "web_search",
            fields={"action": {"type": "open_page", "url": "https://a.b"}},
        ),
    ),
    (
        {"type": "file_search_call", "queries": ["a b", "c"], "results": None},
        Item("call", "file_search", "", "a b\nc", {"results": None}),
    ),
    (
        {"type": "file_search_call", "queries": ["a\nb"]},
        Item("call", "file_search", fields={"queries": ["a\nb"]}),
    ),
    (
        {"type": "file_search_call", "queries": []},
        Item("call", "file_search", fields={"queries": []}),
    ),
    (
        {"type": "code_interpreter_call", "code": "print(1)", "outputs": []},
        Item("call", "code_interpreter", "", "print(1)", {"outputs": []}),
    ),
    (
        {
            "type": "mcp_call",
            "name": "find",
            "server_label": "docs",
            "arguments": "{}",
            "output": "x",
        },
        Item("call", "find", "", "{}", {"type": "mcp_call", "server_label": "docs", "output": "x"}),
    ),
    (
        {"type": "mcp_approval_request", "name": "find", "server_label": "d", "arguments": "{}"},
        Item("call", "find", "", "{}", {"type": "mcp_approval_request", "server_label": "d"}),
    ),
    (
        {"type": "mcp_list_tools", "server_label": "d", "tools": []},
        Item(
            "call",
            "mcp_list_tools",
            fields={"type": "mcp_list_tools", "server_label": "d", "tools": []},
        ),
    ),
    (
        {"type": "shell_call", "call_id": "c_1", "action": {"commands": ["ls", "pwd"]}},
        Item("call", "shell", "c_1", "ls\npwd"),
    ),
    (
        {"type": "apply_patch_call", "call_id": "c_1", "operation": {"path": "a", "diff": PATCH}},
        Item("call", "apply_patch", "c_1", PATCH, {"operation": {"path": "a"}}),
    ),
    (
        {"type": "x_search_call", "id": "a b", "arguments": "{}"},
        Item("call", "x_search", "", "{}", {"id": "a b"}),
    ),
    (
        {"type": "shell_call_output", "call_id": "c_1", "output": [{"stdout": "a"}]},
        Item(
            "result",
            "shell",
            "c_1",
            None,
            {"type": "shell_call_output", "output": [{"stdout": "a"}]},
        ),
    ),
    (
        {"type": "server_tool_use", "id": "s_1", "name": "web_search", "input": {"query": "a"}},
        Item("call", "web_search", "s_1", "a", {"type": "server_tool_use"}),
    ),
    (
        {"type": "server_tool_use", "id": "s_1", "name": "code_execution", "input": {"code": "1"}},
        Item("call", "code_execution", "s_1", "1", {"type": "server_tool_use"}),
    ),
    (
        {"type": "server_tool_use", "id": "s_1", "name": "other", "input": {}},
        Item("call", "other", "s_1", None, {"type": "server_tool_use", "input": {}}),
    ),
    (
        {
            "type": "web_search_tool_result",
            "tool_use_id": "s_1",
            "content": [{"title": "Tides"}],
        },
        Item("result", "web_search", "s_1", None, {"content": [{"title": "Tides"}]}),
    ),
    (
        {
            "type": "bash_code_execution_tool_result",
            "tool_use_id": "s_1",
            "content": {"stdout": "1\n", "return_code": 0},
        },
        Item("result", "bash_code_execution", "s_1", "1\n", {"content": {"return_code": 0}}),
    ),
    (
        {
            "type": "mcp_tool_result",
            "tool_use_id": "s_1",
            "is_error": False,
            "content": [{"type": "text", "text": "High at noon."}],
        },
        Item(
            "result",
            "mcp",
            "s_1",
            "High at noon.",
            {"is_error": False, "content": [{"type": "text"}]},
        ),
    ),
    (
        {"executableCode": {"language": "PYTHON", "code": "print(1)"}, "thoughtSignature": "s"},
        Item(
            "call",
            "code_execution",
            "",
            "print(1)",
            {"executableCode": {"language": "PYTHON"}, "thoughtSignature": "s"},
        ),
    ),
    (
        {"codeExecutionResult": {"output": "1\n"}},
        Item("result", "code_execution", "", "1\n", {"codeExecutionResult": {}}),
    ),
]


@pytest.mark.parametrize(("value", "item"), ITEMS)
def test_what_matters_of_an_item_stands_apart(value: dict[str, Any], item: Item) -> None:
    assert item_of(value) == item
    assert value_of(item) == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"type": 1},
        {"type": "hologram", "size": 3},
        {"type": "mcp_call", "name": "a b", "arguments": "{}"},
        {"type": "mcp_call", "arguments": "{}"},
        {"type": "function_call", "name": "f", "arguments": 1},
        {"type": "custom_tool_call", "name": "f", "input": 1},
        {"executableCode": "x"},
        {"executableCode": {}, "codeExecutionResult": {}},
    ],
)
def test_other_values_have_no_such_form(value: Json) -> None:
    assert item_of(value) is None


@pytest.mark.parametrize("call_id", ["server", "custom", "a b", "a,b", "", 1, None])
def test_an_id_that_no_heading_holds_stays_a_field(call_id: Json) -> None:
    value: dict[str, Json] = {"type": "server_tool_use", "name": "f", "id": call_id}
    item = item_of(value)
    assert item
    assert (item.id, item.fields["id"]) == ("", call_id)


def test_by_hand_the_name_of_a_tool_is_enough() -> None:
    assert value_of(Item("call", "web_search", "ws_1", "tides")) == {
        "type": "web_search_call",
        "id": "ws_1",
        "action": {"query": "tides"},
    }
    assert value_of(Item("result", "web_search", "s_1")) == {
        "type": "web_search_tool_result",
        "tool_use_id": "s_1",
    }
    assert value_of(Item("result", "x", "", "a", {"type": "hologram"})) == {
        "type": "hologram",
        "text": "a",
    }


@pytest.mark.parametrize(
    "fields",
    [{"action": "x"}, {"action": {"query": "b"}}, {"action": []}, {"action": [{"query": ""}]}],
)
def test_a_text_whose_place_is_taken_is_an_error(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="` has a value already"):
        value_of(Item("call", "web_search", "", "a", fields))


_KINDS = st.sampled_from(
    [str(value["type"]) for value, _ in ITEMS if "type" in value] + ["web_fetch_tool_result"]
)
_KEYS = st.sampled_from(
    (
        *("name", "id", "call_id", "tool_use_id", "code", "content", "action", "input"),
        *("arguments", "queries", "operation", "executableCode", "output", "result"),
    )
)
_INNER = st.one_of(
    json_values, st.dictionaries(st.sampled_from(["query", "code", "content", "text"]), json_values)
)


@given(_KINDS, st.dictionaries(_KEYS, _INNER, max_size=4))
@settings(deadline=None, max_examples=200)
def test_any_item_comes_back_from_markdown(kind: str, fields: dict[str, Any]) -> None:
    value = {"type": kind} | fields
    stored: dict[str, bytes] = {}
    source = f"### user\n\n{write(Opaque(value), stored)}\n"
    (entry,) = parse(source, stored.__getitem__).sections[0].entries
    assert isinstance(entry, Given)
    assert entry.message.parts == (Opaque(value),)
