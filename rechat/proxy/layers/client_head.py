"""How a client's requests are read that are not plain (`rechat.proxy.hits.framing`): by mitmproxy,
in whose way some words are put.

- Empty lines before a request are left out (RFC 9112, section 2.2), and so are the trailers after
  it (section 7.1.2): mitmproxy waits at the first, and has no place for the second.
- What it refuses is told as rechat tells everything, with a line in the journal, not as a page.
"""

import re
from collections.abc import Callable

from h11._readers import ChunkedReader
from mitmproxy.net.http import http1
from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http._base import HttpEvent
from mitmproxy.proxy.layers.http._events import ResponseProtocolError
from mitmproxy.proxy.layers.http._http1 import Http1Server

from rechat.proxy import limits
from rechat.proxy.layers.upstream_head import WithoutTrailers
from rechat.proxy.layers.upstream_head import put_back

type Refuse = Callable[[int, str, bytes], bytes]
"""What a client is told for a status, a reason and its request line."""

_CLIENT_ERROR = 400
_WORDS = re.compile(r"(?:Received )?(.*?)(?: from client, refusing.*|\.)?", re.DOTALL)


class PlainServer(Http1Server):
    """mitmproxy's HTTP/1 server, which says in our words what it refuses."""

    refuse: Refuse
    _line = b""

    def read_headers(self, event: events.ConnectionEvent) -> layer.CommandGenerator[None]:
        """Wait for a head that can be read, and give it to mitmproxy."""
        if isinstance(event, events.DataReceived):
            lines = self._next_head()
            if lines is None:
                return
            self._line = lines[0]
            try:
                if problem := limits.problem_of_length(lines):
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
