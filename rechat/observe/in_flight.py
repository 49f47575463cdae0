"""Answers in flight, with the text received so far."""

from dataclasses import dataclass
from dataclasses import field

from rechat.dialects import LiveText
from rechat.observe.entry import JournalEntry


@dataclass(eq=False, slots=True)
class Arrival:
    """An answer in flight: the request, and the text so far, which may contain secrets."""

    entry: JournalEntry
    text: str = ""
    _deltas: LiveText = field(default_factory=LiveText)

    def feed(self, data: bytes) -> None:
        """Add a piece of the body. Never raises."""
        self.text += self._deltas.feed(data)


class Arriving:
    """All answers in flight. One thread adds and removes, others may read."""

    def __init__(self) -> None:
        self._arrivals: dict[Arrival, None] = {}

    def begin(self, entry: JournalEntry) -> Arrival:
        """Add an answer that begins to arrive."""
        arrival = Arrival(entry)
        self._arrivals[arrival] = None
        return arrival

    def end(self, arrival: Arrival) -> None:
        """Remove an answer that has ended."""
        self._arrivals.pop(arrival, None)

    def now(self) -> list[Arrival]:
        """The answers that have some text, newest last."""
        return [arrival for arrival in list(self._arrivals) if arrival.text]
