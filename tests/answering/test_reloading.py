"""Which requests wait for files that were just edited."""

import asyncio
from pathlib import Path

import pytest

from rechat.answering.policy import Session
from rechat.answering.reloading import is_behind
from rechat.answering.reloading import reloaded
from rechat.store.folder import Store
from rechat.values.conversation import Message
from rechat.values.conversation import Policy
from rechat.values.conversation import Request


def request(text: str = "Hello") -> Request:
    return Request({}, (Message("user", text),))


def told_of(path: Path, policy: Policy, limit: float = 1e9) -> tuple[Store, Session]:
    """A store that has heard of a change in one of its files, and a session over it."""
    store = Store([path.parent], limit=limit)
    store.load()
    store.answer_here()
    store.news.come([path])
    return store, Session(store.index, policy)


@pytest.mark.parametrize(
    ("policy", "text", "expected"),
    [
        ("record", "Hello", True),
        ("record", "Something else", False),
        ("replay", "Hello", True),
        ("replay", "Something else", True),
        ("rerecord", "Hello", False),
    ],
)
def test_a_request_is_behind_where_a_changed_file_may_answer_it(
    mine: Path, policy: Policy, text: str, *, expected: bool
) -> None:
    assert is_behind(*told_of(mine, policy), request(text)) is expected


def test_nothing_is_behind_without_news(mine: Path) -> None:
    store, session = told_of(mine, "replay")
    store.news.taken_in(store.news.told)
    assert not is_behind(store, session, request())


@pytest.mark.parametrize(("changed", "expected"), [("mine.md", True), ("other.md", False)])
def test_a_file_that_memory_has_let_go_of_is_behind_if_it_changed(
    mine: Path, changed: str, *, expected: bool
) -> None:
    other = mine.with_name("other.md")
    other.write_text(mine.read_text().replace("Hello", "Bye"))
    store, session = told_of(mine.with_name(changed), "record", limit=0)
    assert is_behind(store, session, request()) is expected


def test_who_is_behind_goes_on_once_the_file_is_read(mine: Path) -> None:
    store, session = told_of(mine, "replay")

    async def read_again() -> None:
        waiting = asyncio.ensure_future(reloaded(store, session, request()))
        await asyncio.sleep(0)
        assert not waiting.done()
        store.news.taken_in(store.news.told)
        await waiting

    asyncio.run(read_again())
    assert not is_behind(store, session, request())


def test_who_waits_too_long_goes_on_all_the_same(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rechat.answering.reloading._PATIENCE", 0.0)
    store, session = told_of(mine, "replay")
    asyncio.run(reloaded(store, session, request()))
    assert is_behind(store, session, request())
