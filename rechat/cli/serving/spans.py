"""Sends a span for each request to an OpenTelemetry collector (OTLP over HTTP, in JSON).

Nothing waits for the collector: a thread sends the spans, the queue is bounded, and spans that find
it full are counted. A collector that does not answer is reported once.
"""

import os
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from urllib.error import HTTPError
from urllib.parse import unquote
from urllib.parse import urlsplit
from urllib.request import Request
from urllib.request import urlopen

from rechat.convert import Timed
from rechat.convert import spans_of
from rechat.observe import Background
from rechat.observe import JournalEntry
from rechat.observe import status_of
from rechat.values import Json
from rechat.values import UsageError
from rechat.values import jsontext
from rechat.values import reason_of

# The limits of the queue in entries and bytes, and how many entries are sent at once.
_WAITING = 10_000
_ROOM = 64 << 20
_AT_ONCE = 200
_PATIENCE = 10.0
_TRACES = "/v1/traces"
# A conversation is identified by this many of its first characters.
_BEGINNING = 400

type Report = Callable[[JournalEntry, float], None]


class Spans(Background):
    """Sends spans while entered; what is left at the end is sent too. Raises `UsageError` for an
    invalid address.
    """

    def __init__(self, url: str, warn: Callable[[str], None]) -> None:
        super().__init__("rechat-spans", self._send_all, _PATIENCE)
        self._url = _address(url)
        self._headers = {"content-type": "application/json", **_own_headers(os.environ)}
        self._warn = warn
        self._server = uuid.uuid4().hex
        self._number = 0
        self._lost = self._full = 0  # each is counted by one thread
        self._is_down = False
        self._waiting: deque[tuple[Timed, int]] = deque()
        self._size = 0
        self._sent = 0

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        if lost := self._lost + self._full + len(self._waiting):
            self._warn(f"{lost:,} span{'' if lost == 1 else 's'} did not reach {self._url}")

    def before(self, report: Report) -> Report:
        """A function that adds each request, and reports it."""

        def told(entry: JournalEntry, milliseconds: float) -> None:
            self.add(entry, milliseconds)
            report(entry, milliseconds)

        return told

    def add(self, entry: JournalEntry, milliseconds: float) -> None:
        """Add a request that has just ended; returns at once."""
        if entry.request is None:
            return
        self._number += 1
        if len(self._waiting) >= _WAITING or self._size - self._sent > _ROOM:
            self._full += 1
            return
        self._size += entry.size
        self._waiting.append((self._timed(entry, milliseconds), entry.size))
        self.tell()

    def _timed(self, entry: JournalEntry, milliseconds: float) -> Timed:
        assert entry.request
        ended = time.time_ns()
        status = status_of(entry)
        return Timed(
            f"{self._server} {self._number}",
            f"{self._server} {_beginning(entry)}",
            entry.request,
            entry.answer,
            ended - int(milliseconds * 1e6),
            ended,
            _error(entry, status),
            dict(_more(entry, status)),
        )

    def _send_all(self) -> None:
        while self._waiting:
            some = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
            try:
                self._send([one for one, _ in some])
            except Exception as error:  # noqa: BLE001  # the next may be fine
                self._lost += len(some)
                if not self._is_down:
                    self._warn(f"spans do not reach {self._url}: {_reason(error)}")
                self._is_down = True
            else:
                self._is_down = False
            self._sent += sum(size for _, size in some)

    def _send(self, some: list[Timed]) -> None:
        body = jsontext.dump(spans_of(some)).encode()
        request = Request(self._url, body, self._headers)  # noqa: S310  # it is http, as checked
        with urlopen(request, timeout=_PATIENCE) as response:  # noqa: S310
            response.read()


def _address(url: str) -> str:
    """The URL for spans: one without a path is that of a collector with the default path."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise UsageError(f"--otel {url}: expected an address such as http://localhost:4318")
    return parts._replace(path=_TRACES).geturl() if parts.path in ("", "/") else url


def _own_headers(environment: Mapping[str, str]) -> dict[str, str]:
    """The headers that the variables of OpenTelemetry name: `name=value,other=value`."""
    told = environment.get("OTEL_EXPORTER_OTLP_HEADERS", "")
    pairs = (pair.partition("=") for pair in told.split(",") if "=" in pair)
    return {name.strip(): unquote(value.strip()) for name, _, value in pairs}


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        error.close()
        return f"status {error.code}"
    return reason_of(error)


def _beginning(entry: JournalEntry) -> str:
    """What identifies a conversation: its session, and the first message of the user."""
    assert entry.request
    messages = entry.request.messages
    first = next((one.text for one in messages if one.role == "user"), "")
    return f"{entry.session} {first[:_BEGINNING]}"


def _error(entry: JournalEntry, status: int) -> str:
    """The kind of an error: the status, or the outcome of a request without one."""
    if status >= 400:
        return str(status)
    return entry.verdict if entry.verdict in ("miss", "failed", "failover") else ""


def _more(entry: JournalEntry, status: int) -> Iterator[tuple[str, Json]]:
    assert entry.request
    if entry.request.stream:
        yield "gen_ai.request.stream", True
    if len(entry.times) > 1:
        yield "gen_ai.response.time_to_first_chunk", entry.times[0][0] / 1000
    if status:
        yield "http.response.status_code", status
    yield "rechat.verdict", entry.verdict
    for name in ("place", "rule", "reason", "session", "upstream"):
        if value := getattr(entry, name):
            yield f"rechat.{name}", value
