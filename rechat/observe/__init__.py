"""What happened: the journal, and the console that shows it."""

from rechat.observe import search
from rechat.observe.background import Background
from rechat.observe.entry import JournalEntry
from rechat.observe.entry import Verdict
from rechat.observe.entry import said
from rechat.observe.history import Log
from rechat.observe.history import Logged
from rechat.observe.in_flight import Arrival
from rechat.observe.in_flight import Arriving
from rechat.observe.prices import Prices
from rechat.observe.prices import cost_of
from rechat.observe.reporter import Reporter
from rechat.observe.signs import Sign
from rechat.observe.signs import sign_of
from rechat.observe.signs import status_of
from rechat.observe.terminal.console import Console
from rechat.observe.terminal.differences import differences_view
from rechat.observe.terminal.live_view import watching
from rechat.observe.terminal.messages import transcript_view
from rechat.observe.terminal.screen import screen
from rechat.observe.terminal.totals import totals
from rechat.observe.terminal.visible import visible

__all__ = [
    "Arrival",
    "Arriving",
    "Background",
    "Console",
    "JournalEntry",
    "Log",
    "Logged",
    "Prices",
    "Reporter",
    "Sign",
    "Verdict",
    "cost_of",
    "differences_view",
    "said",
    "screen",
    "search",
    "sign_of",
    "status_of",
    "totals",
    "transcript_view",
    "visible",
    "watching",
]
