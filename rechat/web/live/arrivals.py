"""Answers in flight, as the page shows them: rows with a negative number, and a text that grows
until the exchange is in the log.
"""

import asyncio
import time
from collections.abc import AsyncIterator

from rechat.answering import Endpoint
from rechat.observe import Arrival
from rechat.observe import Arriving
from rechat.observe import Log
from rechat.observe import Logged
from rechat.observe import Prices
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import jsontext
from rechat.values import shared_start
from rechat.web.details import details
from rechat.web.rows import row

# Seconds between two updates of a text.
_TICK = 0.1
# An answer that has ended may take at most this many ticks until it is saved and logged.
_PATIENCE = 100
# At most this many answers in flight are shown.
_MOST = 50
_SIGN: JsonObject = {"verdict": "arriving", "mark": "…", "word": "under way", "tone": "arriving"}


class Arrivals:
    """The answers in flight, and the log in which they will end up."""

    def __init__(self, arriving: Arriving, log: Log, endpoint: Endpoint) -> None:
        self._arriving = arriving
        self._log = log
        self._endpoint = endpoint

    def numbers(self) -> tuple[int, ...]:
        """The numbers of their rows."""
        return tuple(-one.number for one in self._shown())

    def rows(self) -> list[Json]:
        """A row for each, the newest last."""
        return [row(_logged(one)) | _SIGN for one in self._shown()]

    def _shown(self) -> list[Arrival]:
        return self._arriving.all()[-_MOST:]

    def get(self, number: int) -> Arrival | None:
        """The answer with a number, as long as it is in flight."""
        return self._arriving.get(-number)

    def details(
        self, arrival: Arrival, url: str, prices: Prices | None, *, is_brief: bool
    ) -> JsonObject:
        """All that is known about it now."""
        return details(_logged(arrival), url, prices, is_brief=is_brief) | _SIGN

    async def text(self, arrival: Arrival) -> AsyncIterator[bytes]:
        """Its text as it grows, as server-sent events `{"keep": …, "text": …}`: the number of
        characters to keep, and those that follow. The last event has the number of the exchange in
        the log, or 0.
        """
        shown, seen = "", self._log.latest
        while self.get(-arrival.number) is arrival:
            seen = self._log.latest
            text = await self._endpoint.thread.read(lambda: arrival.words)
            if text != shown:
                keep = shared_start(shown, text)
                told = jsontext.dump({"keep": keep, "text": text[keep:]})
                shown = text
                yield f"event: text\ndata: {told}\n\n".encode()
            await asyncio.sleep(_TICK)
        number = await self._number(arrival, seen)
        yield f"event: end\ndata: {number}\n\n".encode()

    async def _number(self, arrival: Arrival, seen: int) -> int:
        """Its number in the log, once it is there; 0 if it never arrives."""
        request = arrival.entry.request
        for _ in range(_PATIENCE if request else 0):
            for one in self._log.after(seen):
                if one.entry.request is request:
                    return one.number
            seen = self._log.latest
            await asyncio.sleep(_TICK)
        return 0


def _logged(arrival: Arrival) -> Logged:
    now = time.time()
    return Logged(-arrival.number, now, arrival.entry, (now - arrival.began) * 1000)
