"""The events of a server, for programs: one JSON object per line on standard output, as they
happen.
"""

import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

from rechat.observe import Background
from rechat.observe import JournalEntry
from rechat.observe import Logged
from rechat.observe import Prices
from rechat.observe import Reporter
from rechat.store import Store
from rechat.values import JsonObject
from rechat.values import jsontext
from rechat.web import row

type Report = Callable[[JournalEntry, float], None]


class Lines(Background):
    """Writes lines while entered, and at the end the rest and a summary of what a reporter has
    counted. The server never waits for the reader; if nobody reads any more, nothing is written.
    """

    def __init__(self, out: TextIO, reporter: Reporter, prices: Prices) -> None:
        super().__init__("rechat-lines", self._write_all)
        self._out = out
        self._reporter = reporter
        self._prices = prices
        self._number = 0
        self._waiting: deque[JsonObject | Logged] = deque()
        self._has_reader = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        saved = self._reporter.saved
        self._add(
            {
                "event": "summary",
                "exchanges": self._number,
                "counts": dict(sorted(self._reporter.counts.items())),
                "saved_ms": round(saved.milliseconds),
                "saved_tokens": saved.tokens,
            }
        )
        super().__exit__(kind, error, trace)

    def started(self, url: str, port: int, policy: str, store: Store) -> None:
        """Write that the server listens."""
        self._add(
            {
                "event": "started",
                "url": url,
                "base_url": f"{url}/v1",
                "port": port,
                "policy": policy,
                "files": len(store.index.paths),
                "answers": store.index.answers,
            }
        )

    def before(self, report: Report) -> Report:
        """A function that adds each request, and reports it."""

        def told(entry: JournalEntry, milliseconds: float) -> None:
            self._number += 1
            self._add(Logged(self._number, time.time(), entry, milliseconds))
            report(entry, milliseconds)

        return told

    def _add(self, told: JsonObject | Logged) -> None:
        self._waiting.append(told)
        self.tell()

    def _write_all(self) -> None:
        while self._waiting:
            told = self._waiting.popleft()
            if isinstance(told, Logged):
                told = {"event": "exchange"} | row(told, self._prices)
            if self._has_reader:
                self._write(jsontext.dump(told))

    def _write(self, line: str) -> None:
        try:
            print(line, file=self._out, flush=True)
        except OSError:
            self._has_reader = False
