"""The exchange that is nearest to a request, among a few candidates, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from rechat.explain import ALMOST
from rechat.explain import TRANSCRIPT_AND_REQUEST
from rechat.explain import Difference
from rechat.explain import count_differences
from rechat.explain import differences
from rechat.explain import likenesses
from rechat.explain import nearest_differs
from rechat.explain import told
from rechat.matching import Exchange
from rechat.matching import scheme_of
from rechat.values import Request

# At most this many exchanges with equally near texts are compared by their differences.
_FINALISTS = 5
# Below this similarity, an exchange is not clearly the intended one.
_CLEAR = 0.6


@dataclass(frozen=True, slots=True)
class Nearest:
    """The most similar exchange (ratio 1: equal), what differs, and the place of another one that
    is as similar, if there is any.
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
    """A request, the text of each of its messages, and the candidates for the nearest exchange,
    those of a section in order. It is immutable, so any thread may search it.
    """

    request: Request
    texts: Sequence[str]
    exchanges: Sequence[Exchange]

    def nearest(self) -> Nearest | None:
        """The exchange with the nearest text; of several, one that ends in a message of the same
        role, then the one with the fewest differences, then the first by path and line.
        """
        found = [*likenesses(self.request.messages, self.texts, self.exchanges)]
        best = max((likeness.ratio for likeness in found), default=0.0)
        finalists = [likeness for likeness in found if likeness.ratio == best]
        finalists.sort(key=lambda one: (self._ends_otherwise(one.exchange), one.exchange.order))
        if not finalists:
            return None
        counts = [
            (self._ends_otherwise(likeness.exchange), self._count(likeness.exchange))
            for likeness in finalists[:_FINALISTS]
        ]
        first = finalists[counts.index(min(counts))].exchange
        rivals = (
            _place(other.exchange)
            for other, count in zip(finalists, counts, strict=False)
            if other.exchange.section is not first.section and count == min(counts)
        )
        return self._compared(first, best, next(rivals, ""))

    def _ends_otherwise(self, exchange: Exchange) -> bool:
        """Whether the exchange ends in another kind of question: a text to embed is no message."""
        asked = self.request.messages
        return not (asked and exchange.steps and asked[-1].role == exchange.steps[-1].message.role)

    def _count(self, exchange: Exchange) -> int:
        scheme = scheme_of(exchange.section).heard_from(self.request)
        return count_differences(exchange, scheme, self.request)

    def _compared(self, exchange: Exchange, ratio: float, rival: str) -> Nearest:
        scheme = scheme_of(exchange.section).heard_from(self.request)
        found = differences(exchange, scheme, self.request, TRANSCRIPT_AND_REQUEST)
        ratio = min(ratio, ALMOST) if found else ratio
        return Nearest(exchange, ratio, tuple(found), rival)


def _place(exchange: Exchange) -> str:
    return f"{exchange.path}:{exchange.line}"
