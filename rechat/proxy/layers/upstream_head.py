"""How the head of an upstream's answer is read: what clients read without a proxy is read here too.

mitmproxy is strict with heads, because a server that two programs read in two ways can be used to
smuggle requests past one of them. What goes on to the client is plain: the head is rewritten before
mitmproxy sees it.

- Interim answers (1xx; RFC 9110, section 15.2) are left out: a client skips any number of them.
- A length may be said as a list of equal ones (`5, 5`), and the coding `identity` is none.
- Chunks win over a length beside them (RFC 9112, section 6.3), equal lengths count as one, and an
  answer that has no body has no chunks.
- A line whose name is not a token (RFC 9110, section 5.6.2) is left out.
"""

import re

import h11
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import ErrorCode
from mitmproxy.proxy.layers.http._events import ResponseProtocolError
from mitmproxy.proxy.layers.http._http1 import Http1Client

LIMIT = 1 << 20
"""How many bytes a head may have."""

_STATUS = re.compile(rb"HTTP/\d\.\d (\d\d\d)")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_SWITCHING_PROTOCOLS = 101
_BODILESS = (204, 304)


class LenientClient(Http1Client):
    """mitmproxy's HTTP/1 client, which reads heads as the clients of APIs do."""

    def read_headers(self, event: events.ConnectionEvent) -> layer.CommandGenerator[None]:
        """Wait for a head that is not interim, and give it to mitmproxy in plain form."""
        if isinstance(event, events.DataReceived) and self.request:
            lines = self._next_head()
            if lines is None:
                if len(self.buf) > LIMIT:
                    yield from self._refuse()
                return
            body = bytes(self.buf)
            self.buf = type(self.buf)()
            self.buf += b"\r\n".join([*plain_head(lines), b"", body])
        yield from super().read_headers(event)

    def read_body(self, event: events.Event) -> layer.CommandGenerator[None]:
        """Read a body whose trailers (RFC 9110, section 6.5) are left out: no client of an API
        reads them, and mitmproxy has no place for them.
        """
        if isinstance(self.body_reader, ChunkedReader):
            self.body_reader = WithoutTrailers(self.body_reader)  # type: ignore[assignment]
        yield from super().read_body(event)

    def _next_head(self) -> list[bytes] | None:
        while (lines := self.buf.maybe_extract_lines()) is not None:
            if lines and not is_interim(lines[0]):
                return [bytes(line) for line in lines]
        return None

    def _refuse(self) -> layer.CommandGenerator[None]:
        assert self.stream_id is not None
        reason = f"the head of the answer has more than {LIMIT:,} bytes"
        yield commands.CloseConnection(self.conn)
        error = ResponseProtocolError(self.stream_id, reason, ErrorCode.GENERIC_SERVER_ERROR)
        yield ReceiveHttp(error)


class WithoutTrailers:
    """A reader of chunks that ends without what follows the last one."""

    def __init__(self, reader: ChunkedReader) -> None:
        self._reader = reader
        self.read_eof = reader.read_eof

    def __call__(self, data: ReceiveBuffer) -> h11.Event | None:
        """The next piece of a body, or its end; None if more has to come first."""
        found = self._reader(data)
        return h11.EndOfMessage() if isinstance(found, h11.EndOfMessage) else found


def is_interim(status_line: bytes | bytearray) -> bool:
    """Whether an answer with this line is followed by the one that counts."""
    status = _status(status_line)
    return 100 <= status < 200 and status != _SWITCHING_PROTOCOLS


def plain_head(lines: list[bytes]) -> list[bytes]:
    """The lines of a head that can be read in one way only, as far as clients agree on one."""
    status, *fields = lines
    named = [(field, *_name_and_value(field)) for field in fields]
    is_chunked = any(
        name == b"transfer-encoding" and value.lower() != b"identity" for _, name, value in named
    )
    said = [value for _, name, value in named if name == b"content-length"]
    lengths = {length.strip() for value in said for length in value.split(b",")}
    plain = [status]
    has_length = False
    for field, name, _ in named:
        if name == b"content-length" and len(lengths) == 1:
            if not (is_chunked or has_length):
                plain.append(b"content-length: " + next(iter(lengths)))
            has_length = True
            continue
        if name == b"content-length" and is_chunked:
            continue
        if name == b"transfer-encoding" and (_status(status) in _BODILESS or not is_chunked):
            continue
        if _NAME.fullmatch(name) or field[:1] in (b" ", b"\t"):
            plain.append(field)
    return plain


def _status(line: bytes | bytearray) -> int:
    found = _STATUS.match(line)
    return int(found[1]) if found else 0


def _name_and_value(field: bytes) -> tuple[bytes, bytes]:
    name, _, value = field.partition(b":")
    return name.lower(), value.strip()
