"""Shows entries from a thread of its own, so that a slow terminal never delays an answer.

Under load not everything is shown: the thread uses a small share of the time, its queue is bounded,
and skipped entries are counted. The totals by verdict are always right.
"""

import time
from collections import Counter
from collections import deque
from dataclasses import dataclass
from dataclasses import replace
from typing import Protocol

from rechat.observe.background import Background
from rechat.observe.entry import JournalEntry
from rechat.observe.signs import sign_of
from rechat.values import Answer

# The longest queue.
WAITING = 200
# The share of each second that may be spent on showing under load.
SHARE = 0.04


class Screen(Protocol):
    """Where entries are shown."""

    def wants(self, entry: JournalEntry) -> bool:
        """Whether an entry is shown."""

    def entry(self, entry: JournalEntry) -> None:
        """Show an entry."""

    def dropped(self, count: int) -> None:
        """Say how many entries were skipped."""


@dataclass(slots=True)
class Savings:
    """What the hits saved: time and tokens."""

    milliseconds: float = 0.0
    tokens: int = 0


class Reporter(Background):
    """Accepts entries at any rate, shows the wanted ones at a reasonable rate, and reports how many
    it skipped. It runs while entered.
    """

    def __init__(self, screen: Screen, waiting: int = WAITING) -> None:
        super().__init__("rechat-reporter", self._show_all)
        self.counts: Counter[str] = Counter()
        self.saved = Savings()
        self._screen = screen
        self._limit = waiting
        self._entries: deque[tuple[JournalEntry, float]] = deque()
        self._missed = 0

    def add(self, entry: JournalEntry, milliseconds: float) -> None:
        """Add an entry and its duration in milliseconds; returns immediately."""
        # Most are hits with an answer, at a high rate: only the others are examined.
        is_plain = entry.verdict == "hit" and isinstance(entry.answer, Answer)
        self.counts["hit" if is_plain else sign_of(entry).word] += 1
        if entry.saved_tokens or entry.saved_ms:
            self.saved.tokens += entry.saved_tokens
            self.saved.milliseconds += entry.saved_ms
        if not self._screen.wants(entry):
            return
        if len(self._entries) < self._limit:
            self._entries.append((entry, milliseconds))
        else:
            self._missed += 1
        self.tell()

    def _show_all(self) -> None:
        while self._entries:
            started = time.thread_time()
            entry, milliseconds = self._entries.popleft()
            self._screen.entry(replace(entry, milliseconds=milliseconds))
            if len(self._entries) > 1:
                self.pause((time.thread_time() - started) * (1 / SHARE - 1))
        missed, self._missed = self._missed, 0
        if missed:
            self._screen.dropped(missed)
