"""Who watches: a person at a terminal, not a log, whatever colours it wants."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator

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


WRITES = (
    "from rechat.observe import screen; s = screen(is_lasting=True);"
    "[s.print('told', line) for line in range(3)]; raise SystemExit(7)"
)


@pytest.mark.parametrize("open_both", [os.pipe, pty.openpty], ids=["pipe", "terminal"])
def test_what_lasts_goes_on_when_nobody_can_read_it_any_more(
    open_both: Callable[[], tuple[int, int]],
) -> None:
    ours, theirs = open_both()
    os.close(ours)
    run = subprocess.run(
        [sys.executable, "-c", WRITES],
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(theirs)
    assert (run.returncode, run.stderr) == (7, "")


def test_forced_colours_are_colours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert (screen().is_terminal, screen().is_interactive) == (True, False)
