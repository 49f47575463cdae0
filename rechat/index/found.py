"""The result of a lookup: the exchange that answers a request, or the nearest one."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from rechat.explain import NO_TRANSCRIPT
from rechat.explain import still_empty
from rechat.index.nearest import Nearest
from rechat.matching import Exchange
from rechat.values import Json
from rechat.values import JsonObject


@dataclass(frozen=True, slots=True)
class Hit:
    """The exchange that answers a request, the rule by which it matches, and what the holes of its
    patterns captured. A fuzzy match also has the differences.
    """

    exchange: Exchange
    rule: str
    holes: dict[str, str] = field(default_factory=dict)
    nearest: Nearest | None = None

    @property
    def place(self) -> str:
        """Where it stands, as `path:line`."""
        return f"{self.exchange.path}:{self.exchange.line}"

    @property
    def is_same(self) -> bool:
        """Whether the exchange has exactly this request, rather than a pattern that matches it."""
        return self.rule in ("exact", "normalised", "listed")


@dataclass(frozen=True, slots=True)
class Miss:
    """No answer: the nearest exchange if there is any, and the blank that waits for this very
    request. `note` says more about why there is none, or why the nearest was not accepted; `unread`
    lists what could not be read and may have the answer.
    """

    nearest: Nearest | None = None
    blank: Exchange | None = None
    note: str = ""
    unread: str = ""

    @property
    def reason(self) -> str:
        """Why, in one line."""
        if self.blank:
            return still_empty(f"{self.blank.path}:{self.blank.line}")
        reason = self.nearest.reason if self.nearest else self.note or NO_TRANSCRIPT
        if self.nearest and self.note:
            reason += f" ({self.note})"
        return f"{self.unread}; {reason}" if self.unread else reason


def found_as_json(ranking: Sequence[Hit], found: Hit | Miss) -> JsonObject:
    """The result as JSON: the place of the answer and the rule, or why there is none; and
    everything that matches, best first.
    """
    ranked: list[Json] = [
        {"place": hit.place, "rule": hit.rule, "holes": hit.holes} for hit in ranking
    ]
    if isinstance(found, Hit):
        return {"hit": found.place, "rule": found.rule, "ranking": ranked}
    nearest = _nearest_as_json(found.nearest) if found.nearest else None
    return {"hit": None, "reason": found.reason, "nearest": nearest, "ranking": ranked}


def _nearest_as_json(near: Nearest) -> JsonObject:
    differences: list[Json] = [
        {
            "reason": difference.reason,
            "recorded": difference.recorded,
            "asked": difference.asked,
        }
        for difference in near.differences
    ]
    return {"place": near.place, "ratio": round(near.ratio, 4), "differences": differences}
