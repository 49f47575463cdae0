"""Which of all transcripts answers a request, and which is the nearest."""

from rechat.index import cards
from rechat.index.cards import Card
from rechat.index.index import Hit
from rechat.index.index import Index
from rechat.index.index import Miss
from rechat.index.index import Version
from rechat.index.index import version_of

__all__ = ["Card", "Hit", "Index", "Miss", "Version", "cards", "version_of"]
