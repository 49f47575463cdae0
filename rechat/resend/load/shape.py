"""When questions are sent: so many at once (a closed loop), or at a rate whatever the answers take
(an open one).

1. `/poisson` has the gaps of independent users, `/constant` equal ones, `/gamma:B` those of a gamma
   distribution of shape B: below 1 they come in bursts, 1 is poisson, above 1 they are more even.
2. While the load grows (`ramp`), the rate rises in a straight line from nothing.
3. The times follow from the seed: the same load is the same load in another run.
"""

import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rechat.values import UsageError

_RATE = re.compile(
    r"(?P<rate>\d+(?:\.\d+)?)(?:/(?P<kind>poisson|constant|gamma:(?P<shape>\d+(?:\.\d+)?)))?"
)
_MOST_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Load:
    """How many questions are under way at once (`at`), or how many are sent a second (`rate`), and
    how even: `shape` of the gamma distribution, infinite for equal gaps.
    """

    at: int = 1
    rate: float = 0.0
    shape: float = 1.0

    @property
    def name(self) -> str:
        """What it is called in reports."""
        if not self.rate:
            return f"at {self.at}"
        kind = "constant" if math.isinf(self.shape) else f"gamma:{self.shape:g}"
        return f"rate {self.rate:g}" + ("" if self.shape == 1 else f" {kind}")


def parse_loads(at: str, rate: str) -> tuple[Load, ...]:
    """The loads that the lists of `--at` and `--rate` name; with a rate, there is no `--at`. Raises
    `UsageError`.
    """
    if rate:
        return tuple(_rate(word.strip()) for word in rate.split(","))
    return tuple(_at(word.strip()) for word in at.split(","))


def _at(word: str) -> Load:
    if not word.isdecimal() or not 0 < int(word) <= _MOST_AT_ONCE:
        raise UsageError(f"--at {word}: expected how many to ask at once, or a list (1,8,64)")
    return Load(int(word))


def _rate(word: str) -> Load:
    found = _RATE.fullmatch(word)
    if not found or not float(found["rate"]) or found["shape"] in ("0", "0.0"):
        raise UsageError(
            f"--rate {word}: expected questions a second (5), and optionally how they are spread: "
            "5/poisson (the default), 5/constant, 5/gamma:0.5"
        )
    kind = found["kind"] or "poisson"
    shape = math.inf if kind == "constant" else float(found["shape"] or 1)
    return Load(0, float(found["rate"]), shape)


def dues(load: Load, ramp: float = 0.0, seed: int = 0) -> Iterator[float]:
    """When each question is sent, in seconds after the beginning."""
    source = random.Random(seed)  # noqa: S311  # nothing is secret here
    sent = 0.0
    while True:
        yield _when(sent, load.rate, ramp)
        even = math.isinf(load.shape)
        sent += 1.0 if even else source.gammavariate(load.shape, 1 / load.shape)


def _when(sent: float, rate: float, ramp: float) -> float:
    """When so many have been sent: half of the usual number in the time in which the rate rises."""
    if sent < rate * ramp / 2:
        return math.sqrt(2 * ramp * sent / rate)
    return sent / rate + ramp / 2
