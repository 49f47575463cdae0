"""Which of all transcripts answers a request, and which is the nearest."""

from rechat.index import cards
from rechat.index.cards import Card
from rechat.index.index import Hit, Index, Miss, Version, version_of

__all__ = ["Card", "Hit", "Index", "Miss", "Version", "cards", "version_of"]
