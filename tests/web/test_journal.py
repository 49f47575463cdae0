"""The log as the page reads it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from conversations import ask

from rechat.answering.endpoint import Endpoint
from rechat.answering.policy import Session
from rechat.observe.entry import JournalEntry
from rechat.observe.history import Log
from rechat.observe.in_flight import Arriving
from rechat.store.folder import Store
from rechat.web.journal import Journal
from rechat.web.live.arrivals import Arrivals


@pytest.fixture
def log() -> Log:
    log = Log()
    for number in range(1, 8):
        words = "even" if number % 2 == 0 else "odd"
        log.add(JournalEntry("hit", "POST /x", ask(words, model="m")), 1.0)
    return log


@pytest.fixture
def journal(log: Log, tmp_path: Path) -> Journal:
    store = Store([tmp_path])
    return Journal(log, Endpoint(Session(store.index, "replay"), store), None)


def listed(
    journal: Journal, query: str = "", after: int = 0, before: int = 0, limit: int = 0
) -> Any:
    return json.loads(asyncio.run(journal.listed(query, after, before, limit)))


def test_the_newest_come_first_and_older_ones_before_them(journal: Journal) -> None:
    def numbers(**asked: Any) -> list[int]:
        return [row["number"] for row in listed(journal, **asked)["exchanges"]]

    assert numbers() == [1, 2, 3, 4, 5, 6, 7]
    assert numbers(limit=3) == [5, 6, 7]
    assert numbers(limit=3, before=5) == [2, 3, 4]
    assert numbers(limit=3, before=2) == [1]
    assert numbers(query="even", limit=2) == [4, 6]
    assert numbers(query="even", before=4) == [2]
    assert listed(journal, query="nothing") == {"exchanges": [], "latest": 7}


def test_what_is_under_way_is_news_once(log: Log, tmp_path: Path) -> None:
    async def told() -> list[bool]:
        store, arriving = Store([tmp_path]), Arriving()
        endpoint = Endpoint(Session(store.index, "record"), store)
        journal = Journal(log, endpoint, None, Arrivals(arriving, log, endpoint))
        states = iter(range(9))
        news = journal.news("", log.latest, lambda: {"another": next(states)})
        found = [await anext(news)]
        arrival = arriving.begin(JournalEntry("forwarded", "POST /x", ask("odd", model="m")))
        found += [await anext(news), await anext(news)]
        arriving.end(arrival)
        found.append(await anext(news))
        return [b"event: arriving" in event for event in found]

    assert asyncio.run(told()) == [False, True, False, True]


def test_news_begin_after_what_is_known(journal: Journal, log: Log) -> None:
    async def first() -> str:
        news = journal.news("odd", 4, lambda: {"policy": "replay"})
        return (await anext(news)).decode()

    told = asyncio.run(first())
    [rows] = [line for line in told.split("\n") if line.startswith("data: [")]
    assert [row["number"] for row in json.loads(rows.removeprefix("data: "))] == [5, 7]
    assert "event: state" in told
