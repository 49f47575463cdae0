"""The sign and the word that show at a glance how a request ended, in the console and on the page.

A request that was answered with an error is never shown like one that was answered.
"""

from dataclasses import dataclass
from typing import Literal

from rechat.observe.entry import JournalEntry
from rechat.observe.entry import Verdict
from rechat.values import BinaryAnswer
from rechat.values import ErrorAnswer
from rechat.values import Fault
from rechat.values import RawAnswer

type Tone = Literal["hit", "recorded", "forwarded", "miss", "held", "failed", "failover"]


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark, one cell wide, a word, and the tone in which both are shown."""

    mark: str
    word: str
    tone: Tone


_OF_VERDICTS: dict[Verdict, Sign] = {
    "hit": Sign("✓", "hit", "hit"),
    "recorded": Sign("●", "recorded", "recorded"),
    "forwarded": Sign("→", "forwarded", "forwarded"),
    "miss": Sign("≠", "miss", "miss"),
    "held": Sign("‖", "held", "held"),
    "failed": Sign("✗", "failed", "failed"),
    "failover": Sign("↷", "failover", "failover"),
}
_LIMITED = Sign("!", "limited", "failed")
_ERROR = Sign("!", "error", "failed")
_OF_FAULTS = {
    "timeout": Sign("✗", "time-out", "failed"),
    "reset": Sign("✗", "reset", "failed"),
    "cut": Sign("✗", "cut", "failed"),
}
SIGNS = (*_OF_VERDICTS.values(), _LIMITED, _ERROR, *_OF_FAULTS.values())
"""All signs, in the order in which they are counted."""

_TOO_MANY = 429


def sign_of(entry: JournalEntry) -> Sign:
    """The sign of an entry."""
    if entry.verdict in ("miss", "held", "failed", "failover"):
        return _OF_VERDICTS[entry.verdict]
    if isinstance(entry.answer, Fault):
        return _OF_FAULTS[entry.answer.kind]
    status = status_of(entry)
    if status == _TOO_MANY:
        return _LIMITED
    return _ERROR if status >= 400 else _OF_VERDICTS[entry.verdict]


def status_of(entry: JournalEntry) -> int:
    """The HTTP status that the client got; 0 if it got none, or it is not known."""
    match entry.answer:
        case Fault():
            return 0
        case ErrorAnswer(status) | RawAnswer(_, status) | BinaryAnswer(_, status):
            return status
    return entry.status
