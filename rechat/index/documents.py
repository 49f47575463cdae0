"""The contents of files, as far as memory keeps them."""

import math
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from rechat.index.cards import Card
from rechat.index.cards import exchanges_in
from rechat.index.cards import followed
from rechat.matching import Exchange
from rechat.matching import Follower
from rechat.matching import TextPattern
from rechat.matching import exchanges_of
from rechat.matching import keys_of
from rechat.matching import patterns_of
from rechat.matching import scheme_of
from rechat.values import Request
from rechat.values import Section
from rechat.values import Transcript


@dataclass(slots=True)
class Document:
    """A file that was read: its sections and exchanges, the compiled patterns of those that have
    any, its approximate size in bytes, the digests of exchanges without the rules of `normalise:`
    (as far as they were needed), and what followed the last section to its last answer, if known.
    """

    sections: tuple[Section, ...]
    exchanges: list[Exchange]
    patterns: dict[int, list[TextPattern | None]]
    size: int
    literal: dict[int, Collection[bytes]] = field(default_factory=dict)
    follower: Follower | None = None

    def exchange(self, number: int) -> Exchange | None:
        """The exchange of a number, if there is one."""
        return self.exchanges[number] if number < len(self.exchanges) else None

    def exact_rule(self, number: int, request: Request) -> str:
        """The rule of an exact match: `normalised` if it matches only with the rules of
        `normalise:`.
        """
        exchange = self.exchanges[number]
        scheme = scheme_of(exchange.section)
        if not scheme.normalise:
            return "exact"
        literal = replace(scheme, normalise=())
        if number not in self.literal:
            self.literal[number] = keys_of(literal, exchange.section, exchange.steps)
        return "exact" if literal.key(request) in self.literal[number] else "normalised"


@dataclass(frozen=True, slots=True)
class Version:
    """The index data of one version of a file."""

    card: Card
    document: Document


def version_of(
    path: str,
    transcript: Transcript,
    size: int = 0,
    before: Version | None = None,
    *,
    has_features: bool = True,
) -> Version:
    """The index data of a file of about `size` bytes. If the file only adds to the end of the last
    section of `before`, only the addition is examined. Without features, the file is never found as
    the nearest.
    """
    sections = transcript.sections
    follower = before.document.follower if before else None
    if not before or not follower or not _has_grown(before, sections):
        exchanges = exchanges_in(path, sections)
        card, follower = followed(sections, exchanges, has_features=has_features)
        return Version(card, document_of(card, sections, exchanges, size, follower))
    known = before.document
    first = next(
        number for number, one in enumerate(known.exchanges) if one.section is known.sections[-1]
    )
    grown = exchanges_of(path, sections[-1], known.exchanges[first:])
    exchanges = [*known.exchanges[:first], *grown]
    card, follower = followed(sections, exchanges, before.card, follower.fork())
    return Version(card, document_of(card, sections, exchanges, size, follower))


def document_of(
    card: Card,
    sections: tuple[Section, ...],
    exchanges: list[Exchange],
    size: int,
    follower: Follower | None = None,
) -> Document:
    """The document of a file with this card, its sections and exchanges."""
    patterns = {
        number: patterns_of(exchange)
        for number, (exchange, spot) in enumerate(zip(exchanges, card.spots, strict=True))
        if spot.is_pattern
    }
    return Document(sections, exchanges, patterns, size, follower=follower)


def _has_grown(before: Version, sections: tuple[Section, ...]) -> bool:
    """Whether these are the same section objects as in a version, with more entries at the end."""
    *same, old = before.document.sections
    if len(sections) != len(same) + 1 or not _are_same(same, sections):
        return False
    new = sections[-1]
    return (
        (old.settings, old.options) == (new.settings, new.options)
        and len(old.entries) <= len(new.entries)
        and _are_same(old.entries, new.entries)
    )


def _are_same(some: Collection[object], others: Collection[object]) -> bool:
    return all(one is other for one, other in zip(some, others, strict=False))


class Documents:
    """The most recently used documents, of up to `limit` bytes of files."""

    def __init__(self, limit: float = math.inf) -> None:
        self.limit = limit
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._size = 0

    def __contains__(self, path: str) -> bool:
        return path in self._kept

    def get(self, path: str) -> Document | None:
        """The document of a file, if it is in memory; it counts as used."""
        document = self._kept.get(path)
        if document:
            self._kept.move_to_end(path)
        return document

    def put(self, path: str, document: Document) -> None:
        """Keep a document, and evict others if the limit is exceeded."""
        self.drop(path)
        self._kept[path] = document
        self._size += document.size
        while self._size > self.limit and len(self._kept) > 1:
            self.drop(next(iter(self._kept)))

    def drop(self, path: str) -> None:
        """Remove a file."""
        document = self._kept.pop(path, None)
        if document:
            self._size -= document.size
