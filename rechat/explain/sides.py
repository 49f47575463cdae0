"""The two sides of a comparison, and what they are called."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sides:
    """The names of the two sides; without names, the first is the recorded one."""

    recorded: str = ""
    asked: str = ""

    def apart(self, old: str, new: str, name: str = "") -> str:
        """`transcript "Rome" ≠ request "Paris"`, of the thing with a name if it has one."""
        if not self.recorded:
            return f"{name} {old} ≠ {new}".lstrip()
        head = f"{name}: " if name else ""
        return f"{head}{self.recorded} {old} ≠ {self.asked} {new}"


NAMELESS = Sides()
TRANSCRIPT_AND_REQUEST = Sides("transcript", "request")
