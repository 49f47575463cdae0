"""Workers that are processes of this machine."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from rechat.resend.workers.processes import Processes


@pytest.fixture
def two() -> Iterator[Processes]:
    executor = Processes(2, 2)
    yield executor
    executor.shutdown()


def wait_for(path: str) -> int:
    """Read from a pipe with a name: it is there once somebody has written to it."""
    Path(path).read_text()
    return os.getpid()


def fail(_: str) -> None:
    raise ValueError("no")


def test_a_process_that_is_killed_takes_only_its_own_calls(two: Processes, tmp_path: Path) -> None:
    ways = [tmp_path / str(number) for number in range(4)]
    for way in ways:
        os.mkfifo(way)
    calls = [two.submit(wait_for, str(way)) for way in ways]
    ways[0].write_text("go")
    os.kill(calls[0].result(), signal.SIGKILL)
    with pytest.raises(BrokenExecutor):
        calls[2].result()
    for way in (ways[1], ways[3]):
        way.write_text("go")
    assert calls[1].result() == calls[3].result() != calls[0].result()
    again = two.submit(wait_for, str(ways[2]))
    ways[2].write_text("go")
    assert again.result()


def test_what_a_call_raises_is_raised_here(two: Processes) -> None:
    with pytest.raises(ValueError, match="no"):
        two.submit(fail, "").result()


def test_what_cannot_be_sent_is_told_at_once(two: Processes) -> None:
    with pytest.raises(TypeError):
        two.submit(fail, threading.Lock())
    with pytest.raises(ValueError, match="no"):
        two.submit(fail, "").result()
