"""What is being saved, and what is told of it."""

import asyncio
from pathlib import Path

import pytest
from stored import store_of

from rechat.answering import Endpoint
from rechat.answering import Session
from rechat.proxy import saving
from rechat.proxy.saving import Saving


class Rig:
    """What is being saved, with an endpoint whose trouble the test sets."""

    def __init__(self, folder: Path) -> None:
        store = store_of(folder)
        self.endpoint = Endpoint(Session(store.index, "record"), store)
        self.told: list[str] = []
        self.saving = Saving(self.endpoint, self.told.append)

    async def save(self, trouble: str) -> None:
        async def work() -> None:
            self.endpoint._recorder.trouble = trouble

        await self.saving.to_the_end(work())


def test_trouble_is_told_once_and_so_is_its_end(folder: Path) -> None:
    rig = Rig(folder)

    async def main() -> None:
        for trouble in ("", "the disk is full", "the disk is full", "", ""):
            await rig.save(trouble)

    asyncio.run(main())
    first, second = rig.told
    assert first == "the disk is full: answers go on to their clients, but are not saved"
    assert second == "answers are saved again"


def test_nobody_waits_for_a_disk_that_is_stuck_but_it_is_seen_to_the_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "PATIENCE", 0.01)
    rig = Rig(folder)
    done: list[str] = []

    async def main() -> None:
        unstuck = asyncio.Event()

        async def work() -> None:
            await unstuck.wait()
            done.append("saved")

        await rig.saving.to_the_end(work())
        await rig.saving.to_the_end(work())
        assert done == []
        unstuck.set()
        await rig.saving.drain()

    asyncio.run(main())
    assert done == ["saved", "saved"]
    assert len(rig.told) == 1
    assert "the disk is slow" in rig.told[0]


def test_who_stands_in_a_queue_that_moves_waits_on(folder: Path) -> None:
    """The last of a queue has its answer on the disk when its client gets the end, however long the
    queue is.
    """
    rig = Rig(folder)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        clock = loop.time()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loop, "time", lambda: clock)
            turn = asyncio.Event()

            async def work() -> None:
                await turn.wait()

            last = asyncio.create_task(rig.saving.to_the_end(work()))
            for _ in range(10):
                await rig.save("")
                clock += 0.9 * saving.PATIENCE
            await rig.save("")
            assert not last.done()
            turn.set()
            await last

    asyncio.run(main())
    assert rig.told == []
