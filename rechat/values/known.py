"""What was worked out from a value that does not change, kept with it for as long as it lives.

The turns of a conversation repeat all earlier messages. `values.spans` gives the same bytes the
same object again, so what that object keeps need not be worked out again.
"""

from collections.abc import Callable, Hashable
from typing import Any

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


def made_once[T](value: Any, name: str, make: Callable[[Any], T]) -> T:
    """What `make` makes of a JSON value. Of a known object it is made once, and an object that is
    made of it is known too.
    """
    if not isinstance(value, Known):
        return make(value)
    return value.once(name, lambda: _known(make(value)))  # type: ignore[no-any-return]


def _known(value: Any) -> Any:
    return Known(value) if type(value) is dict else value
