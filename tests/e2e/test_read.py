"""The commands that read: `show` and `find`."""

import json
from pathlib import Path

from process import run

HELLO = "# Mine\n\n### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"


def test_show_prints_the_conversation_with_its_lines(mine: Path) -> None:
    result = run("show", "transcripts/mine.md", folder=mine.parent.parent)
    assert "transcripts/mine.md:7" in result.stdout
    assert "Hi!" in result.stdout


def test_show_prints_json(mine: Path) -> None:
    shown = json.loads(run("show", mine, "--json", folder=mine.parent).stdout)
    asked = {"line": 3, "type": "message", "role": "user", "content": "Hello"}
    said = {"message": {"role": "assistant", "content": "Hi!"}}
    answer = {"line": 7, "type": "answer", "choices": [said]}
    assert shown == [{"path": str(mine), "line": 1, "messages": [asked, answer]}]


def test_show_picks_a_section(tmp_path: Path) -> None:
    path = tmp_path / "two.md"
    path.write_text("## A\n\n### user\n\n> a\n\n## B\n\n### user\n\n> b\n")
    [section] = json.loads(run("show", f"{path}#B", "--json", folder=tmp_path).stdout)
    assert section["title"] == "B"
    assert run("show", f"{path}#C", folder=tmp_path).returncode == 2


def test_find_explains_a_miss_and_exits_with_1(mine: Path) -> None:
    result = run("find", "Hello you", folder=mine.parent.parent)
    assert result.returncode == 1
    assert "nearest transcripts/mine.md:7" in result.stdout
    assert result.stdout.endswith('differs: "you" is new\n')


def test_find_shows_the_whole_difference_on_demand(mine: Path) -> None:
    result = run("find", "Hello you", "--explain", folder=mine.parent.parent)
    assert result.returncode == 1
    assert "\n    -Hello\n    +Hello you\n" in result.stdout


def test_find_takes_a_request_from_standard_input(mine: Path) -> None:
    request = json.dumps({"messages": [{"role": "user", "content": "Hello"}]})
    result = run("find", "-", mine, "--json", folder=mine.parent, given=request)
    assert json.loads(result.stdout)["rule"] == "listed"
