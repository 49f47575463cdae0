"""Several processes that record into one folder, as one of them sees the others."""

import asyncio
import json
from pathlib import Path

from stored import answer
from stored import asked
from stored import store_of

from rechat.answering.side_by_side import SideBySide
from rechat.index.found import Hit
from rechat.store.placement import Recording
from rechat.store.thread import StoreThread


def test_what_another_process_has_recorded_is_taken_in_before_the_upstream_is_asked(
    folder: Path,
) -> None:
    store, other = store_of(folder), store_of(folder)

    async def main() -> None:
        thread = StoreThread()
        mine = SideBySide(store, thread)
        assert await mine.claim(asked("Bye"))
        saved = other.save(Recording(asked("Hi"), answer("Hello")))
        assert saved
        name = Path(saved.place.rpartition(":")[0]).name
        with (folder / ".wire" / "claims").open("a") as file:
            file.write(json.dumps([1, name]) + "\n")
        assert await mine.claim(asked("Hi"))
        await mine.release(asked("Hi"))
        thread.close()

    asyncio.run(main())
    assert isinstance(store.index.find(asked("Hi")), Hit)


def test_others_are_told_of_files_in_the_folder_only(folder: Path) -> None:
    mine = SideBySide(store_of(folder), StoreThread())
    mine.tell(f"{folder.as_posix()}/in/a.md:7")
    mine.tell("/elsewhere/b.md:7")
    lines = (folder / ".wire" / "claims").read_text().splitlines()
    assert [json.loads(line)[1] for line in lines] == ["in/a.md"]


def test_equal_requests_of_one_process_wait_for_each_other_and_others_do_not(folder: Path) -> None:
    thread = StoreThread()
    mine = SideBySide(store_of(folder), thread)
    asking: list[str] = []
    begun = asyncio.Event()

    async def ask(text: str, until: asyncio.Event) -> None:
        async with mine.alone(asked(text)):
            asking.append(text)
            begun.set()
            await until.wait()

    async def main() -> None:
        first, rest = asyncio.Event(), asyncio.Event()
        rest.set()
        one = asyncio.ensure_future(ask("Hi", first))
        await begun.wait()
        two = asyncio.ensure_future(ask("Hi", rest))
        await ask("Bye", rest)
        assert asking == ["Hi", "Bye"]
        one.cancel()
        await two
        assert asking == ["Hi", "Bye", "Hi"]

    asyncio.run(main())
    thread.close()
