"""The table of upstreams: which of them fit a request. A value; it knows nothing of their health.

What a request says counts in this order: the name that it asks for (`x-rechat-upstream`), the
prefix of its path (`/groq/v1/…`), the local port. Among the upstreams that are left, those for its
very model come first, then those whose pattern says most about it, then those for any model.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace

from rechat.proxy.upstreams.upstream import Upstream

_FIRST_PART = re.compile(r"/([^/?]+)(?=/)")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """What of a request says where it goes. `conversation` is the same for all turns of one, and
    `continues` if this is not the first; `client` tells clients apart.
    """

    model: str = ""
    local_port: int = 0
    path: str = ""
    pin: str = ""
    conversation: str = ""
    continues: bool = False
    client: str = ""


class Table:
    """The upstreams, each with a name of its own."""

    def __init__(self, upstreams: Sequence[Upstream]) -> None:
        self.upstreams = _named(upstreams)
        self._prefixes = {one.prefix for one in self.upstreams if one.prefix}

    def fitting(self, ask: Ask) -> tuple[Upstream, ...]:
        """The upstreams that fit a request best, in the order of the table; none if it names an
        upstream or a model that nobody is for.
        """
        if ask.pin:
            return self._pinned(ask.pin)
        group = self._group(ask)
        if not ask.model:
            return tuple(one for one in group if not one.model) or group
        best = max((_fit(one, ask.model) for one in group), default=0)
        return tuple(one for one in group if best and _fit(one, ask.model) == best)

    def within_reach(self, ask: Ask) -> tuple[Upstream, ...]:
        """The upstreams that requests such as this one may go to, whatever model they name."""
        return self._pinned(ask.pin) if ask.pin else self._group(ask)

    def path(self, path: str) -> str:
        """A path without the prefix that chose the upstream."""
        return path[len(self.prefix(path)) :]

    def prefix(self, path: str) -> str:
        """The prefix of a path that chose the upstream, with its slash; empty if none did."""
        prefix = self._prefix(path)
        return f"/{prefix}" if prefix else ""

    def problem(self, ask: Ask) -> str:
        """Why no upstream fits a request."""
        if ask.pin:
            names = ", ".join(one.name for one in self.upstreams[:_SHOWN])
            return f"there is no upstream {ask.pin!r}; the known ones are {names}"
        known = dict.fromkeys(
            pattern for one in self._group(ask) for pattern in one.model.split(",")
        )
        shown = ", ".join(list(known)[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
        return (
            f"no upstream is for the model {ask.model!r}, and none is for any model; "
            f"the known ones are {shown}"
        )

    def _pinned(self, name: str) -> tuple[Upstream, ...]:
        """The upstream of a name, or the first one with that URL."""
        spellings: tuple[Callable[[Upstream], str], ...] = (
            lambda one: one.name,
            str,
            lambda one: one.origin,
        )
        for spelling in spellings:
            for one in self.upstreams:
                if spelling(one) == name:
                    return (one,)
        return ()

    def _group(self, ask: Ask) -> tuple[Upstream, ...]:
        """Those that take requests at this path and port."""
        prefix = self._prefix(ask.path)
        if prefix:
            return tuple(one for one in self.upstreams if one.prefix == prefix)
        others = tuple(one for one in self.upstreams if not one.prefix)
        return (
            tuple(one for one in others if one.local_port == ask.local_port)
            or tuple(one for one in others if one.local_port is None)
            or others
            or self.upstreams
        )

    def _prefix(self, path: str) -> str:
        found = _FIRST_PART.match(path)
        return found[1] if found and found[1] in self._prefixes else ""


def _fit(upstream: Upstream, model: str) -> int:
    """How much an upstream's model says about this one: the name more than any pattern, a pattern
    by its letters; 1 if it is for any model, 0 if for others.
    """
    if not upstream.model:
        return 1
    fits = (_pattern_fit(pattern, model) for pattern in upstream.model.split(","))
    return max(fits, default=0)


def _pattern_fit(pattern: str, model: str) -> int:
    if pattern == model:
        return len(model) + 10
    if "*" not in pattern:
        return 0
    return 2 + len(pattern) - pattern.count("*") if _matches(pattern, model) else 0


def _matches(pattern: str, model: str) -> bool:
    """Whether a model has the pieces of a pattern between its stars, one after the other."""
    first, *middle, last = pattern.split("*")
    if len(model) < len(first) + len(last) or not model.startswith(first):
        return False
    if not model.endswith(last):
        return False
    at, end = len(first), len(model) - len(last)
    for piece in middle:
        found = model.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _named(upstreams: Sequence[Upstream]) -> tuple[Upstream, ...]:
    """The upstreams, those without a name called by their URL; the same one twice is one."""
    named: dict[str, Upstream] = {one.name: one for one in upstreams if one.name}
    found: list[Upstream] = []
    for one in dict.fromkeys(upstreams):
        name = one.name or _free_name(one, named)
        found.append(replace(one, name=name))
        named[name] = found[-1]
    return tuple(found)


def _free_name(one: Upstream, taken: dict[str, Upstream]) -> str:
    names = [one.origin, str(one), f"{one}:{one.model or one.local_port or ''}"]
    free = [name for name in names if name not in taken]
    number = next(n for n in range(2, len(taken) + 3) if f"{one}#{n}" not in taken)
    return free[0] if free else f"{one}#{number}"
