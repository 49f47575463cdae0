"""The fastest loop that works is taken, and Python's own otherwise."""

import asyncio
import sys
from collections.abc import Coroutine

import pytest

from rechat.proxy import loop


async def name_of_loop() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_without_another_loop_it_is_python_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loop.run(name_of_loop()).startswith("asyncio")


def test_uvloop_is_taken_where_it_is_installed() -> None:
    pytest.importorskip("uvloop", reason="this platform has no uvloop")
    assert loop.run(name_of_loop()).startswith("uvloop")


def test_a_loop_that_cannot_start_tasks_at_once_is_not_taken() -> None:
    class Picky(asyncio.SelectorEventLoop):
        def create_task(self, coro: Coroutine[object, object, object], **options: object) -> object:  # type: ignore[override]
            raise TypeError("unexpected keyword argument 'eager_start'")

    assert loop.works(asyncio.SelectorEventLoop)
    assert not loop.works(Picky)
