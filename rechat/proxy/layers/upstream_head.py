"""How the head of an upstream's answer is read: what clients read without a proxy is read here too.

mitmproxy is strict with heads, because a server that two programs read in two ways can be used to
smuggle requests past one of them. What goes on to the client is plain: the head is rewritten before
mitmproxy sees it.

- Interim answers (1xx; RFC 9110, section 15.2) are left out: a client skips any number of them.
- A line that starts with a blank goes on with the one before (RFC 9112, section 5.2).
- A length may be said as a list of equal ones (`5, 5`), with zeros or a plus in front, and the
  coding `identity` is none. The size of a chunk may have blanks behind it.
- Chunks win over a length beside them (RFC 9112, section 6.3), equal lengths count as one, chunks
  that are said twice are chunks, and an answer that has no body has none. HTTP/1.0 has them too.
- What is compressed on the way (`gzip, chunked`) is told as compressed by the server, since no
  client of an API reads the first.
- A line whose name is not a token (RFC 9110, section 5.6.2), or whose value has a null character or
  a line end, is left out.

What no client reads is a failure of this upstream, like one that cannot be reached.
"""

import re
from collections.abc import Iterator

import h11
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.net.http.http1 import read_response_head
from mitmproxy.net.http.validate import validate_headers
from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import ErrorCode
from mitmproxy.proxy.layers.http._events import ResponseProtocolError
from mitmproxy.proxy.layers.http._http1 import Http1Client
from mitmproxy.proxy.layers.http._http1 import Http1Connection

from rechat.proxy import limits
from rechat.proxy.failures.speech import problem_of_start

LIMIT = 1 << 20
"""How many bytes a head may have."""

_STATUS = re.compile(rb"HTTP/\d\.\d (\d\d\d)")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NOT_IN_VALUES = re.compile(rb"[\0\r\n]")
_SWITCHING_PROTOCOLS = 101
_BODILESS = (204, 304)
_CODING = b"transfer-encoding"
_CONTENT_CODING = b"content-encoding"
_COMPRESSED = (b"gzip", b"x-gzip", b"deflate")
_LENGTH = b"content-length"
_CLOSE = b"connection: close"


class LenientClient(Http1Client):
    """mitmproxy's HTTP/1 client, which reads heads as the clients of APIs do."""

    def read_headers(self, event: events.ConnectionEvent) -> layer.CommandGenerator[None]:
        """Wait for a head that is not interim, and give it to mitmproxy in plain form."""
        if isinstance(event, events.DataReceived) and self.request:
            lines = self._next_head()
            if lines is None:
                reason = problem_of_start(bytes(self.buf))
                if len(self.buf) > LIMIT:
                    reason = f"the head of the answer has more than {LIMIT:,} bytes"
                if reason:
                    yield from self._refuse(reason)
                return
            plain = plain_head(lines)
            try:
                check(plain)
            except ValueError as error:
                yield from self._refuse(f"Cannot parse HTTP response: {error}")
                return
            put_back(self, plain)
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

    def _refuse(self, reason: str) -> layer.CommandGenerator[None]:
        assert self.stream_id is not None
        yield commands.CloseConnection(self.conn)
        error = ResponseProtocolError(self.stream_id, reason, ErrorCode.GENERIC_SERVER_ERROR)
        yield ReceiveHttp(error)


class WithoutTrailers:
    """A reader of chunks that ends without what follows the last one. A chunk that is longer than
    any body is none.
    """

    def __init__(self, reader: ChunkedReader) -> None:
        self._reader = reader
        self.read_eof = reader.read_eof

    def __call__(self, data: ReceiveBuffer) -> h11.Event | None:
        """The next piece of a body, or its end; None if more has to come first."""
        try:
            found = self._reader(_Sizes(data))  # type: ignore[arg-type]
        except h11.ProtocolError:
            if not self._reader._reading_trailer:  # noqa: SLF001
                raise
            return h11.EndOfMessage()
        if self._reader._bytes_in_chunk > limits.LENGTH:  # noqa: SLF001
            raise h11.RemoteProtocolError("a chunk cannot be that long")
        return h11.EndOfMessage() if isinstance(found, h11.EndOfMessage) else found


