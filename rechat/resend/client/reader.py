"""Parses HTTP/1.1 responses incrementally: the head, then the body without its framing."""

import re
import zlib
from collections.abc import Callable

from rechat.values import Headers
from rechat.values import header

_STATUS = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: [^\r\n]*)?")
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*+([^\r\n\0]*)")
_WHOLE_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?", re.DOTALL)
_HEAD_LIMIT = 1 << 16
_LINE_LIMIT = 1 << 12
_BODY_LIMIT = 256 << 20
_GZIP = 16 + zlib.MAX_WBITS


class WireError(Exception):
    """The data is not an HTTP response, or is truncated; the message says so in one line."""


type _Step = Callable[["ResponseReader"], bytes | None]


class ResponseReader:
    """Reads one response. `is_done` once it is complete; `is_last` if the connection cannot carry
    another one.
    """

    def __init__(self) -> None:
        self.status = 0
        self.headers: Headers = ()
        self.is_done = False
        self.is_last = False
        self._rest = b""
        self._left: int | None = 0
        self._size = 0
        self._inflate: zlib._Decompress | None = None
        # Not a method of its own: that would be a reference cycle, which only the garbage collector
        # frees.
        self._step: _Step = ResponseReader._head

    @property
    def has_begun(self) -> bool:
        """Whether any part of the response has arrived."""
        return bool(self.status or self._rest)

    def feed(self, data: bytes) -> bytes:
        """What these bytes add to the body. Raises `WireError`."""
        if self._step is ResponseReader._chunk_size and not self._rest:
            body = self._one_chunk(data)
            if body:
                return body
        self._rest = self._rest + data if self._rest else data
        found: list[bytes] = []
        while self._rest and not self.is_done:
            piece = self._step(self)
            if piece is None:
                break
            if piece:
                found.append(piece)
        if self.is_done and self._rest:
            self.is_last = True  # more than was requested
        body = b"".join(found) if len(found) != 1 else found[0]
        return self._plain(body) if self._inflate and body else body

    def _one_chunk(self, data: bytes) -> bytes:
        """The body in data that is exactly one chunk, as nearly all of a stream arrives: a fast
        path, since a load generator has no time for the usual three steps. Empty if it is anything
        else.
        """
        size = _WHOLE_CHUNK.match(data)
        if not size or self._inflate:
            return b""
        start, length = size.end(), int(size[1], 16)
        if not length or len(data) != start + length + 2 or not data.endswith(b"\r\n"):
            return b""
        self._count(length)
        return data[start:-2]

    def close(self) -> None:
        """The connection has ended. Raises `WireError` if the response is incomplete."""
        if self.is_done:
            return
        if self._step is ResponseReader._until_closed:
            self.is_done = True
            return
        raise WireError(
            "the connection ended in the middle of the answer"
            if self.has_begun
            else "the connection ended before the answer"
        )

    def _plain(self, body: bytes) -> bytes:
        assert self._inflate
        try:
            plain = self._inflate.decompress(body, _BODY_LIMIT - self._size)
        except zlib.error as error:
            raise WireError(f"the answer is not gzip, as it says: {error}") from None
        self._count(len(plain))
        if self._inflate.unconsumed_tail:
            self._count(_BODY_LIMIT)
        return plain

    def _count(self, length: int) -> None:
        self._size += length
        if self._size > _BODY_LIMIT:
            raise WireError(f"the answer has more than {_BODY_LIMIT >> 20} MB")

    def _head(self) -> bytes | None:
        end = self._rest.find(b"\r\n\r\n")
        if end < 0 or end > _HEAD_LIMIT:
            if len(self._rest) > _HEAD_LIMIT:
                raise WireError(f"the head of the answer has more than {_HEAD_LIMIT >> 10} KB")
            return None
        raw, self._rest = self._rest[:end], self._rest[end + 4 :]
        first, *lines = raw.split(b"\r\n")
        status = _STATUS.fullmatch(first)
        fields = [_FIELD.fullmatch(line) for line in lines]
        if not status or not all(fields):
            raise WireError(f"the answer is not HTTP/1.1: {raw[:60]!r}")
        if status[2].startswith(b"1"):
            return b""  # `100 Continue` and the like: the answer follows
        self.status = int(status[2])
        self.headers = tuple(
            (field[1].decode().lower(), field[2].decode("latin-1").strip())
            for field in fields
            if field
        )
        self._frame(is_old=status[1] == b"0")
        return b""

    def _frame(self, *, is_old: bool) -> None:
        """How the end of the body is determined."""
        connection = header(self.headers, "connection").lower()
        self.is_last = "close" in connection or (is_old and "keep-alive" not in connection)
        if "gzip" in header(self.headers, "content-encoding").lower():
            self._inflate = zlib.decompressobj(_GZIP)
        length = header(self.headers, "content-length")
        if self.status in (204, 304):
            self.is_done = True
        elif "chunked" in header(self.headers, "transfer-encoding").lower():
            self._step = ResponseReader._chunk_size
        elif length:
            if not length.isascii() or not length.isdigit() or len(length) > 12:
                raise WireError(f"the answer has a content-length of {length!r}")
            self._left = int(length)
            self._step = ResponseReader._of_length
            self.is_done = not self._left
        else:
            self.is_last = True
            self._step = ResponseReader._until_closed

    def _of_length(self) -> bytes:
        assert self._left is not None
        piece, self._rest = self._rest[: self._left], self._rest[self._left :]
        self._left -= len(piece)
        self.is_done = not self._left
        self._count(0 if self._inflate else len(piece))
        return piece

    def _until_closed(self) -> bytes:
        piece, self._rest = self._rest, b""
        self._count(0 if self._inflate else len(piece))
        return piece

    def _chunk_size(self) -> bytes | None:
        line = self._line()
        if line is None:
            return None
        size = _CHUNK.fullmatch(line)
        if not size:
            raise WireError(f"a chunk of the answer has no size: {line[:40]!r}")
        self._left = int(size[1], 16)
        self._step = ResponseReader._chunk if self._left else ResponseReader._trailer
        return b""

    def _chunk(self) -> bytes | None:
        assert self._left is not None
        if self._left:
            return self._chunk_data()
        line = self._line()
        if line is None:
            return None
        if line:
            raise WireError(f"a chunk of the answer is longer than it says: {line[:40]!r}")
        self._step = ResponseReader._chunk_size
        return b""

    def _chunk_data(self) -> bytes:
        assert self._left is not None
        piece = self._rest[: self._left]
        self._rest = self._rest[len(piece) :]
        self._left -= len(piece)
        self._count(0 if self._inflate else len(piece))
        return piece

    def _trailer(self) -> bytes | None:
        line = self._line()
        if line is None:
            return None
        self.is_done = not line
        return b""

    def _line(self) -> bytes | None:
        """The next line, if it is complete. Raises `WireError` if it is too long."""
        end = self._rest.find(b"\r\n")
        if end < 0 or end > _LINE_LIMIT:
            if len(self._rest) > _LINE_LIMIT:
                raise WireError("a chunk of the answer has no size")
            return None
        line, self._rest = self._rest[:end], self._rest[end + 2 :]
        return line
