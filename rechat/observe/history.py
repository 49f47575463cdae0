"""The latest journal entries, numbered, for pages and scripts that look at them later.

Entries arrive at the rate of hits, so adding one is a few assignments and creates no object that
Python's garbage collector has to track; the rest is done on reading.
"""

import time
from collections import Counter
from collections import deque
from collections.abc import Callable
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from rechat.observe.entry import JournalEntry

ROWS = 10_000
ROOM = 64 << 20
# Entries are counted in batches of this size, which is faster than one by one.
_BATCH = 256
# After an entry of more bytes than this, entries are counted at once: a batch of large ones would
# exceed the limit by far.
_LARGE = 1 << 16
_PLACE, _SIZE = attrgetter("place"), attrgetter("size")


class Logged(NamedTuple):
    """An entry with its number (from 1, without gaps), its end (seconds since 1970), and its
    duration in milliseconds. A tuple: pages ask for 2,000 of them a second.
    """

    number: int
    at: float
    entry: JournalEntry
    milliseconds: float


class Log:
    """The latest entries: about `rows` of them, as long as they fit into about `room` bytes."""

    def __init__(
        self, rows: int = ROWS, room: int = ROOM, clock: Callable[[], float] = time.time
    ) -> None:
        self.latest = 0
        self._rows = rows
        self._room = room
        self._clock = clock
        self._entries: deque[JournalEntry] = deque()
        self._times: deque[float] = deque()
        self._milliseconds: deque[float] = deque()
        self._settled = 0
        self._size = 0
        self._served: Counter[str] = Counter()

    def add(self, entry: JournalEntry, milliseconds: float) -> None:
        """Add an entry."""
        self.latest += 1
        self._entries.append(entry)
        self._times.append(self._clock())
        self._milliseconds.append(milliseconds)
        if self.latest - self._settled >= _BATCH or entry.size > _LARGE:
            self._settle()

    def _settle(self) -> None:
        """Count the new entries, and drop the oldest ones if there are too many."""
        fresh = list(islice(reversed(self._entries), self.latest - self._settled))
        self._settled = self.latest
        self._served.update(map(_PLACE, fresh))
        self._size += sum(map(_SIZE, fresh))
        entries = self._entries
        while len(entries) > self._rows or (self._size > self._room and len(entries) > 1):
            self._size -= entries.popleft().size
            self._times.popleft()
            self._milliseconds.popleft()

    def after(self, number: int) -> list[Logged]:
        """The entries after a number, oldest first."""
        count = max(0, min(self.latest - number, len(self._entries)))
        columns = self._times, self._entries, self._milliseconds
        latest = [list(islice(reversed(column), count))[::-1] for column in columns]
        numbers = range(self.latest - count + 1, self.latest + 1)
        return list(map(Logged._make, zip(numbers, *latest, strict=True)))

    def get(self, number: int) -> Logged | None:
        """One entry; None if it was dropped or does not exist yet."""
        at = number - self.latest + len(self._entries) - 1
        if not 0 <= at < len(self._entries):
            return None
        return Logged(number, self._times[at], self._entries[at], self._milliseconds[at])

    def served(self) -> Counter[str]:
        """How many requests were answered from or saved to each transcript, by path."""
        self._settle()
        found: Counter[str] = Counter()
        for place, count in self._served.items():
            found[place.rpartition(":")[0]] += count
        return found
