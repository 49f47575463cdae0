"""The answers that arrive right now, as far as they have come."""

from dataclasses import dataclass, field

from rechat.dialects import Deltas
from rechat.observe.entry import Entry


@dataclass(eq=False, slots=True)
class Arrival:
    """An answer on its way: what was asked, and the text so far, which may hold secrets."""

    entry: Entry
    text: str = ""
    _deltas: Deltas = field(default_factory=Deltas)

    def feed(self, data: bytes) -> None:
        """Take in a piece of the body. Never raises."""
        self.text += self._deltas.feed(data)


class Arriving:
    """All answers on their way. One thread adds and removes, others may look."""

    def __init__(self) -> None:
        self._arrivals: dict[Arrival, None] = {}

    def begin(self, entry: Entry) -> Arrival:
        """An answer begins to arrive."""
        arrival = Arrival(entry)
        self._arrivals[arrival] = None
        return arrival

    def end(self, arrival: Arrival) -> None:
        """It is over."""
        self._arrivals.pop(arrival, None)

    def now(self) -> list[Arrival]:
        """Those of which something is there, the newest last."""
        return [arrival for arrival in list(self._arrivals) if arrival.text]
