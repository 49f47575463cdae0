"""Answers that are on their way, as the page shows them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from stored import asked
from stored import store_of

from rechat.answering.endpoint import Endpoint
from rechat.answering.policy import Session
from rechat.observe.entry import JournalEntry
from rechat.observe.history import Log
from rechat.observe.in_flight import Arrival
from rechat.observe.in_flight import Arriving
from rechat.web.live.arrivals import Arrivals

ENTRY = JournalEntry("forwarded", "POST /v1/chat/completions", asked("Why?"))


class Rig:
    """A log, and answers on their way to it."""

    def __init__(self, folder: Path) -> None:
        self.arriving, self.log = Arriving(), Log()
        store = store_of(folder)
        endpoint = Endpoint(Session(store.index, "record"), store)
        self.arrivals = Arrivals(self.arriving, self.log, endpoint)


@pytest.fixture
def rig(folder: Path) -> Rig:
    return Rig(folder)


def say(arrival: Arrival, text: str) -> None:
    event = json.dumps({"choices": [{"delta": {"content": text}}]})
    arrival.feed(f"data: {event}\n\n".encode())


def told(event: bytes) -> tuple[str, Any]:
    first, second = event.decode().strip().split("\n")
    return first.removeprefix("event: "), json.loads(second.removeprefix("data: "))


def test_a_row_has_a_number_below_zero(rig: Rig) -> None:
    arrival = rig.arriving.begin(ENTRY)
    [row] = rig.arrivals.rows()
    assert isinstance(row, dict)
    assert (row["number"], row["word"], row["words"]) == (-1, "under way", "Why?")
    assert rig.arrivals.get(-1) is arrival
    details: Any = rig.arrivals.details(arrival, "http://localhost", None, is_brief=True)
    assert (details["tone"], details["answer"]) == ("arriving", [])
    rig.arriving.end(arrival)
    assert rig.arrivals.get(-1) is None


def test_the_text_grows_until_the_exchange_is_in_the_log(rig: Rig) -> None:
    async def run() -> list[tuple[str, Any]]:
        arrival = rig.arriving.begin(ENTRY)
        events = rig.arrivals.text(arrival)
        say(arrival, "Because it ")
        found = [told(await anext(events))]
        say(arrival, "is sk-proj-")
        say(arrival, "abcdefghijklmnopqrstuvwxyz0123456789ABCD ok ")
        found.append(told(await anext(events)))
        rig.arriving.end(arrival)
        rig.log.add(JournalEntry("hit", "POST /", asked("Other")), 1.0)
        rig.log.add(ENTRY, 1.0)
        return [*found, *[told(event) async for event in events]]

    first, second, last = asyncio.run(run())
    assert first == ("text", {"keep": 0, "text": "Because it "})
    assert second[1]["keep"] == len("Because it ")
    assert "abcdefghij" not in second[1]["text"]
    assert second[1]["text"].endswith(" ok ")
    assert last == ("end", 2)


def test_what_was_not_understood_has_no_number(rig: Rig) -> None:
    async def run() -> list[tuple[str, Any]]:
        arrival = rig.arriving.begin(JournalEntry("forwarded", "POST /x"))
        rig.arriving.end(arrival)
        return [told(event) async for event in rig.arrivals.text(arrival)]

    assert asyncio.run(run()) == [("end", 0)]
