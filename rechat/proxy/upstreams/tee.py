"""The body of an upstream's response, kept while it streams through to the client."""

import re
import time
from collections.abc import Callable

from rechat.proxy.limits import unpacked
from rechat.values import Headers
from rechat.values import HttpResponse
from rechat.values import Piece

# What the SDKs of OpenAI take for the end of a stream, and close the connection.
_MARK = re.compile(rb"(?:^|\n)data: ?\[DONE\](?:\n\n|\r\n\r\n)\Z")
_MARK_LENGTH = 20


class Tee:
    """A mitmproxy stream callable: it hands each piece on at once and remembers it with its time.

    It never raises (mitmproxy would drop the piece without a word) and never turns a piece into
    `b""` (which the client would take for the end). `watch` is told of each piece, and must not
    raise either.

    If it is told how the end looks (`hold_end`), the piece with the end stays here, as `held`,
    until somebody sends it on.
    """

    def __init__(self, started: float, watch: Callable[[bytes], None] | None = None) -> None:
        self._started = started
        self._watch = watch
        self._pieces: list[Piece] = []
        self._length = -1
        self._missing = 0
        self._has_mark = False
        self._tail = b""
        self.is_whole = False
        self.held = b""

    def hold_end(self, length: int | None, *, has_mark: bool) -> None:
        """Keep the end back: it comes with that many bytes, or with the mark of a stream of events
        that clients take for the end (`has_mark`).
        """
        self._missing = self._length = length or -1
        self._has_mark = has_mark

    def __call__(self, data: bytes) -> bytes | tuple[bytes, ...]:
        """Called for each piece that arrives; an empty one is the clean end of the message."""
        if not data:
            self.is_whole = True
            return data
        self._pieces.append(Piece((time.perf_counter() - self._started) * 1000, data))
        if self._watch:
            self._watch(data)
        if self._is_end(data):
            self.held = data
            return ()
        return data

    def _is_end(self, data: bytes) -> bool:
        if self._length > 0:
            self._missing -= len(data)
            return self._missing == 0
        if self._has_mark:
            self._tail = (self._tail + data[-_MARK_LENGTH:])[-_MARK_LENGTH:]
            return _MARK.search(self._tail) is not None
        return False

    def response(
        self, status: int, headers: Headers, content_encoding: str, *, tells_its_end: bool = False
    ) -> HttpResponse:
        """What was received, decoded. Raises `ValueError` if the end is missing, or the content is
        not in the encoding it claims. The events of a stream tell where it ends (`tells_its_end`):
        whoever reads them asks for no other end.
        """
        if not self.is_whole and not tells_its_end:
            raise ValueError("the answer was truncated")
        if content_encoding in ("", "identity"):
            return HttpResponse(status, headers, tuple(self._pieces))
        decoded = unpacked(b"".join(piece.data for piece in self._pieces), content_encoding)
        last = self._pieces[-1].at if self._pieces else 0.0
        return HttpResponse(status, headers, (Piece(last, decoded),))
