"""The highest load under which goals are still met: doubled until they are missed, then
bisected.
"""

from dataclasses import replace

from rechat.resend.load.shape import Load

_MOST_PROBES = 15
# The search ends when the loads that meet and miss the goals are this close.
_NEAR = 0.1


class LimitSearch:
    """Determines which load to try next, starting with `first`."""

    def __init__(self, first: Load) -> None:
        self._first = first
        self._probes = 0
        self.reached = 0.0
        self.missed: float | None = None

    def next_load(self) -> Load | None:
        """The load to try; None once the limit is found, or cannot be found after this many."""
        value = self._next()
        if value is None or self._probes == _MOST_PROBES:
            return None
        self._probes += 1
        self._now = value
        if self._first.rate:
            return replace(self._first, rate=value)
        return replace(self._first, at=int(value))

    def tell(self, *, is_reached: bool) -> None:
        """Record whether the goals were met under the last load."""
        if is_reached:
            self.reached = max(self.reached, self._now)
        else:
            self.missed = self._now

    def _next(self) -> float | None:
        if self.missed is None:
            return self.reached * 2 or self._value(self._first)
        if self.missed - self.reached <= self.missed * _NEAR:
            return None
        middle = (self.reached + self.missed) / 2
        if self._first.rate:
            return float(f"{middle:.3g}")
        return int(middle) if int(middle) > self.reached else None

    @staticmethod
    def _value(load: Load) -> float:
        return load.rate or load.at

    @property
    def told(self) -> str:
        """What is known about the limit."""
        unit = "questions a second" if self._first.rate else "at once"
        if self.missed is None:
            return f"{self.reached:g} {unit} reach the goals, and more was not tried"
        if not self.reached:
            return f"{self.missed:g} {unit} is too much for the goals, and less was not tried"
        return f"{self.reached:g} {unit} reach the goals, {self.missed:g} miss them"
