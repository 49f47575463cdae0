"""What a person writes while transcripts are served."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from stored import asked
from stored import said
from stored import store_of

from rechat.answering.edits import Edits
from rechat.store import StoreThread
from rechat.store.folder import Store
from rechat.values import RechatError


@pytest.fixture
def store(folder: Path) -> Store:
    return store_of(folder)


@pytest.fixture
def edits(store: Store) -> Iterator[Edits]:
    thread = StoreThread()
    yield Edits(store.index, store, thread)
    thread.close()


def test_a_blank_is_written_once_and_is_where_the_answer_goes(store: Store, edits: Edits) -> None:
    places = {asyncio.run(edits.write_blank(asked("Why?"))) for _ in range(2)}
    [place] = places
    path, _, line = place.rpartition(":")
    assert Path(path).read_text().splitlines()[int(line) - 1 :] == ["### assistant"]
    assert asyncio.run(edits.write_answer(asked("Why?"), "Because.")) == place
    assert said(store, asked("Why?")) == "Because."


def test_a_question_that_is_answered_gets_neither_a_blank_nor_another_answer(
    store: Store, edits: Edits
) -> None:
    asyncio.run(edits.write_answer(asked("Why?"), "Because."))
    with pytest.raises(RechatError):
        asyncio.run(edits.write_answer(asked("Why?"), "Or not."))
    with pytest.raises(RechatError):
        asyncio.run(edits.write_blank(asked("Why?")))
    assert said(store, asked("Why?")) == "Because."


def test_an_edited_question_takes_the_old_answer(store: Store, edits: Edits) -> None:
    asyncio.run(edits.write_answer(asked("Tell me why it rains"), "Because."))
    accepted = asyncio.run(edits.accept(asked("Tell me why it snows")))
    assert accepted.before.differences
    assert said(store, asked("Tell me why it snows")) == "Because."
    assert said(store, asked("Tell me why it rains")) is None
