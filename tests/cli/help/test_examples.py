"""The examples in the help can be typed as they stand."""

import shlex
from typing import Any

import pytest
from typer.main import get_command

from rechat.cli.app import app
from rechat.cli.help.examples import EXAMPLES

COMMANDS: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]


def test_each_command_has_examples() -> None:
    assert EXAMPLES.keys() >= {name for name, one in COMMANDS.items() if not one.hidden}


@pytest.mark.parametrize(
    ("name", "line"), [(name, line) for name, lines in EXAMPLES.items() for line in lines]
)
def test_an_example_is_a_call_of_its_command(name: str, line: str) -> None:
    words = shlex.split(line.rpartition("| ")[2])
    given = words[: words.index("--")] if "--" in words else words
    assert given[:2] == ["rechat", name]
    context = COMMANDS[name].make_context(name, given[2:])  # a usage error for anything else
    assert context.command is COMMANDS[name]
