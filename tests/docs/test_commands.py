"""docs/commands.md is what the commands say of themselves, and they say it briefly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands_page import PAGE
from commands_page import page
from process import run
from typer.main import get_command

from rechat.cli.app import app

ROOT = Path(__file__).parents[2]
ALL_COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
COMMANDS = {name: command for name, command in ALL_COMMANDS.items() if not command.hidden}


def test_the_page_is_made_from_the_commands() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python tests/support/commands_page.py"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_and_option_is_explained(name: str) -> None:
    for parameter in COMMANDS[name].params:
        assert parameter.help.endswith("."), parameter.name
        if not getattr(parameter, "is_flag", False):
            assert parameter.metavar, parameter.name


def test_no_summary_is_cut() -> None:
    told = run("--help", folder=ROOT, COLUMNS="80").stdout
    assert "..." not in told.partition("Commands:")[2].partition("Without")[0]


def test_a_shell_is_offered_the_commands_with_whole_summaries() -> None:
    asked = {"_RECHAT_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "rechat "}
    offered = subprocess.run(
        [sys.executable, "-m", "rechat"],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    for name in COMMANDS:
        assert f'"{name}":' in offered
    assert "..." not in offered


def test_the_usage_line_shows_the_arguments_as_they_are_typed() -> None:
    usage = run("run", "--help", folder=ROOT).stdout.splitlines()[0]
    assert usage == "Usage: rechat run [OPTIONS] [record [UPSTREAM]...|replay] [PATH]... -- COMMAND"
