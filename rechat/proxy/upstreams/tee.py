"""The body of an upstream's response, kept while it streams through to the client."""

import re
import time
from collections.abc import Callable

from rechat.proxy.limits import KEPT
from rechat.proxy.limits import unpacked
from rechat.values import Headers
from rechat.values import HttpResponse
from rechat.values import Piece

# What the SDKs of OpenAI take for the end of a stream, and close the connection.
_MARK = re.compile(rb"(?:^|\n)data: ?\[DONE\](?:\n\n|\r\n\r\n)\Z")
# The event that ends a message of Anthropic, or a response of OpenAI. In a text it would be
# escaped.
_LAST = (b"message_stop", b"response.completed", b"response.incomplete", b"response.failed")
_LAST_EVENT = re.compile(
    rb'(?:(?:^|\n)event: ?|"type": ?")(?:%b)\b' % b"|".join(map(re.escape, _LAST))
)
_MARK_LENGTH = 48
_ENDS = (b"\n\n", b"\r\n\r\n")


class Tee:
    """A mitmproxy stream callable: it hands each piece on at once and remembers it with its time.

    It never raises (mitmproxy would drop the piece without a word) and never turns a piece into
    `b""` (which the client would take for the end). `watch` is told of each piece, `passed` of each
    that goes on at once; neither may raise.

    If it is told how the end looks (`hold_end`), what the end is in stays here, as `held`, until
    somebody sends it on: all is here (`is_complete`), or only the end of the message can still
    come, or a mark after the last event (`is_last`).

    No more than `limit` bytes are remembered: of a longer body, nothing.
    """

    def __init__(
        self,
        started: float,
        watch: Callable[[bytes], None] | None = None,
        passed: Callable[[bytes], None] | None = None,
        limit: int = KEPT,
    ) -> None:
        self._started = started
        self._watch = watch
        self._passed = passed
        self._limit = limit
        self._size = 0
        self._pieces: list[Piece] = []
        self._length = -1
        self._has_mark = False
        self._tail = b""
        self.is_whole = False
        self.is_last = False
        self.is_complete = False
        self.held = b""

    @property
    def is_used(self) -> bool:
        """Whether anything has arrived."""
        return self._size > 0 or self.is_whole

    @property
    def is_too_long(self) -> bool:
        """Whether there was more than is remembered."""
        return self._size > self._limit

    @property
    def is_between_events(self) -> bool:
        """Whether what is held ends where an event does."""
        return self.held.endswith(_ENDS)

    def hold_end(self, length: int | None, *, has_mark: bool) -> None:
        """Keep the end back: it comes with that many bytes, or with the events of a stream that
        clients take for the end (`has_mark`).
        """
        self._length = length or -1
        self._has_mark = has_mark

    def __call__(self, data: bytes) -> bytes | tuple[bytes, ...]:
        """Called for each piece that arrives; an empty one is the clean end of the message."""
        if not data:
            self.is_whole = True
            return data
        self._keep(data)
        if self._is_end(data):
            self.held += data
            return ()
        if self._passed:
            self._passed(data)
        return data

    def release(self) -> bytes:
        """What was held, now that it goes on."""
        held, self.held = self.held, b""
        self.is_last = self.is_complete = self._has_mark = False
        return held

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self.is_too_long:
            self._pieces.clear()
            return
        self._pieces.append(Piece((time.perf_counter() - self._started) * 1000, data))
        if self._watch:
            self._watch(data)

    def _is_end(self, data: bytes) -> bool:
        if self.is_too_long:
            return False
        if self._length > 0:
            self.is_complete = self._size == self._length
        elif self._has_mark:
            seen = self._tail + data
            self._tail = seen[-_MARK_LENGTH:]
            self.is_complete = _MARK.search(self._tail) is not None
            self.is_last = self.is_last or _ends_in(seen)
        return self.is_complete or self.is_last

    def response(
        self, status: int, headers: Headers, content_encoding: str, *, tells_its_end: bool = False
    ) -> HttpResponse:
        """What was received, decoded. Raises `ValueError` if the end is missing, there was too much
        of it, or the content is not in the encoding it claims. The events of a stream tell where it
        ends (`tells_its_end`): whoever reads them asks for no other end.
        """
        if self.is_too_long:
            raise ValueError(f"the answer has more than {self._limit:,} bytes")
        if not self.is_whole and not tells_its_end:
            raise ValueError("the answer was truncated")
        received = b"".join(piece.data for piece in self._pieces)
        decoded = unpacked(received, content_encoding) if content_encoding else received
        if decoded == received:
            return HttpResponse(status, headers, tuple(self._pieces))
        last = self._pieces[-1].at if self._pieces else 0.0
        return HttpResponse(status, headers, (Piece(last, decoded),))


def _ends_in(text: bytes) -> bool:
    """Whether the last event of a message begins here. Its name is found much faster than all that
    has to stand before it is looked for.
    """
    return any(name in text for name in _LAST) and _LAST_EVENT.search(text) is not None
