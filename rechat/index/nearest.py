"""The exchange that comes nearest to a request, among a few that are at hand, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

from rechat.explain import ALMOST
from rechat.explain import TRANSCRIPT_AND_REQUEST
from rechat.explain import Difference
from rechat.explain import Likeness
from rechat.explain import differences
from rechat.explain import likenesses
from rechat.explain import nearest_differs
from rechat.explain import told
from rechat.matching import Exchange
from rechat.matching import scheme_of
from rechat.values import Request

# Of exchanges whose texts are equally near, so many are compared by what differs.
_FINALISTS = 5
# What is less like a request than this is not clearly the one that is meant.
_CLEAR = 0.6


@dataclass(frozen=True, slots=True)
class Nearest:
    """The exchange that comes closest (1 is the same), what differs, and the place of another one
    that comes as close, if there is any.
    """

    exchange: Exchange
    ratio: float
    differences: tuple[Difference, ...]
    rival: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as `path:line`."""
        return _place(self.exchange)

    @property
    def reason(self) -> str:
        """Where it stands and what differs, in one line."""
        return nearest_differs(self.place, self.differences)

    @property
    def told(self) -> str:
        """What differs, in one line."""
        return told(self.differences)

    @property
    def doubt(self) -> str:
        """Why another one may be meant; empty if this is clearly the one."""
        if self.rival:
            return f"{self.rival} is as near"
        return f"it is not much like this ({self.ratio:.2f})" if self.ratio < _CLEAR else ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A request, what each of its messages says, and the exchanges that may be nearest to it, those
    of a section from the top. Nothing in it changes, so any thread may look through it.
    """

    request: Request
    texts: Sequence[str]
    exchanges: Sequence[Exchange]

    def nearest(self) -> Nearest | None:
        """The exchange with the nearest text; of several, the one of which least differs, then the
        first by path and line.
        """
        found = [*likenesses(self.request.messages, self.texts, self.exchanges)]
        best = max((likeness.ratio for likeness in found), default=0.0)
        finalists = [likeness for likeness in found if likeness.ratio == best]
        finalists.sort(key=lambda likeness: likeness.exchange.order)
        compared = [*map(self._compared, finalists[:_FINALISTS])]
        if not compared:
            return None
        first = min(compared, key=lambda nearest: len(nearest.differences))
        rivals = [
            _place(other.exchange)
            for other in compared
            if other.exchange.section is not first.exchange.section
            and len(other.differences) == len(first.differences)
        ]
        return replace(first, rival=rivals[0]) if rivals else first

    def _compared(self, likeness: Likeness) -> Nearest:
        exchange = likeness.exchange
        scheme = scheme_of(exchange.section)
        found = differences(exchange, scheme, self.request, TRANSCRIPT_AND_REQUEST)
        ratio = min(likeness.ratio, ALMOST) if found else likeness.ratio
        return Nearest(exchange, ratio, tuple(found))


def _place(exchange: Exchange) -> str:
    return f"{exchange.path}:{exchange.line}"
