"""The latest of what happened, with numbers, for pages and scripts that look at it later.

It takes entries at the rate of hits, so taking one in is a few assignments, and makes no object
that Python's garbage collector would have to look at; the rest is done when somebody looks.
"""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from rechat.observe.entry import Entry

ROWS = 10_000
ROOM = 64 << 20
# So many are counted together, which is faster than one by one.
_BATCH = 256
_PLACE, _SIZE = attrgetter("place"), attrgetter("size")


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry with its number (from 1, without gaps), when it was over (seconds since 1970), and
    the milliseconds it took.
    """

    number: int
    at: float
    entry: Entry
    milliseconds: float


class Log:
    """The latest entries: about `rows` of them, as far as they fit into about `room` bytes."""

    def __init__(
        self, rows: int = ROWS, room: int = ROOM, clock: Callable[[], float] = time.time
    ) -> None:
        self.latest = 0
        self._rows = rows
        self._room = room
        self._clock = clock
        self._entries: deque[Entry] = deque()
        self._times: deque[float] = deque()
        self._milliseconds: deque[float] = deque()
        self._settled = 0
        self._size = 0
        self._served: Counter[str] = Counter()

    def add(self, entry: Entry, milliseconds: float) -> None:
        """Take in what happened."""
        self.latest += 1
        self._entries.append(entry)
        self._times.append(self._clock())
        self._milliseconds.append(milliseconds)
        if self.latest - self._settled >= _BATCH:
            self._settle()

    def _settle(self) -> None:
        """Count what has come since the last time, and let the oldest go if there are too many."""
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
        """The entries that came after one, the oldest first."""
        count = max(0, min(self.latest - number, len(self._entries)))
        columns = self._times, self._entries, self._milliseconds
        latest = [list(islice(reversed(column), count))[::-1] for column in columns]
        numbers = range(self.latest - count + 1, self.latest + 1)
        return [Logged(*one) for one in zip(numbers, *latest, strict=True)]

    def get(self, number: int) -> Logged | None:
        """One entry; None if it is gone, or not there yet."""
        at = number - self.latest + len(self._entries) - 1
        if not 0 <= at < len(self._entries):
            return None
        return Logged(number, self._times[at], self._entries[at], self._milliseconds[at])

    def served(self) -> Counter[str]:
        """How many requests each transcript had to do with since the start, by path."""
        self._settle()
        found: Counter[str] = Counter()
        for place, count in self._served.items():
            found[place.rpartition(":")[0]] += count
        return found
