"""docs/agents.md: its settings are read and start a server, its table has all tools."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from agent import Agent

from rechat.mcp.toolbox import tools_for

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "agents.md").read_text("utf-8")


def _none() -> Any:
    raise AssertionError


def fences(tag: str) -> list[str]:
    return re.findall(rf"^```{tag}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_table_has_all_tools() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE)
    assert rows == [*tools_for(_none, _none)]


def test_every_client_starts_the_same_server_and_it_answers() -> None:
    [shell] = fences("sh")
    [codex] = fences("toml")
    commands = [shell.partition(" -- ")[2].split()]
    tables = [tomllib.loads(codex)["mcp_servers"]]
    tables += [next(iter(json.loads(one).values())) for one in fences("json")]
    commands += [[table["rechat"]["command"], *table["rechat"]["args"]] for table in tables]
    assert commands == [["rechat", "mcp", "transcripts"]] * 4
    with Agent("transcripts", folder=ROOT) as agent:
        agent.begin()
        assert agent.call("check_transcripts")["count"] == 0


def test_the_skill_is_where_the_page_says() -> None:
    assert (ROOT / "skills" / "rechat" / "SKILL.md").is_file()
