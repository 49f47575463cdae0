"""Which of all transcripts answers a request, and which is the nearest."""

from rechat.index import cards
from rechat.index.cards import Card
from rechat.index.documents import Version
from rechat.index.documents import version_of
from rechat.index.found import Hit
from rechat.index.found import Miss
from rechat.index.found import found_as_json
from rechat.index.index import Index
from rechat.index.nearest import Nearest

__all__ = [
    "Card",
    "Hit",
    "Index",
    "Miss",
    "Nearest",
    "Version",
    "cards",
    "found_as_json",
    "version_of",
]
