"""Answers that were given, by the bytes that asked: the same question is not read twice."""

from collections import deque

from rechat.proxy.hits.wire_answer import WireAnswer

LIMIT = 64 << 20


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
