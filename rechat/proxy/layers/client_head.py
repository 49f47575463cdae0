"""How a client's requests are read that are not plain (`rechat.proxy.hits.framing`): by mitmproxy,
in whose way some words are put.

- Empty lines before a request are left out (RFC 9112, section 2.2), and so are the trailers after
  it (section 7.1.2): mitmproxy waits at the first, and has no place for the second.
- What it refuses is told as rechat tells everything, with a line in the journal, not as a page.
- A client of HTTP/1.0 does not know chunks (RFC 9112, section 6.1): its answer ends with the
  connection.
- A client that ends its side of the connection after its request has its answer, if it listens.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from h11._readers import ChunkedReader
from mitmproxy import http
from mitmproxy.net.http import http1
from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http._base import HttpEvent
from mitmproxy.proxy.layers.http._events import ResponseHeaders
from mitmproxy.proxy.layers.http._events import ResponseProtocolError
from mitmproxy.proxy.layers.http._http1 import Http1Server

from rechat.proxy import limits
from rechat.proxy.failures.listening import FIRST_PAUSE
from rechat.proxy.failures.listening import INTERIM
from rechat.proxy.failures.listening import LONGEST_PAUSE
from rechat.proxy.failures.listening import is_half_open
from rechat.proxy.layers.upstream_head import WithoutTrailers
from rechat.proxy.layers.upstream_head import put_back

type Listens = Callable[[], bool]
"""Whether the client may still listen."""

type Refuse = Callable[[int, str, bytes], bytes]
"""What a client is told for a status, a reason and its request line."""

_CLIENT_ERROR = 400
_NO_HTTP2 = "HTTP/2 needs TLS here: without it, ask in HTTP/1.1"
_WORDS = re.compile(r"(?:Received )?(.*?)(?: from client, refusing.*|\.)?", re.DOTALL)


class PlainServer(Http1Server):
    """mitmproxy's HTTP/1 server, which says in our words what it refuses."""

    refuse: Refuse
    listens: Listens
    _line = b""
    _look: commands.RequestWakeup | None = None
    _pause = FIRST_PAUSE

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if not isinstance(event, events.Wakeup):
            yield from super()._handle_event(event)
        elif event.command is self._look:
            self._look = None
            yield from self._look_again()

    def wait(self, event: events.Event) -> layer.CommandGenerator[None]:
        """Wait for the answer. A client that sends no more may have left, or wait as well."""
        is_end = isinstance(event, events.ConnectionClosed)
        if is_end and (self._look or self._may_listen()):
            yield from self._look_later()
        else:
            yield from super().wait(event)

    def _may_listen(self) -> bool:
        assert self.request
        is_asking = self.request.method != "CONNECT" and "upgrade" not in self.request.headers
        return is_asking and not self.response and is_half_open(self.conn)

    def _look_later(self) -> layer.CommandGenerator[None]:
        if not self._look:
            self._look = commands.RequestWakeup(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            yield self._look

    def _look_again(self) -> layer.CommandGenerator[None]:
        """Ask a client that sends no more whether it is there, and give up one that is not."""
        if self.state != self.wait or self.response:
            return
        assert self.request
        if not self.listens():
            yield from super().wait(events.ConnectionClosed(self.conn))
            return
        if self.request.is_http11:
            yield commands.SendData(self.conn, INTERIM)
        yield from self._look_later()

    def mark_done(
        self, *, request: bool = False, response: bool = False
    ) -> layer.CommandGenerator[None]:
        """Go on with the next request, or close a connection on which there will be none."""
        yield from super().mark_done(request=request, response=response)
        if not is_half_open(self.conn):
            return
        if self.state == self.wait:
            yield from self._look_later()
        elif not self.request and self.state == self.read_headers:
            yield commands.CloseConnection(self.conn)

    def read_headers(self, event: events.ConnectionEvent) -> layer.CommandGenerator[None]:
        """Wait for a head that can be read, and give it to mitmproxy."""
        if isinstance(event, events.DataReceived):
            lines = self._next_head()
            if lines is None:
                return
            self._line = lines[0]
            try:
                if problem := _http2(lines[0]) or limits.problem_of_length(lines):
                    raise ValueError(problem)  # noqa: TRY301  # the words of both are refused alike
                http1.expected_http_body_size(http1.read_request_head(lines))
            except ValueError as error:
                yield from self._refuse(_CLIENT_ERROR, str(error))
                return
            put_back(self, lines)
        yield from super().read_headers(event)

    def read_body(self, event: events.Event) -> layer.CommandGenerator[None]:
        """Read a body without its trailers; one that comes in no chunks is refused."""
        if isinstance(self.body_reader, ChunkedReader):
            self.body_reader = WithoutTrailers(self.body_reader)  # type: ignore[assignment]
        for command in super().read_body(event):
            is_cut = isinstance(command, commands.CloseConnection) and not self.response
            if is_cut and isinstance(event, events.DataReceived):
                yield from self._refuse(_CLIENT_ERROR, "the body does not come in chunks")
            else:
                yield command

    def send(self, event: HttpEvent) -> layer.CommandGenerator[None]:
        """Send what a client is to get."""
        if isinstance(event, ResponseProtocolError) and not self.response:
            status = event.code.http_status_code()
            if status == _CLIENT_ERROR and self.conn.connected:
                yield from self._refuse(status, event.message)
                return
        if isinstance(event, ResponseHeaders) and self.request and not self.request.is_http11:
            event = replace(event, response=_without_chunks(event.response))
        yield from super().send(event)

    def _next_head(self) -> list[bytes] | None:
        while (lines := self.buf.maybe_extract_lines()) is not None:
            if lines:
                return [bytes(line) for line in lines]
        return None

    def _refuse(self, status: int, reason: str) -> layer.CommandGenerator[None]:
        found = _WORDS.fullmatch(reason)
        assert found
        yield commands.SendData(self.conn, self.refuse(status, found[1], self._line))
        yield commands.CloseConnection(self.conn)
        self.state = self.done


def _http2(line: bytes) -> str:
    """Why a line that opens HTTP/2 (RFC 9113, section 3.4) cannot be answered; else empty."""
    return _NO_HTTP2 if line == b"PRI * HTTP/2.0" else ""


def _without_chunks(response: http.Response) -> http.Response:
    """A response whose body comes as it is, and ends with the connection if it tells no length."""
    plain = response.copy()
    if plain.headers.pop("transfer-encoding", ""):
        plain.headers["connection"] = "close"
    return plain
