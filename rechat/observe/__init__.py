"""What happened: the journal, and the console that shows it."""

from rechat.observe import search
from rechat.observe.console import Console, differences_view, transcript_view, visible
from rechat.observe.entry import JournalEntry, Verdict, said
from rechat.observe.history import Log, Logged
from rechat.observe.in_flight import Arrival, Arriving
from rechat.observe.live_view import watching
from rechat.observe.reporter import Reporter

__all__ = [
    "Arrival",
    "Arriving",
    "Console",
    "JournalEntry",
    "Log",
    "Logged",
    "Reporter",
    "Verdict",
    "differences_view",
    "said",
    "search",
    "transcript_view",
    "visible",
    "watching",
]
