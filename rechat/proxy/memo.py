"""Answers that were given, by the bytes that asked: the same question is not read twice."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from rechat.http import Piece
from rechat.journal import Entry

LIMIT = 32 << 20
# What one answer takes beside its bytes: measured, rounded up.
_OVERHEAD = 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes over the wire: what is sent at once, what is sent later (at times after
    the request), and what the journal has of it.
    """

    now: bytes
    later: tuple[Piece, ...]
    entry: Entry

    @property
    def size(self) -> int:
        """About how many bytes this takes."""
        return len(self.now) + sum(len(piece.data) for piece in self.later) + _OVERHEAD


class Memo[K: Hashable]:
    """The latest replies, up to `limit` bytes, as long as the store stays as it is."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._size = 0
        self._replies: OrderedDict[K, tuple[Reply, int]] = OrderedDict()

    def get(self, key: K) -> Reply | None:
        """The reply to a key, if it is remembered."""
        found = self._replies.get(key)
        return found[0] if found else None

    def put(self, key: K, key_size: int, reply: Reply) -> None:
        """Remember a reply, and forget the oldest ones if that is too much."""
        size = key_size + reply.size
        if key in self._replies or size > self._limit // 8:
            return
        self._replies[key] = reply, size
        self._size += size
        while self._size > self._limit:
            _, (_, freed) = self._replies.popitem(last=False)
            self._size -= freed

    def clear(self) -> None:
        """Forget all."""
        self._replies.clear()
        self._size = 0
