"""A bounded cache for the results of pure functions of texts.

The turns of a conversation repeat all earlier messages, so what was computed for a text is needed
again soon. Two generations keep the cache bounded without a lock or a list of uses: when the young
one is full it becomes the old one, and texts of the old one that nobody asked for are dropped.
"""

from collections.abc import Callable

# The size of an entry in addition to its characters.
_OVERHEAD = 100


class Remembered[K: (str, bytes), V]:
    """A function that caches its results for the latest texts, of about `room` characters in total.
    `weigh` returns the size of a result in addition to its text.
    """

    def __init__(
        self, compute: Callable[[K], V], room: int, weigh: Callable[[V], int] | None = None
    ) -> None:
        self._compute: Callable[[K], V] = compute
        self._room = room // 2
        self._weigh = weigh
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._used = 0

    def __call__(self, text: K) -> V:
        """The result for a text, from the cache if it is there."""
        young = self._young
        if text in young:
            return young[text]
        old = self._old
        result = old[text] if text in old else self._compute(text)
        self._keep(text, result)
        return result

    def _keep(self, text: K, result: V) -> None:
        size = len(text) + _OVERHEAD + (self._weigh(result) if self._weigh else 0)
        if size > self._room:
            return
        self._used += size
        if self._used > self._room:
            self._old, self._young, self._used = self._young, {}, size
        self._young[text] = result

    def clear(self) -> None:
        """Empty the cache."""
        self._young, self._old, self._used = {}, {}, 0
