"""A bounded memory for the results of pure functions of texts.

The turns of a conversation repeat all earlier messages, so what was computed for a text is wanted
again soon. Two generations keep the memory bounded without a lock or a list of uses: when the young
one is full it becomes the old one, and texts of the old one that nobody asked for are dropped.
"""

from collections.abc import Callable

# What an entry takes beside its characters.
_OVERHEAD = 100


class Remembered[V]:
    """A function that remembers its results for the latest texts, of about `room` characters
    in all.
    """

    def __init__(self, compute: Callable[[str], V], room: int) -> None:
        self._compute = compute
        self._room = room // 2
        self._young: dict[str, V] = {}
        self._old: dict[str, V] = {}
        self._used = 0

    def __call__(self, text: str) -> V:
        """The result for a text, computed if it is not remembered."""
        young = self._young
        if text in young:
            return young[text]
        old = self._old
        result = old[text] if text in old else self._compute(text)
        self._keep(text, result)
        return result

    def _keep(self, text: str, result: V) -> None:
        size = len(text) + _OVERHEAD
        if size > self._room:
            return
        self._used += size
        if self._used > self._room:
            self._old, self._young, self._used = self._young, {}, size
        self._young[text] = result

    def clear(self) -> None:
        """Forget all."""
        self._young, self._old, self._used = {}, {}, 0
