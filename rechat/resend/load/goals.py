"""Service levels: which answers were fast enough, and how certain it is that most of them are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rechat.resend.load.statistics import from_due
from rechat.resend.load.statistics import tpot
from rechat.resend.load.statistics import ttft
from rechat.resend.load.statistics import wilson
from rechat.resend.results.result import Result
from rechat.values import UsageError

WANTED = 0.95
"""The share of answers that have to reach all goals."""

_MEASURES: dict[str, Callable[[Result], float | None]] = {
    "ttft": ttft,
    "tpot": tpot,
    "e2el": lambda result: from_due(result) or result.ms,
}

type Goals = tuple[tuple[str, float], ...]
"""The most milliseconds of each measure, by its name."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How many answers met all goals (`good` of `count`), the confidence interval of the true
    share, how many a second that is, and for how many it cannot be determined.
    """

    good: int
    count: int
    low: float
    high: float
    rate: float
    unknown: int
    goals: Goals = ()

    @property
    def told(self) -> str:
        """The goals, for people."""
        return ", ".join(f"{name} ≤ {most:g} ms" for name, most in self.goals)

    @property
    def verdict(self) -> str:
        """`reached`, `missed`, or `unclear` if the required share is inside the interval."""
        if self.low >= WANTED:
            return "reached"
        return "missed" if self.high < WANTED else "unclear"

    @property
    def share(self) -> float:
        """The share of good answers."""
        return self.good / self.count if self.count else 0.0


def parse_goals(text: str) -> Goals:
    """The goals of `ttft=300,tpot=50,e2el=5000`. Raises `UsageError`."""
    goals: list[tuple[str, float]] = []
    for word in filter(None, text.split(",")):
        name, _, value = word.strip().partition("=")
        try:
            goals.append((name, float(value)))
        except ValueError:
            goals.append(("", 0.0))
        if goals[-1][0] not in _MEASURES or goals[-1][1] <= 0:
            raise UsageError(
                f"--slo {word}: expected milliseconds for some of {', '.join(_MEASURES)}, such as "
                "ttft=300,tpot=50,e2el=5000"
            )
    return tuple(goals)


def reached(goals: Goals, results: Iterable[Result], seconds: float) -> Reached:
    """How many answers meet all goals. Errors meet none; an answer of one token has no time per
    token, and is left out if that is a goal.
    """
    good = count = unknown = 0
    for result in results:
        values = [(_MEASURES[name](result), most) for name, most in goals]
        if result.is_good and any(value is None for value, _ in values):
            unknown += 1
            continue
        count += 1
        good += result.is_good and all(
            value is not None and value <= most for value, most in values
        )
    low, high = wilson(good, count)
    rate = good / seconds if seconds else 0.0
    return Reached(good, count, low, high, rate, unknown, goals)
