"""The body of an upstream's response, kept while it streams through to the client."""

import time
from collections.abc import Callable

from mitmproxy.net import encoding

from rechat.values import Headers, HttpResponse, Piece


class Tee:
    """A mitmproxy stream callable: it hands each piece on at once and remembers it with its time.

    It never raises (mitmproxy would drop the piece without a word) and never turns a piece into
    `b""` (which the client would take for the end). `watch` is told of each piece, and must not
    raise either.
    """

    def __init__(self, started: float, watch: Callable[[bytes], None] | None = None) -> None:
        self._started = started
        self._watch = watch
        self._pieces: list[Piece] = []
        self.is_whole = False

    def __call__(self, data: bytes) -> bytes:
        """Called for each piece that arrives; an empty one is the clean end of the message."""
        if data:
            self._pieces.append(Piece((time.perf_counter() - self._started) * 1000, data))
            if self._watch:
                self._watch(data)
        else:
            self.is_whole = True
        return data

    def response(
        self, status: int, headers: Headers, content_encoding: str, *, tells_its_end: bool = False
    ) -> HttpResponse:
        """What was received, decoded. Raises `ValueError` if the end is missing, or the content is
        not in the encoding it claims. The events of a stream tell where it ends (`tells_its_end`):
        whoever reads them asks for no other end.
        """
        if not self.is_whole and not tells_its_end:
            raise ValueError("the answer broke off")
        if content_encoding in ("", "identity"):
            return HttpResponse(status, headers, tuple(self._pieces))
        decoded = encoding.decode(b"".join(piece.data for piece in self._pieces), content_encoding)
        assert isinstance(decoded, bytes)
        last = self._pieces[-1].at if self._pieces else 0.0
        return HttpResponse(status, headers, (Piece(last, decoded),))
