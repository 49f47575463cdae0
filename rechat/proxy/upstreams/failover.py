"""Which endpoint is next when one fails.

A request that an upstream could not be reached for goes to the next one of the same model, each
once, before its client has seen a byte. The one that failed is left alone for a while, longer each
time it fails again; if all of them are, the one whose time is up first is asked all the same.
"""

import time
from collections.abc import Callable, Sequence

from rechat.proxy.upstreams.upstream import Upstream

FIRST_REST = 5.0
"""So many seconds an upstream is left alone after a failure; twice as many after the next."""

LONGEST_REST = 60.0


class Failover:
    """The upstreams that failed of late, and until when they are left alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rest: dict[Upstream, float] = {}
        self._until: dict[Upstream, float] = {}

    def failed(self, upstream: Upstream) -> None:
        """Leave an upstream alone."""
        rest = min(2 * self._rest.get(upstream, FIRST_REST / 2), LONGEST_REST)
        self._rest[upstream] = rest
        self._until[upstream] = self._clock() + rest

    def works(self, upstream: Upstream) -> None:
        """An upstream has answered: what was before is forgotten."""
        if upstream in self._rest:
            del self._rest[upstream], self._until[upstream]

    def candidates(
        self, upstreams: Sequence[Upstream], tried: Sequence[Upstream] = ()
    ) -> tuple[Upstream, ...]:
        """Those that may be asked now, of some that fit a request equally well; none if all of them
        were tried.
        """
        left = tuple(upstream for upstream in upstreams if upstream not in tried)
        now = self._clock()
        well = tuple(one for one in left if self._until.get(one, now) <= now)
        if well or not left:
            return well
        return (min(left, key=self._until.__getitem__),)
