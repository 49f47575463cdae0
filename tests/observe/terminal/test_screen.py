"""Who watches: a person at a terminal, not a log, whatever colours it wants."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator

import pytest

from rechat.observe.terminal.screen import screen

ASKED = (
    "from rechat.observe import screen; s = screen(stderr=True);"
    "print(s.is_interactive, s.is_terminal)"
)


@pytest.fixture
def terminal() -> Iterator[int]:
    ours, theirs = pty.openpty()
    yield theirs
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"TERM": "xterm"}, "True True"),
        ({"TERM": "xterm", "CI": "true"}, "False True"),
        ({"TERM": "dumb"}, "False True"),
    ],
)
def test_a_person_watches_a_terminal_but_not_that_of_ci(
    terminal: int, env: dict[str, str], told: str
) -> None:
    clean = {key: os.environ[key] for key in ("PATH", "PYTHONPATH") if key in os.environ}
    run = subprocess.run(
        [sys.executable, "-c", ASKED],
        env=clean | env,
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == told


def test_forced_colours_are_colours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert (screen().is_terminal, screen().is_interactive) == (True, False)
