"""The index over all transcripts: from a request to the exchange that answers it, or to the nearest
one and why not.

Order (design, section 4): exact, then listed with the most fields, then `like` with the most
literal characters, then `any`; of equal patterns the one with the most settings; ties by path and
line. Nothing is served by similarity unless that is asked for.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from contextlib import nullcontext

from rechat.explain import text_of
from rechat.index.cards import Card
from rechat.index.cards import exchanges_in
from rechat.index.cards import named
from rechat.index.documents import Document
from rechat.index.documents import Documents
from rechat.index.documents import Version
from rechat.index.documents import document_of
from rechat.index.documents import version_of
from rechat.index.found import Hit
from rechat.index.found import Miss
from rechat.index.nearest import Nearest
from rechat.index.nearest import Surroundings
from rechat.index.nearest_files import Nearby
from rechat.index.nearest_files import features
from rechat.index.tables import Ref
from rechat.index.tables import Tables
from rechat.matching import Exchange
from rechat.matching import match_patterns
from rechat.matching import meaningful
from rechat.matching import scheme_of
from rechat.values import RAW
from rechat.values import Message
from rechat.values import Request
from rechat.values import Section
from rechat.values import Transcript

# Limits of the search for the nearest: how many files are candidates by their features, how many of
# these are read, and how many characters these may have in total (the first may have more).
_LOOKED_AT = 64
_FILES = 10
_READ = 300_000


class _NotRead(Exception):  # noqa: N818  # no error: the lookup is tried again
    """A file has to be read before a lookup can finish."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Index:
    """All exchanges of a store. It is updated file by file and answers `find`; `version` changes
    with every update.

    The contents of files are kept up to a total of `limit` bytes, the most recently used first;
    `load` is called for the rest, and responds with `keep`, `put` or `drop`.

    If it never `explains` a miss, it leaves out what finding the nearest exchange needs.

    With a `lock`, one thread may update it while others look things up: each update and each lookup
    is one step, and `load` is called between steps. Only the updating thread may look for the
    nearest.
    """

    def __init__(
        self,
        load: Callable[[str], object] | None = None,
        limit: float = math.inf,
        lock: AbstractContextManager[object] | None = None,
        *,
        explains: bool = True,
    ) -> None:
        self.version = 0
        self._explains_misses = explains
        self._load = load
        self._lock = lock or nullcontext()
        self._reads_at_once = False
        self._paths: list[str] | None = []
        self._tables = Tables()
        self._documents = Documents(limit)
        self._nearby = Nearby()

    def put(self, path: str, transcript: Transcript, size: int = 0) -> None:
        """Add or replace a file of about `size` bytes."""
        has_features = self._explains_misses
        self.put_version(path, version_of(path, transcript, size, has_features=has_features))

    def put_version(self, path: str, version: Version) -> None:
        """The same for a file whose version was computed before."""
        with self._lock:
            self._put_card(path, version.card)
            self._documents.put(path, version.document)

    def keep(self, path: str, transcript: Transcript, card: Card | None, size: int = 0) -> None:
        """Keep the contents of a file whose card is known; does nothing if its card has changed
        meanwhile.
        """
        if not card:
            return
        exchanges = exchanges_in(path, transcript.sections)
        document = document_of(card, transcript.sections, exchanges, size)
        with self._lock:
            if self.card(path) is card:
                self._documents.put(path, document)

    def put_card(self, path: str, card: Card) -> None:
        """Add or replace a file by its card; the file is read when it is needed."""
        with self._lock:
            self._put_card(path, card)

    def _put_card(self, path: str, card: Card) -> None:
        self._drop(path)
        self._paths = None
        self._tables.put(path, card)
        self._nearby.put(path, card.features)

    def drop(self, path: str) -> None:
        """Remove a file."""
        with self._lock:
            self._drop(path)

    def _drop(self, path: str) -> None:
        self.version += 1
        self._documents.drop(path)
        if self._tables.drop(path):
            self._paths = None
            self._nearby.drop(path)

    @property
    def is_limited(self) -> bool:
        """Whether contents may be evicted from memory."""
        return self._documents.limit < math.inf

    def known(self, path: str) -> Version | None:
        """The version of a file, if memory still has all of it."""
        with self._lock:
            card, document = self.card(path), self._documents.get(path)
            return Version(card, document) if card and document else None

    def _document(self, path: str) -> Document | None:
        """The current contents of a file; None if it is gone or cannot be read."""
        if path not in self._documents and self.card(path) and self._load:
            if not self._reads_at_once:
                raise _NotRead(path)
            self._load(path)
        return self._documents.get(path)

    def _step[T](self, look: Callable[[], T]) -> T:
        """The result of a lookup in one state of the index. Missing files are read between two
        attempts; if one has been evicted again meanwhile, the last attempt reads them itself.
        """
        read: set[str] = set()
        while True:
            try:
                with self._lock:
                    return look()
            except _NotRead as missing:
                if missing.path in read:
                    break
                read.add(missing.path)
                assert self._load
                self._load(missing.path)
        with self._lock:
            self._reads_at_once = True
            try:
                version = -1
                while version != self.version:
                    version, found = self.version, look()
                return found
            finally:
                self._reads_at_once = False

    def _exchange(self, ref: Ref) -> Exchange | None:
        document = self._document(ref.path)
        return document.exchange(ref.number) if document else None

    @property
    def paths(self) -> list[str]:
        """The files, in order."""
        with self._lock:
            if self._paths is None:
                self._paths = sorted(self._tables.cards)
            return self._paths

    def behind(self, path: str) -> str:
        """A file that answers the same requests as this one and takes precedence, so that this one
        is never served. Empty if there is none.
        """
        with self._lock:
            return self._tables.behind(path)

    def all_behind(self) -> dict[str, str]:
        """All files that others take precedence over in this way, in order, each with one of
        those.
        """
        with self._lock:
            return self._tables.all_behind()

    def card(self, path: str) -> Card | None:
        """The card of a file."""
        return self._tables.cards.get(path)

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return sum(card.answers for card in [*self._tables.cards.values()])

    @property
    def models(self) -> list[str]:
        """The models that are named, in order."""
        return sorted({name for card in [*self._tables.cards.values()] for name in card.models})

    def sections(self, path: str) -> tuple[Section, ...]:
        """The sections of a file; none if it is unknown."""
        document = self._step(lambda: self._document(path))
        return document.sections if document else ()

    def exchanges(self) -> Iterator[Exchange]:
        """All exchanges, by path and place."""
        for path in self.paths:
            yield from self.exchanges_in(path)

    def exchanges_in(self, path: str) -> list[Exchange]:
        """The exchanges of a file, from the top."""
        document = self._step(lambda: self._document(path))
        return document.exchanges if document else []

    def find(self, request: Request, *, explain: bool = True) -> Hit | Miss:
        """The exchange that answers a request, or a miss; `explain` adds the nearest, which takes
        longer.
        """
        found = self._step(lambda: self._find(request))
        if isinstance(found, Miss) and explain and not found.blank:
            return Miss(self.nearest(request))
        return found

    def _find(self, request: Request) -> Hit | Miss:
        blank: Exchange | None = None
        for hit in self._candidates(request):
            if hit.exchange.answered:
                return hit
            blank = blank or hit.exchange
        return Miss(None, blank)

    def candidates(self, request: Request) -> list[Hit]:
        """All exchanges that match, best first, blanks included."""
        return self._step(lambda: list(self._candidates(request)))

    def _candidates(self, request: Request) -> Iterator[Hit]:
        settings = request.settings if request.common is None else request.common
        for hit in self._matching(request):
            if hit.exchange.has_choices_for(settings):
                yield hit

    def _matching(self, request: Request) -> Iterator[Hit]:
        for is_listed, refs in self._tables.matching(request):
            for ref in refs:
                document = self._document(ref.path)
                exchange = document.exchange(ref.number) if document else None
                if document and exchange:
                    exact = "listed" if is_listed else document.exact_rule(ref.number, request)
                    yield Hit(exchange, exact)
        yield from (
            hit for _, _, hit in sorted(self._by_pattern(request), key=lambda found: found[:2])
        )

    def _by_pattern(
        self, request: Request
    ) -> Iterator[tuple[tuple[bool, int, bool, int], tuple[tuple[str, ...], int], Hit]]:
        for path in sorted(self._tables.with_patterns):
            document = self._document(path)
            for number, patterns in document.patterns.items() if document else ():
                exchange = document.exchanges[number]  # type: ignore[union-attr]
                holes = match_patterns(exchange, patterns, request)
                if holes is not None:
                    likes = [pattern.literals for pattern in patterns if pattern]
                    rule = "like" if likes else "any"
                    scheme = scheme_of(exchange.section).heard_from(request)
                    rank = (not likes, -sum(likes), not scheme.is_exact, -scheme.strength)
                    yield rank, exchange.order, Hit(exchange, rule, holes)

    def conversation_of(self, api: str, name: str) -> tuple[Message, ...] | None:
        """The conversation that ends with the answer with this id, if it was recorded."""
        return self._step(lambda: self._conversation_of(api, name))

    def _conversation_of(self, api: str, name: str) -> tuple[Message, ...] | None:
        ref = self._tables.said(api, name)
        exchange = self._exchange(ref) if ref else None
        for known, said in named(exchange) if exchange else ():
            if known == name:
                return (*(step.message for step in exchange.steps), said)  # type: ignore[union-attr]
        return None

    def section_to_continue(self, request: Request) -> tuple[str, Section, int] | None:
        """The recorded section from whose end this request continues, and how many of its messages
        that section has.
        """
        return self._step(lambda: self._section_to_continue(request))

    def _section_to_continue(self, request: Request) -> tuple[str, Section, int] | None:
        found = self._tables.end(request)
        if not found:
            return None
        path, number, count = found
        document = self._document(path)
        return (path, document.sections[number], count) if document else None

    def nearest(self, request: Request, among: Sequence[Exchange] | None = None) -> Nearest | None:
        """The exchange that is most similar to a request, by words, and what differs; of all, or
        `among` some of one file.

        It changes no result of a lookup, but may read files, evict others, and index the features
        of new files. The slow part is `surroundings(request).nearest()`, of which only the first
        half uses the index.
        """
        if among is not None:
            texts = [text_of(message) for message in request.messages]
            return Surroundings(request, texts, among).nearest()
        return self.surroundings(request).nearest()

    def surroundings(self, request: Request) -> Surroundings:
        """The exchanges of the few files that share the most with a request: all that is needed to
        find the nearest, on any thread, whatever happens to the index meanwhile.
        """
        texts = [text_of(message) for message in request.messages]
        return Surroundings(request, texts, [*self._near(request, texts)])

    def _near(self, request: Request, texts: list[str]) -> Iterator[Exchange]:
        settings = request.settings if request.common is None else request.common
        found = self._nearby.closest(features(texts, meaningful(settings)), _LOOKED_AT)
        paths = [path for path in (found or self.paths) if self._explains(path, request)]
        read = 0
        for path in paths[:_FILES]:
            exchanges = self.exchanges_in(path)
            read += _length(exchanges)
            yield from (one for one in exchanges if _is_near(one.section.api, request.api))
            if read >= _READ:
                break

    def _explains(self, path: str, request: Request) -> bool:
        card = self._tables.cards.get(path)
        return card is not None and any(_is_near(api, request.api) for api in card.apis)


def _is_near(api: str, asked: str) -> bool:
    """Whether a section in this API may explain why a request was missed."""
    return api == asked or (not api and asked != RAW)


def _length(exchanges: list[Exchange]) -> int:
    """The number of characters in the conversations of a file."""
    longest = {id(exchange.section): exchange.steps for exchange in exchanges}
    return sum(len(text_of(step.message)) for steps in longest.values() for step in steps)
