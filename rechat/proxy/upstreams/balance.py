"""Which of several equal upstreams gets a request, and what is known of each while it works.

Those that have no more in flight than their share by weight take turns by weight: so requests are
shared exactly at rest as well as under load, and one that is slow gets fewer. A conversation
stays with the upstream that had its last turn: providers keep what they have read of it in a cache.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from rechat.proxy.upstreams.upstream import Upstream

# So many conversations are remembered.
_CONVERSATIONS = 10_000
# How much a new time counts for the average.
_NEW = 0.2
# So many turns at most are owed to one that could not take its own.
_TURNS = 3
# A share is not as exact as a number of requests.
_EVEN = 1e-9


@dataclass(slots=True)
class Load:
    """What an upstream has to do and has done. `latency` is the average of the seconds until the
    first byte of late, `credit` what it is owed in turns.
    """

    in_flight: int = 0
    asked: int = 0
    failed: int = 0
    latency: float = 0.0
    credit: float = 0.0
    reason: str = ""


class Balance:
    """The loads, and which upstream has which conversation."""

    def __init__(self, upstreams: Sequence[Upstream]) -> None:
        self.loads = {one: Load() for one in upstreams}
        self._conversations: OrderedDict[str, Upstream] = OrderedDict()

    def choose(self, candidates: Sequence[Upstream], conversation: str = "") -> Upstream:
        """The one of some candidates (at least one) that gets a request."""
        at_home = self._conversations.get(conversation)
        if at_home and at_home in candidates:
            return at_home
        total = sum(one.weight for one in candidates)
        in_flight = sum(self.loads[one].in_flight for one in candidates) + 1
        most = _TURNS * total
        for one in candidates:
            self.loads[one].credit = min(self.loads[one].credit + one.weight, most)
        free = [
            one
            for one in candidates
            if self.loads[one].in_flight <= in_flight * one.weight / total + _EVEN
        ]
        chosen = max(free, key=lambda one: self.loads[one].credit)
        self.loads[chosen].credit -= total
        return chosen

    def begin(self, upstream: Upstream) -> None:
        """A request is sent to an upstream."""
        self.loads[upstream].in_flight += 1
        self.loads[upstream].asked += 1

    def end(self, upstream: Upstream) -> None:
        """It is over, in whatever way."""
        self.loads[upstream].in_flight -= 1

    def failed(self, upstream: Upstream, reason: str) -> None:
        """An upstream has failed."""
        self.loads[upstream].failed += 1
        self.loads[upstream].reason = reason

    def answered(self, upstream: Upstream, seconds: float, conversation: str) -> None:
        """An upstream has begun to answer, so many seconds after it was asked; what follows in this
        conversation is for it.
        """
        load = self.loads[upstream]
        load.latency += (seconds - load.latency) * (_NEW if load.latency else 1)
        if conversation:
            self._conversations[conversation] = upstream
            self._conversations.move_to_end(conversation)
            if len(self._conversations) > _CONVERSATIONS:
                self._conversations.popitem(last=False)
