"""When questions are sent: a number at once (a closed loop), or at a rate whatever the answers take
(an open one), or at the times at which they were recorded.

1. `/poisson` has the gaps of independent users, `/constant` equal ones, `/gamma:B` those of a gamma
   distribution of shape B: below 1 they come in bursts, 1 is poisson, above 1 they are more even.
2. While the load grows (`ramp`), the rate rises linearly from zero.
3. The gaps of each hundred questions (or of all, if there are fewer) together take exactly the time
   that the rate says, so that a short run has the requested rate, and not a random one.
4. The times follow from the seed: the same load is the same in another run.
"""

import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from rechat.values import UsageError

_RATE = re.compile(
    r"(?P<rate>\d+(?:\.\d+)?)(?:/(?P<kind>poisson|constant|gamma:(?P<shape>\d+(?:\.\d+)?)))?"
)
_RECORDED = re.compile(r"\*?(?P<speed>\d+(?:\.\d+)?)")
_MOST_AT_ONCE = 100_000
_BLOCK = 100


@dataclass(frozen=True, slots=True)
class Load:
    """How many questions are in flight at once (`at`), or how many are sent a second (`rate`), and
    how evenly: `shape` of the gamma distribution, infinite for equal gaps; or at how many times the
    recorded speed (`speed`).
    """

    at: int = 1
    rate: float = 0.0
    shape: float = 1.0
    speed: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether each question has a time at which it is sent, whatever happens to others."""
        return bool(self.rate or self.speed)

    @property
    def name(self) -> str:
        """Its name in reports."""
        if self.speed:
            return "as recorded" + ("" if self.speed == 1 else f"*{self.speed:g}")
        if not self.rate:
            return f"at {self.at}"
        kind = "constant" if math.isinf(self.shape) else f"gamma:{self.shape:g}"
        return f"rate {self.rate:g}" + ("" if self.shape == 1 else f" {kind}")


def parse_loads(at: str, rate: str, as_recorded: str = "") -> tuple[Load, ...]:
    """The loads that the lists of `--at`, `--rate` and `--as-recorded` name; `--at` counts only
    without the others. Raises `UsageError`.
    """
    if as_recorded and rate:
        raise UsageError("--rate and --as-recorded both say when questions are sent: leave out one")
    if as_recorded:
        return tuple(_recorded(word.strip()) for word in as_recorded.split(","))
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


def _recorded(word: str) -> Load:
    found = _RECORDED.fullmatch(word)
    if not found or not float(found["speed"]):
        raise UsageError(
            f"--as-recorded={word}: expected how many times as fast as it was recorded: *2 for "
            "half of the time, *0.5 for twice as much"
        )
    return Load(0, speed=float(found["speed"]))


def dues(load: Load, ramp: float = 0.0, seed: int = 0, total: int | None = None) -> Iterator[float]:
    """When each question is sent, in seconds after the beginning; there are `total` of them, if
    known.
    """
    source = random.Random(seed)  # noqa: S311  # not for secrets
    block = max(total - 1, 1) if total else _BLOCK
    yield _when(0.0, load.rate, ramp)
    for number in count():
        sent = float(number * block)
        for gap in _gaps(load.shape, block, source):
            sent += gap
            yield _when(sent, load.rate, ramp)


def _gaps(shape: float, block: int, source: random.Random) -> list[float]:
    """A block of gaps with mean 1."""
    if math.isinf(shape):
        return [1.0] * block
    gaps = [source.gammavariate(shape, 1 / shape) for _ in range(block)]
    mean = math.fsum(gaps) / block or 1.0
    return [gap / mean for gap in gaps]


def _when(sent: float, rate: float, ramp: float) -> float:
    """When the given number has been sent: while the rate rises, half of what a constant rate would
    send.
    """
    if sent < rate * ramp / 2:
        return math.sqrt(2 * ramp * sent / rate)
    return sent / rate + ramp / 2
