"""Which upstream is next when one fails, and how long that one is left alone.

All of this is a value: `Health` says who failed and until when, a step makes another `Health`, and
the time is an argument. The addon that sends requests (`proxy.dispatch`) asks it, and nothing else
decides whether a request goes on.

An upstream that fails is left alone for as long as its `retry-after` says, else for 5 s, twice as
long after each further failure, up to 60 s. When that time is up one request tries it; the others
leave it alone until that one has succeeded. If all of them are left alone, the one whose time is up
first is asked all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from types import MappingProxyType

from rechat.proxy.upstreams.upstream import Upstream

FIRST_REST = 5.0
"""So many seconds an upstream is left alone after a failure; twice as many after the next."""

LONGEST_REST = 60.0
LONGEST_WISH = 3600.0
"""No `retry-after` counts for more seconds."""

MOST_ATTEMPTS = 5
"""So many upstreams are asked for one request at most."""

STREAM_PATIENCE = 60.0
"""So many seconds an upstream may take to begin a stream while another one could be asked."""

WHOLE_PATIENCE = 300.0
"""The same for an answer that comes whole: nothing of it leaves before the model has finished."""

_MAY_PASS = (408, 429)
_SERVER_ERRORS = range(500, 600)


@dataclass(frozen=True, slots=True)
class Rest:
    """An upstream is left alone until then; the last failure was at `since`."""

    since: float
    seconds: float
    until: float


@dataclass(frozen=True, slots=True)
class Health:
    """The upstreams that failed of late."""

    resting: Mapping[Upstream, Rest] = field(default_factory=lambda: MappingProxyType({}))

    def failed(
        self, upstream: Upstream, asked: float, now: float, wish: float | None = None
    ) -> "Health":
        """After a failure of a request that was sent at `asked`; `wish` is what `retry-after` says.
        What several requests at once meet is one failure.
        """
        before = self.resting.get(upstream)
        seconds = FIRST_REST
        if before:
            is_same = asked <= before.since
            seconds = before.seconds if is_same else min(2 * before.seconds, LONGEST_REST)
        wait = min(wish, LONGEST_WISH) if wish and wish >= 1 else seconds
        until = max(before.until if before else 0.0, now + wait)
        return self._with({upstream: Rest(now, seconds, until)})

    def tried(self, upstream: Upstream, now: float) -> "Health":
        """After a request was sent to an upstream: if it failed before, the others wait until it is
        known how this one fares.
        """
        rest = self.resting.get(upstream)
        if not rest or rest.until > now:
            return self
        return self._with({upstream: replace(rest, until=now + rest.seconds)})

    def works(self, upstream: Upstream) -> "Health":
        """After an answer: what was before is forgotten."""
        if upstream not in self.resting:
            return self
        left = {one: rest for one, rest in self.resting.items() if one != upstream}
        return Health(MappingProxyType(left))

    def is_resting(self, upstream: Upstream, now: float) -> float:
        """For how many more seconds an upstream is left alone; 0 if it is not."""
        rest = self.resting.get(upstream)
        return max(0.0, rest.until - now) if rest else 0.0

    def candidates(
        self, upstreams: Sequence[Upstream], tried: Sequence[Upstream], now: float
    ) -> tuple[Upstream, ...]:
        """Those that may be asked now, of some that fit a request equally well: the ones that are
        well, else the one that is due first. None if all were tried, or enough of them.
        """
        left = tuple(one for one in upstreams if one not in tried)
        if not left or len(tried) >= MOST_ATTEMPTS:
            return ()
        well = tuple(one for one in left if not self.is_resting(one, now))
        return well or (min(left, key=lambda one: self.resting[one].until),)

    def _with(self, changed: Mapping[Upstream, Rest]) -> "Health":
        return Health(MappingProxyType({**self.resting, **changed}))


def may_pass(status: int) -> bool:
    """Whether an upstream that answers with this status has failed, so that another one may do
    better. All other errors are about the request.
    """
    return status in _MAY_PASS or status in _SERVER_ERRORS


def patience(first_byte: float | None, *, is_stream: bool, has_next: bool) -> float | None:
    """So many seconds an upstream may take until its first byte; None for any time. What the user
    chose counts for all of them; otherwise the last one that is left is waited for.
    """
    if first_byte is not None:
        return first_byte
    if not has_next:
        return None
    return STREAM_PATIENCE if is_stream else WHOLE_PATIENCE
