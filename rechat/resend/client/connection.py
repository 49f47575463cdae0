"""One connection: sends a request, and timestamps the chunks of the answer as they arrive."""

import asyncio
from dataclasses import dataclass
from dataclasses import field
from itertools import starmap
from time import perf_counter
from typing import cast

from rechat.resend.client.reader import ResponseReader
from rechat.resend.client.reader import WireError
from rechat.resend.client.tape import Tape
from rechat.values import Headers
from rechat.values import HttpResponse
from rechat.values import Piece


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A whole request: the server it goes to, and its bytes. They have a `key`, if it needs one."""

    scheme: str
    host: str
    port: int
    data: bytes
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The outcome of a request: when it was sent and when the answer was complete (on the clock of
    `perf_counter`), and the response; or a `failure` that says why there is none, and a `status` of
    0. The `pieces` of its body have their times in milliseconds after it was sent.
    """

    sent: float
    ended: float
    status: int = 0
    headers: Headers = ()
    pieces: tuple[tuple[float, bytes], ...] = ()
    failure: str = ""

    @property
    def response(self) -> HttpResponse | None:
        """The response as a value, which is created only when it is read: under load, that takes
        longer than everything else that is done for an answer.
        """
        if not self.status:
            return None
        return HttpResponse(self.status, self.headers, tuple(starmap(Piece, self.pieces)))


class Connection(asyncio.Protocol):
    """Carries one exchange at a time. `is_open` until the other side, or an error, has ended it.
    Received data is written to the `tape`, if there is one, before anything else.
    """

    def __init__(self) -> None:
        self.tape: Tape | None = None
        self.is_open = False
        self._transport: asyncio.Transport | None = None
        self._reader: ResponseReader | None = None
        self._pieces: list[tuple[float, bytes]] = []
        self._sent = 0.0
        self._done: asyncio.Future[Exchanged] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        # uvloop's transports are not a subclass of it.
        self._transport = cast("asyncio.Transport", transport)
        # uvloop sends small writes only after all other ready callbacks, which would make them
        # impossible to time.
        self._transport.set_write_buffer_limits(0)
        self.is_open = True

    def exchange(self, data: bytes, loop: asyncio.AbstractEventLoop) -> asyncio.Future[Exchanged]:
        """Send a request; returns its outcome, and never raises."""
        assert self._transport
        self._reader, self._pieces = ResponseReader(), []
        self._done = loop.create_future()
        if self.tape:
            self.tape.send()
        self._sent = perf_counter()
        self._transport.write(data)
        return self._done

    def data_received(self, data: bytes) -> None:
        """Called by the loop with received data."""
        if self.tape:
            self.tape.hear(data)
        now = perf_counter()
        if not self._reader or not self._done:
            self.close()  # unsolicited data
            return
        try:
            body = self._reader.feed(data)
        except WireError as error:
            self._end(now, str(error))
            return
        if body:
            self._pieces.append(((now - self._sent) * 1000, body))
        if self._reader.is_done:
            self._end(now)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop when the connection has ended."""
        self.is_open = False
        if not self._reader or not self._done:
            return
        if self.tape:
            self.tape.end()
        now = perf_counter()
        try:
            self._reader.close()
        except WireError as error:
            told = f"{error} ({exc})" if exc else str(error)
            self._end(now, told)
            return
        self._end(now)

    @property
    def has_heard(self) -> bool:
        """Whether any part of the expected answer has arrived."""
        return bool(self._reader and self._reader.has_begun)

    def give_up(self, failure: str) -> None:
        """Stop waiting for the answer."""
        if self.tape:
            self.tape.give_up()
        self._end(perf_counter(), failure)

    def close(self) -> None:
        """End the connection."""
        self.is_open = False
        if self._transport:
            self._transport.close()

    def abort(self) -> None:
        """End the connection at once, discarding unsent data."""
        self.is_open = False
        if self._transport:
            self._transport.abort()

    def _end(self, now: float, failure: str = "") -> None:
        reader, done = self._reader, self._done
        assert reader
        assert done
        if failure or reader.is_last:
            self.close()
        self._done = None
        if done.done():
            return
        if failure:
            done.set_result(Exchanged(self._sent, now, failure=failure))
            return
        pieces = tuple(self._pieces)
        done.set_result(Exchanged(self._sent, now, reader.status, reader.headers, pieces))
