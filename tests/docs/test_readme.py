"""What the README shows is what happens."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from process import Rechat
from process import run
from ruamel.yaml import YAML
from typer.main import get_command

from rechat import __version__
from rechat.cli.app import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
FENCES = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
ALL_COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
COMMANDS = sorted(name for name, command in ALL_COMMANDS.items() if not command.hidden)


def fences(tag: str) -> list[str]:
    return [text for found, text in FENCES if found == tag]


def test_the_transcript_that_is_shown_is_the_one_that_is_served() -> None:
    [markdown] = fences("markdown")
    assert markdown == (ROOT / "transcripts" / "capital.md").read_text("utf-8")


def test_the_python_example_prints_what_is_shown() -> None:
    [code] = fences("python")
    with Rechat("replay", "transcripts/", folder=ROOT) as rechat:
        local = code.replace("http://localhost:8910/v1", rechat.url)
        result = subprocess.run(
            [sys.executable, "-c", local], capture_output=True, text=True, check=True
        )
    assert result.stdout == fences("text")[0]


@pytest.mark.skipif(sys.platform == "win32", reason="the lines are those of a POSIX shell")
def test_a_program_that_knows_no_base_url_is_answered_by_the_lines_for_a_proxy() -> None:
    [lines] = [text for text in fences("sh") if "HTTPS_PROXY" in text]
    [code] = fences("python")
    unaware = code.replace('base_url="http://localhost:8910/v1", ', "")
    with Rechat("replay", "transcripts/", folder=ROOT) as rechat:
        local = lines.replace("http://localhost:8910", rechat.root)
        result = subprocess.run(
            ["/bin/sh", "-c", f'{local}\nexec "$0" -c "$1"', sys.executable, unaware],
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.stdout == fences("text")[0], result.stderr


def test_the_workflow_runs_the_tests_offline() -> None:
    [workflow] = fences("yaml")
    steps = YAML(typ="safe").load(workflow)["jobs"]["test"]["steps"]
    assert steps[-1] == {"run": "rechat run -- pytest"}
    assert len(workflow.splitlines()) == 8


def test_the_refusal_is_the_one_that_is_shown(tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    request.write_text(
        '{"model": "gpt-5", "messages": [{"role": "user", "content": "What is the capital of Spain?"}]}'
    )
    said = run("find", request, "transcripts/", folder=ROOT).stdout.splitlines()[0]
    assert said.partition("nearest")[2] == fences("text")[1].strip().partition("nearest")[2]


def test_the_set_up_commands_are_two_and_name_what_there_is() -> None:
    commands = [text for text in fences("sh") if text.startswith("python3 -m venv")]
    assert len(commands) == 2
    serve, test = commands
    assert serve.endswith("&& .venv/bin/pip install . && .venv/bin/rechat replay transcripts/\n")
    assert test.endswith("&& .venv/bin/pip install -e '.[test]' && .venv/bin/python -m pytest\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told_and_has_help(command: str) -> None:
    assert f"`rechat {command} " in README
    result = run(command, "--help", folder=ROOT)
    assert result.returncode == 0
    assert result.stdout.startswith(f"Usage: rechat {command} ")


@pytest.mark.parametrize("option", ["--on-miss", "--takes", "--diff", "-f", "-q", "--mode"])
def test_every_option_that_is_told_is_there(option: str) -> None:
    assert option in README
    assert option in run("record", "--help", folder=ROOT).stdout


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (\S+)", changelog, re.MULTILINE)[0] == __version__


@pytest.mark.parametrize("target", re.findall(r"\]\((?!http)([^)#]+)", README))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
