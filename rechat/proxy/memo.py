"""Answers that were given, by the bytes that asked: the same question is not read twice."""

from collections import deque
from dataclasses import dataclass

from rechat.observe import JournalEntry
from rechat.values import Piece

LIMIT = 64 << 20
# What one answer takes beside its bytes: measured, rounded up.
_OVERHEAD = 1000


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """An answer as it goes over the wire: what is sent at once, what is sent later (at times after
    the request), and what the journal has of it.
    """

    now: bytes
    later: tuple[Piece, ...]
    entry: JournalEntry

    @property
    def size(self) -> int:
        """About how many bytes this takes."""
        return len(self.now) + sum(len(piece.data) for piece in self.later) + _OVERHEAD


class Memo:
    """The latest replies, up to `limit` bytes, as long as the store stays as it is."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._size = 0
        self._replies: dict[bytes, WireAnswer] = {}
        # A dictionary knows its first key too, but looks for it past all that are gone.
        self._order: deque[bytes] = deque()
        self.get = self._replies.get
        """The reply to a key, if it is remembered."""

    def put(self, key: bytes, reply: WireAnswer) -> None:
        """Remember a reply, and forget the oldest ones if that is too much."""
        size = len(key) + reply.size
        if key in self._replies or size > self._limit // 8:
            return
        self._replies[key] = reply
        self._order.append(key)
        self._size += size
        while self._size > self._limit:
            oldest = self._order.popleft()
            self._size -= len(oldest) + self._replies.pop(oldest).size

    def clear(self) -> None:
        """Forget all."""
        self._replies.clear()
        self._order.clear()
        self._size = 0
