"""Statistics of many answers: percentiles, rates, and their reliability."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rechat.resend.results.result import Result

PERCENTILES = (50, 90, 95, 99)
# A percentile needs at least this many values beyond it to be meaningful.
_BEYOND = 5
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Spread:
    """Some percentiles of `count` values, their mean, minimum and maximum."""

    count: int
    mean: float
    least: float
    most: float
    percentiles: Mapping[int, float]

    def is_sure(self, percent: int) -> bool:
        """Whether there are enough values for this percentile."""
        return self.count * (100 - percent) / 100 >= _BEYOND or (
            percent == 50 and self.count > _BEYOND
        )


def spread(values: Iterable[float]) -> Spread | None:
    """The spread of the values; None if there are none."""
    ordered = sorted(values)
    if not ordered:
        return None
    return Spread(
        len(ordered),
        math.fsum(ordered) / len(ordered),
        ordered[0],
        ordered[-1],
        {percent: percentile(ordered, percent) for percent in PERCENTILES},
    )


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The percentile of sorted values, interpolated linearly (like numpy's)."""
    place = (len(ordered) - 1) * percent / 100
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def wilson(good: int, count: int) -> tuple[float, float]:
    """The 95 % confidence interval of the true share, by Wilson's score interval."""
    if not count:
        return 0.0, 1.0
    share, square = good / count, _Z * _Z
    middle = share + square / (2 * count)
    half = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    whole = 1 + square / count
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def ttft(result: Result) -> float | None:
    """Milliseconds to the first chunk with text, reasoning or a call."""
    return result.times[0] if result.times else None


def tokens_said(result: Result) -> int:
    """The tokens of an answer: as the API counts them, else its chunks."""
    usage = result.tokens
    return usage[1] if usage and usage[1] else len(result.times)


def tpot(result: Result) -> float | None:
    """Milliseconds per token after the first: the time from the first chunk to the last, divided by
    the tokens minus one. Anything after the last one (`usage`) is not included. None for a single
    token, or if all arrived in one chunk.
    """
    tokens = tokens_said(result)
    if len(result.times) < 2 or tokens < 2:
        return None
    return (result.times[-1] - result.times[0]) / (tokens - 1)


def gaps(result: Result) -> list[float]:
    """Milliseconds between neighbouring chunks."""
    return [after - before for before, after in pairwise(result.times)]


def from_due(result: Result) -> float | None:
    """Milliseconds from when it was to be sent until the end of the answer."""
    if result.due is None:
        return None
    return (result.sent - result.due) * 1000 + result.ms


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements of a target's answers: spreads in milliseconds by name, and totals."""

    spreads: Mapping[str, Spread]
    answered: int
    errors: int
    retries: int
    seconds: float
    asked_tokens: int
    said_tokens: int
    counted: int

    @property
    def rate(self) -> float:
        """Complete answers per second."""
        return self.answered / self.seconds if self.seconds else 0.0


def measure(results: Sequence[Result]) -> Measured:
    """The measurements of results; errors are counted, but are in none of the spreads. `lag` is how
    late they were sent.
    """
    good = [result for result in results if result.is_good]
    measures = {
        "TTFT": [value for one in good if (value := ttft(one)) is not None],
        "TTFT words": [one.words for one in good if one.words is not None],
        "TPOT": [value for one in good if (value := tpot(one)) is not None],
        "gap": [gap for one in good for gap in gaps(one)],
        "e2e": [one.ms for one in good],
        "lag": [(one.sent - one.due) * 1000 for one in results if one.due is not None],
        "e2e due": [value for one in good if (value := from_due(one)) is not None],
    }
    if measures["TTFT words"] == measures["TTFT"]:
        del measures["TTFT words"]
    usages = [one.tokens for one in good]
    begun = min((one.sent for one in results), default=0.0)
    ended = max((one.sent + one.ms / 1000 for one in results), default=0.0)
    return Measured(
        {name: found for name, values in measures.items() if (found := spread(values))},
        len(good),
        len(results) - len(good),
        sum(one.tries - 1 for one in results),
        ended - begun,
        sum(usage[0] for usage in usages if usage),
        sum(tokens_said(one) for one in good),
        sum(usage is not None for usage in usages),
    )
