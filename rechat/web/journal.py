"""The log as the page reads it: rows that match a search, and live updates.

A search may read 64 MB of conversations, and 10,000 rows are 5 MB of JSON. Both are done on the
reading thread, in small steps, so that answers do not wait for them.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from functools import partial
from itertools import islice

from rechat.answering import Endpoint
from rechat.observe import Arriving
from rechat.observe import JournalEntry
from rechat.observe import Log
from rechat.observe import Logged
from rechat.observe import Prices
from rechat.observe import search
from rechat.values import JsonObject
from rechat.values import jsontext
from rechat.web.live.arrivals import Arrivals
from rechat.web.rows import Rows

# Seconds between two updates of a page, and between two keep-alives.
_TICK = 0.25
_HEARTBEAT = 60
# Rows in one update, which makes 2,000 a second.
_AT_ONCE = 500


class Journal:
    """Searches a log, and reports new entries."""

    def __init__(
        self,
        log: Log,
        endpoint: Endpoint,
        prices: Prices | None,
        arrivals: Arrivals | None = None,
    ) -> None:
        self._arrivals = arrivals or Arrivals(Arriving(), log, endpoint)
        self._log = log
        self._endpoint = endpoint
        self._rows = Rows(prices)

    async def listed(
        self, query: str, after: int, before: int, limit: int, *, is_brief: bool = False
    ) -> str:
        """The rows between two numbers that match a query, oldest first, as JSON; the newest ones
        if there are more than `limit`. If `is_brief`, each entry is sent once (`Rows.brief`).
        """
        known, latest = self._log.after(after), self._log.latest
        find = partial(_newest, known, search.parse(query), before, limit)
        shape = self._shape(is_brief=is_brief)
        return await self._endpoint.thread.read(lambda: _page(shape(find()), latest))

    def told(self, found: Iterable[Logged]) -> str:
        """These entries as rows, as JSON."""
        return _page(self._rows.whole(found), self._log.latest)

    def _shape(self, *, is_brief: bool) -> Callable[[list[Logged]], str]:
        return self._rows.brief if is_brief else self._rows.whole

    async def found(self, query: str) -> list[Logged]:
        """All entries that match a query."""
        find = partial(_newest, self._log.after(0), search.parse(query), 0, 0)
        return await self._endpoint.thread.read(find)

    async def news(
        self,
        query: str,
        after: int,
        state: Callable[[], JsonObject],
        *,
        is_brief: bool = False,
    ) -> AsyncGenerator[bytes]:
        """Updates a few times a second, starting after the last number that the page has. If
        `is_brief`, each entry of an update is sent once (`Rows.brief`).
        """
        shape = self._shape(is_brief=is_brief)
        terms = search.parse(query)
        number, ticks = after, 0
        before = ""
        under_way: tuple[int, ...] = ()
        while True:
            latest = self._log.latest
            events = []
            if latest > number:
                # Under load, more than anybody could read is skipped; it can be requested later.
                fresh = self._log.after(max(number, latest - _AT_ONCE))
                found = _newest(fresh, terms, 0, 0)
                number = latest
                if found:
                    events.append(f"event: rows\nid: {latest}\ndata: {shape(found)}\n\n")
            numbers = self._arrivals.numbers()
            if numbers != under_way:
                under_way = numbers
                shown = jsontext.dump(self._arrivals.rows())
                events.append(f"event: arriving\ndata: {shown}\n\n")
            told = jsontext.dump(state())
            if told != before:
                before = told
                events.append(f"event: state\nid: {latest}\ndata: {told}\n\n")
            ticks += 1
            if not events and ticks % _HEARTBEAT == 1:
                events.append(": all is well\n\n")
            if events:
                yield "".join(events).encode()
            await asyncio.sleep(_TICK)


def _page(shown: str, latest: int) -> str:
    return f'{{"exchanges": {shown}, "latest": {latest}}}'


def _newest(
    known: list[Logged], terms: tuple[search.Term, ...], before: int, limit: int
) -> list[Logged]:
    """The newest entries that match, oldest first."""
    older = (one for one in reversed(known) if not before or one.number < before)
    return list(islice(_matching(older, terms), limit or None))[::-1]


def _matching(found: Iterable[Logged], terms: tuple[search.Term, ...]) -> Iterator[Logged]:
    """The entries that match; hits with the same answer share an entry, which is searched once."""
    known: dict[int, tuple[JournalEntry, bool]] = {}
    for one in found:
        if not terms:
            yield one
            continue
        if id(one.entry) not in known:
            known[id(one.entry)] = one.entry, search.matches(terms, one.entry)
        if known[id(one.entry)][1]:
            yield one
