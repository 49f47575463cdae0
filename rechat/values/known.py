"""What was worked out from a value that does not change, kept with it for as long as it lives.

The turns of a conversation repeat all earlier messages. `values.spans` gives the same bytes the
same object again, so what that object keeps need not be worked out again.
"""

from abc import ABC
from abc import abstractmethod
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Self

# So many results a value keeps. Most have one or two names; a client that makes up other folders
# for the same words gets no more room for them.
_MOST = 8
_NOTHING = object()


def once[T](known: dict[Hashable, Any], name: Hashable, work: Callable[[], T]) -> T:
    """The result of `work`, which is called the first time that this name is asked for, and again
    when it had to make room for others.
    """
    found = known.get(name, _NOTHING)
    if found is _NOTHING:
        found = work()
        if len(known) >= _MOST:
            known.clear()
        known[name] = found
    return found  # type: ignore[no-any-return]


class Known(dict[str, Any]):
    """A JSON object without secrets that nobody changes, and that remembers what was worked out
    from it.
    """

    __slots__ = ("_known",)

    def __init__(self, value: dict[str, Any]) -> None:
        super().__init__(value)
        self._known: dict[Hashable, Any] = {}

    def once[T](self, name: Hashable, work: Callable[[], T]) -> T:
        """What follows from the object alone: the result of `work`."""
        return once(self._known, name, work)


class Filled(Known):
    """A known object that is another one, its `frame`, with other ids: `ids` says which one is in
    the place of which. Who makes it puts them there.
    """

    __slots__ = ("frame", "ids")

    def __init__(self, frame: Known, ids: Mapping[str, str]) -> None:
        super().__init__(frame)
        self.frame = frame
        self.ids = ids


class HasIds(ABC):
    """What can be had with other ids."""

    __slots__ = ()

    @abstractmethod
    def with_ids(self, ids: Mapping[str, str]) -> Self:
        """The same with these ids in the place of others."""


def made_once[T](value: Any, name: str, make: Callable[[Any], T]) -> T:
    """What `make` makes of a JSON value. Of a known object it is made once, and an object that is
    made of it is known too. What is made of a frame serves all that are filled, if it is the same
    but for its ids.
    """
    if isinstance(value, Filled):
        return value.once(name, lambda: _filled(value, name, make))
    if not isinstance(value, Known):
        return make(value)
    return value.once(name, lambda: _known(make(value)))  # type: ignore[no-any-return]


def _filled[T](value: Filled, name: str, make: Callable[[Any], T]) -> T:
    def fitting() -> Any:
        # That of the value comes first: an error tells of it and not of the frame.
        made, of_frame = make(value), make(value.frame)
        return of_frame if _with_ids(of_frame, value.ids) == made else None

    of_frame = value.frame.once((name, "frame"), fitting)
    made = None if of_frame is None else _with_ids(of_frame, value.ids)
    return _known(make(value) if made is None else made)  # type: ignore[no-any-return]


def _with_ids(made: Any, ids: Mapping[str, str]) -> Any:
    """What was made with other ids; None if it is of a kind that has no ids."""
    if isinstance(made, tuple):
        found = [_with_ids(item, ids) for item in made]
        return None if any(item is None for item in found) else tuple(found)
    return made.with_ids(ids) if isinstance(made, HasIds) else None


def _known(value: Any) -> Any:
    return Known(value) if type(value) is dict else value
