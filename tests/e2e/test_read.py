"""The commands that read: `show` and `find`."""

import json
from pathlib import Path

import pytest
from process import run

HELLO = "# Mine\n\n### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"


def test_show_prints_the_conversation_with_its_lines(mine: Path) -> None:
    result = run("show", "transcripts/mine.md", folder=mine.parent.parent)
    assert "transcripts/mine.md:7" in result.stdout
    assert "Hi!" in result.stdout


def test_show_prints_fields_and_ids_on_lines_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "call.md"
    path.write_text(
        "### user\n\n```yaml\nname: Ada\n```\n\n> Weather?\n\n"
        "### assistant\n\n```yaml\nid: chatcmpl-1\nusage: {total_tokens: 9}\n```\n\n"
        '#### call get_weather, call_1\n\n```json\n{"city": "Oslo"}\n```\n\n'
        "### tool, call_1\n\n> 20\n"
    )
    lines = [line.strip() for line in run("show", path, folder=tmp_path).stdout.splitlines()]
    for line in (
        *("Weather?", "name: Ada", 'get_weather(city="Oslo")', "id: call_1"),
        *("id: chatcmpl-1", 'usage: {"total_tokens":9}', "20", "tool_call_id: call_1"),
    ):
        assert line in lines


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


@pytest.mark.parametrize(
    "asked",
    [
        {"messages": [{"role": "user", "content": "Hello"}]},
        [{"role": "user", "content": "Hello"}],
        {"model": "m", "input": "Hello"},
        {"system": "Be nice", "messages": [{"role": "user", "content": "Hello"}]},
        {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]},
    ],
)
def test_find_takes_the_json_of_any_api(mine: Path, asked: object) -> None:
    result = run("find", json.dumps(asked), "--json", folder=mine.parent.parent)
    assert json.loads(result.stdout)["rule"] == "listed"


def test_a_text_is_found_in_a_transcript_that_names_a_model_and_a_body_is_not(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "transcripts"
    folder.mkdir()
    settings = "---\nmodel: gpt-5\ntemperature: 0\n---\n\n"
    (folder / "a.md").write_text(f"{settings}### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
    found = run("find", "Hello", folder=tmp_path)
    assert (found.returncode, found.stdout) == (0, "transcripts/a.md:10  listed\n")
    assert "with the settings of the transcript: model, temperature" in found.stderr
    asked = json.dumps({"messages": [{"role": "user", "content": "Hello"}]})
    found = run("find", asked, folder=tmp_path)
    assert (found.returncode, "model: transcript gpt-5" in found.stdout) == (1, True)
    assert run("find", "Hello you", folder=tmp_path).returncode == 1


def test_find_says_what_is_wrong_with_json(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    for asked in ('{"messages": ', '{"messages": 1}'):
        result = run("find", asked, folder=tmp_path)
        assert (result.returncode, "Traceback" in result.stderr) == (2, False)
        assert result.stderr.startswith("rechat: ")


def test_find_takes_a_request_from_standard_input(mine: Path) -> None:
    request = json.dumps({"messages": [{"role": "user", "content": "Hello"}]})
    result = run("find", "-", mine, "--json", folder=mine.parent, given=request)
    assert json.loads(result.stdout)["rule"] == "listed"


TAKES = """\
### user

> Which is the capital of France?

### assistant, take 1

> Paris, as everybody knows.

### assistant, take 2

> It is Paris.
"""


def test_show_puts_takes_side_by_side_where_a_terminal_is_wide_enough(tmp_path: Path) -> None:
    (tmp_path / "takes.md").write_text(TAKES)
    wide, narrow, piped = (
        run("show", "takes.md", folder=tmp_path, COLUMNS=columns, **more).stdout.splitlines()
        for columns, more in (
            ("100", {"FORCE_COLOR": "1"}),
            ("60", {"FORCE_COLOR": "1"}),
            ("100", {}),
        )
    )
    assert any("as everybody knows." in line and "It is Paris." in line for line in wide)
    for lines in (narrow, piped):
        assert [line.strip() for line in lines if "Paris" in line] == [
            "Paris, as everybody knows.",
            "It is Paris.",
        ]