class _Sizes:
    """A buffer whose lines, the sizes of chunks, have no blanks before what follows them."""

    def __init__(self, buffer: ReceiveBuffer) -> None:
        self._buffer = buffer
        self.maybe_extract_at_most = buffer.maybe_extract_at_most
        self.maybe_extract_lines = buffer.maybe_extract_lines

    def maybe_extract_next_line(self) -> bytearray | None:
        """The next line, if all of it has come."""
        line = self._buffer.maybe_extract_next_line()
        if line is None:
            return None
        size, mark, rest = line.partition(b";")
        return size.rstrip(b" \t") + mark + rest if mark else line


def put_back(connection: Http1Connection, head: list[bytes]) -> None:
    """Put the lines of a head before what has come of the rest."""
    rest = bytes(connection.buf)
    connection.buf = type(connection.buf)()
    connection.buf += b"\r\n".join([*head, b"", rest])


def is_interim(status_line: bytes | bytearray) -> bool:
    """Whether an answer with this line is followed by the one that counts."""
    status = _status(status_line)
    return 100 <= status < 200 and status != _SWITCHING_PROTOCOLS


def check(lines: list[bytes]) -> None:
    """Raise `ValueError` for a head in plain form that no client reads."""
    if problem := limits.problem_of_length(lines):
        raise ValueError(problem)
    head = read_response_head(lines)
    if not 100 <= head.status_code <= 999:
        raise ValueError(f"Bad HTTP response line: {lines[0]!r}")
    validate_headers(head)


def plain_head(lines: list[bytes]) -> list[bytes]:
    """The lines of a head that can be read in one way only, as far as clients agree on one."""
    status, *fields = lines
    named = [(field, *_name_and_value(field)) for field in _unfolded(fields)]
    codings = {one for _, name, value in named if name == _CODING for one in _codings(value)}
    compressed = [one for one in _COMPRESSED if codings == {one, b"chunked"}]
    if compressed and not any(name == _CONTENT_CODING for _, name, _ in named):
        codings = {b"chunked"}
        named.append((b"content-encoding: " + compressed[0], _CONTENT_CODING, compressed[0]))
    lengths = {one for _, name, value in named if name == _LENGTH for one in _lengths(value)}
    is_bodiless = _status(status) in _BODILESS
    settled = {_CODING} if is_bodiless or codings <= {b"chunked"} else set()
    settled |= {_LENGTH} if codings or len(lengths) == 1 else set()
    plain = [
        field
        for field, name, value in named
        if _NAME.fullmatch(name) and name not in settled and not _NOT_IN_VALUES.search(value)
    ]
    if codings == {b"chunked"} and not is_bodiless:
        plain.append(b"transfer-encoding: chunked")
        if status.startswith(b"HTTP/1.0 "):
            status = b"HTTP/1.1 " + status[9:]
            plain += [] if any(name == b"connection" for _, name, _ in named) else [_CLOSE]
    elif not codings and len(lengths) == 1:
        plain.append(b"content-length: " + lengths.pop())
    return [status, *plain]


def _unfolded(fields: list[bytes]) -> list[bytes]:
    lines: list[list[bytes]] = []
    for field in fields:
        if field[:1] not in (b" ", b"\t"):
            lines.append([field])
        elif lines:
            lines[-1].append(field.strip())
    return [b" ".join(one) for one in lines]


def _codings(value: bytes) -> Iterator[bytes]:
    for one in value.lower().split(b","):
        if one.strip() not in (b"", b"identity"):
            yield one.strip()


def _lengths(value: bytes) -> Iterator[bytes]:
    for one in value.split(b","):
        length = one.strip().removeprefix(b"+")
        yield (length.lstrip(b"0") or b"0") if length.isdigit() else length


def _status(line: bytes | bytearray) -> int:
    found = _STATUS.match(line)
    return int(found[1]) if found else 0


def _name_and_value(field: bytes) -> tuple[bytes, bytes]:
    name, _, value = field.partition(b":")
    return name.lower(), value.strip()
