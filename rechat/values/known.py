"""Caches values derived from an immutable value, for as long as it lives.

The turns of a conversation repeat all earlier messages. `values.spans` returns the same object for
the same bytes, so what is cached with that object need not be computed again.
"""

from abc import ABC
from abc import abstractmethod
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Self

# At most this many results are cached per value. Most have one or two names; a client that invents
# new folders for the same words gets no more.
_MOST = 8
_NOTHING = object()


def once[T](known: dict[Hashable, Any], name: Hashable, work: Callable[[], T]) -> T:
    """The result of `work`, cached by this name; it may be called again if the result was
    evicted.
    """
    found = known.get(name, _NOTHING)
    if found is _NOTHING:
        found = work()
        if len(known) >= _MOST:
            known.clear()
        known[name] = found
    return found  # type: ignore[no-any-return]


class Known(dict[str, Any]):
    """An immutable JSON object without secrets, with a cache of values derived from it."""

    __slots__ = ("_known",)

    def __init__(self, value: dict[str, Any]) -> None:
        super().__init__(value)
        self._known: dict[Hashable, Any] = {}

    def once[T](self, name: Hashable, work: Callable[[], T]) -> T:
        """A value derived from the object alone: the result of `work`."""
        return once(self._known, name, work)


class Filled(Known):
    """A known object that is equal to another one, its `frame`, except for ids: `ids` maps those of
    the frame to its own. Whoever creates it puts them in place.
    """

    __slots__ = ("frame", "ids")

    def __init__(self, frame: Known, ids: Mapping[str, str]) -> None:
        super().__init__(frame)
        self.frame = frame
        self.ids = ids


class HasIds(ABC):
    """A value that can be copied with other ids."""

    __slots__ = ()

    @abstractmethod
    def with_ids(self, ids: Mapping[str, str]) -> Self:
        """A copy with other ids."""


def made_once[T](value: Any, name: str, make: Callable[[Any], T]) -> T:
    """The result of `make` for a JSON value. For a known object it is computed once, and an object
    in the result is known too. The result for a frame is reused for all objects filled from it, if
    it is the same except for its ids.
    """
    if isinstance(value, Filled):
        return value.once(name, lambda: _filled(value, name, make))
    if not isinstance(value, Known):
        return make(value)
    return value.once(name, lambda: _known(make(value)))  # type: ignore[no-any-return]


def _filled[T](value: Filled, name: str, make: Callable[[Any], T]) -> T:
    def fitting() -> Any:
        # The value's own result comes first: an error should be about it and not about the frame.
        made, of_frame = make(value), make(value.frame)
        return of_frame if _with_ids(of_frame, value.ids) == made else None

    of_frame = value.frame.once((name, "frame"), fitting)
    made = None if of_frame is None else _with_ids(of_frame, value.ids)
    return _known(make(value) if made is None else made)  # type: ignore[no-any-return]


def _with_ids(made: Any, ids: Mapping[str, str]) -> Any:
    """The result with other ids; None if it is of a kind that has no ids."""
    if isinstance(made, tuple):
        found = [_with_ids(item, ids) for item in made]
        return None if any(item is None for item in found) else tuple(found)
    return made.with_ids(ids) if isinstance(made, HasIds) else None


def _known(value: Any) -> Any:
    return Known(value) if type(value) is dict else value
