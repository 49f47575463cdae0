"""The threads beside the event loop: order, waiting, and that nothing begun is lost."""

import asyncio
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from rechat.store.thread import StoreThread


@pytest.fixture
def thread() -> Iterator[StoreThread]:
    made = StoreThread()
    yield made
    made.close()


def test_tasks_run_in_order_on_one_thread_of_their_own(thread: StoreThread) -> None:
    seen: list[tuple[int, int]] = []

    def note(number: int) -> None:
        seen.append((number, threading.get_ident()))

    async def main() -> None:
        await asyncio.gather(*(thread.run(partial(note, number)) for number in range(500)))

    asyncio.run(main())
    assert [number for number, _ in seen] == list(range(500))
    assert len({name for _, name in seen}) == 1
    assert seen[0][1] != threading.get_ident()


def test_the_loop_goes_on_while_a_task_runs(thread: StoreThread) -> None:
    async def main() -> bool:
        is_over = threading.Event()
        waiting = asyncio.ensure_future(thread.run(is_over.wait))
        await asyncio.sleep(0)
        is_over.set()
        return await waiting

    assert asyncio.run(main())


def test_reading_does_not_wait_for_a_task(thread: StoreThread) -> None:
    async def main() -> str:
        is_over = threading.Event()
        waiting = asyncio.ensure_future(thread.run(is_over.wait))
        read = await thread.read(lambda: "read")
        is_over.set()
        await waiting
        return read

    assert asyncio.run(main()) == "read"


def test_what_a_task_raises_is_raised(thread: StoreThread) -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(thread.run(lambda: 1 // 0))
    with pytest.raises(ZeroDivisionError):
        thread.wait_for(lambda: 1 // 0)


def test_a_task_whose_waiting_is_cancelled_is_done_all_the_same() -> None:
    thread = StoreThread()
    may_begin, done = threading.Event(), threading.Event()

    async def main() -> None:
        first = asyncio.ensure_future(thread.run(may_begin.wait))
        second = asyncio.ensure_future(thread.run(done.set))
        await asyncio.sleep(0)
        for waiting in (first, second):
            waiting.cancel()
        await asyncio.gather(first, second, return_exceptions=True)

    asyncio.run(main())
    may_begin.set()
    thread.close()
    assert done.is_set()
