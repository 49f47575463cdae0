"""The index over all transcripts: from a request to the exchange that answers it, or to the nearest
one and why not.

Order (design, section 4): exact, then listed with the most fields, then `like` with the most
literal characters, then `any`; ties by path and line. Nothing is served by similarity unless that
is asked for.
"""

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from rechat.difference import Difference, differences, readable
from rechat.exchanges import (
    Exchange,
    Step,
    exchanges_of,
    keyed,
    keys_of,
    scheme_of,
    spelled_steps,
    steps_of,
)
from rechat.jsontext import canonical
from rechat.matching import (
    SYSTEM_ROLES,
    Scheme,
    TextPattern,
    compile_pattern,
    meaningful,
)
from rechat.model import CHAT, RAW, Answer, Message, Request, Section, Text, Transcript

# How many candidates the line-by-line comparison looks at, after counting shared lines.
_FINALISTS = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """The exchange that answers a request, the rule by which, and what the holes of its patterns
    caught.
    """

    exchange: Exchange
    rule: str
    holes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The exchange that comes closest (1 is the same), and what differs."""

    exchange: Exchange
    ratio: float
    differences: tuple[Difference, ...]

    @property
    def reason(self) -> str:
        """Where it stands and what differs, in one line."""
        return f"nearest {self.exchange.path}:{self.exchange.line}: " + "; ".join(
            difference.reason for difference in self.differences[:3]
        )


@dataclass(frozen=True, slots=True)
class Miss:
    """No answer: the nearest exchange if there is any, and the blank that waits for this very
    request.
    """

    nearest: Nearest | None = None
    blank: Exchange | None = None

    @property
    def reason(self) -> str:
        """Why, in one line."""
        if self.blank:
            return f"the answer in {self.blank.path}:{self.blank.line} is still empty"
        return self.nearest.reason if self.nearest else "there is no transcript for this API yet"


@dataclass(slots=True)
class _Document:
    sections: tuple[Section, ...]
    exchanges: list[Exchange]
    patterns: dict[int, list[TextPattern | None]]


class Index:
    """All exchanges of a store. It is changed file by file and answers `find`; `version` is another
    number after each change.
    """

    def __init__(self) -> None:
        self.version = 0
        self._documents: dict[str, _Document] = {}
        self._keys: dict[Scheme, dict[bytes, list[Exchange]]] = {}
        self._ends: dict[Scheme, dict[bytes, list[tuple[str, Section]]]] = {}
        self._said: dict[tuple[str, str], tuple[Exchange, Message]] = {}

    def put(self, path: str, transcript: Transcript) -> None:
        """Take a file in, in place of what stood under its path."""
        self.drop(path)
        exchanges = [
            exchange for section in transcript.sections for exchange in exchanges_of(path, section)
        ]
        patterns = {
            number: [
                compile_pattern(step.message.text) if step.pattern == "like" else None
                for step in exchange.steps
            ]
            for number, exchange in enumerate(exchanges)
            if exchange.is_pattern
        }
        self._documents[path] = _Document(transcript.sections, exchanges, patterns)
        for exchange, scheme, keys in keyed(exchanges):
            for key in keys:
                self._keys.setdefault(scheme, defaultdict(list))[key].append(exchange)
        self._said |= {
            (exchange.section.api, name): (exchange, message)
            for exchange in exchanges
            for name, message in _named(exchange)
        }
        for section in transcript.sections:
            for scheme, key in _ends(section):
                self._ends.setdefault(scheme, defaultdict(list))[key].append((path, section))

    def drop(self, path: str) -> None:
        """Forget a file."""
        self.version += 1
        document = self._documents.pop(path, None)
        if not document:
            return
        for exchange, scheme, keys in keyed(document.exchanges):
            for key in keys:
                _remove(self._keys, scheme, key, exchange)
        for exchange in document.exchanges:
            for name, _ in _named(exchange):
                self._said.pop((exchange.section.api, name), None)
        for section in document.sections:
            for scheme, key in _ends(section):
                _remove(self._ends, scheme, key, (path, section))

    @property
    def paths(self) -> list[str]:
        """The files, in order."""
        return sorted(self._documents)

    def sections(self, path: str) -> tuple[Section, ...]:
        """The sections of a file; none if it is not known."""
        document = self._documents.get(path)
        return document.sections if document else ()

    def exchanges(self) -> Iterator[Exchange]:
        """All exchanges, by path and place."""
        for path in self.paths:
            yield from self._documents[path].exchanges

    def exchanges_in(self, path: str) -> list[Exchange]:
        """The exchanges of a file, from the top."""
        document = self._documents.get(path)
        return document.exchanges if document else []

    def find(self, request: Request, *, explain: bool = True) -> Hit | Miss:
        """The exchange that answers a request, or why there is none; to explain takes longer."""
        blank: Exchange | None = None
        for hit in self._candidates(request):
            if hit.exchange.answered:
                return hit
            blank = blank or hit.exchange
        return Miss(self.nearest(request) if explain and not blank else None, blank)

    def candidates(self, request: Request) -> list[Hit]:
        """All exchanges that match, best first, blanks included."""
        return list(self._candidates(request))

    def _candidates(self, request: Request) -> Iterator[Hit]:
        for (is_listed, _), schemes in groupby(sorted(self._keys, key=_rank), key=_rank):
            found = [
                exchange
                for scheme in schemes
                if scheme.takes(request)
                for exchange in self._keys[scheme].get(scheme.key(request), [])
            ]
            rule = "listed" if is_listed else "exact"
            yield from (
                Hit(exchange, rule)
                for exchange in sorted(found, key=lambda exchange: exchange.order)
            )
        yield from (
            hit for _, _, hit in sorted(self._by_pattern(request), key=lambda found: found[:2])
        )

    def _by_pattern(
        self, request: Request
    ) -> Iterator[tuple[tuple[bool, int], tuple[str, int], Hit]]:
        for document in self._documents.values():
            for number, patterns in document.patterns.items():
                exchange = document.exchanges[number]
                holes = _match(exchange, patterns, request)
                if holes is not None:
                    likes = [pattern.literals for pattern in patterns if pattern]
                    rule = "like" if likes else "any"
                    yield (not likes, -sum(likes)), exchange.order, Hit(exchange, rule, holes)

    def conversation_of(self, api: str, name: str) -> tuple[Message, ...] | None:
        """The conversation that ends with the answer of this id, if it was recorded."""
        found = self._said.get((api, name))
        if not found:
            return None
        exchange, said = found
        return (*(step.message for step in exchange.steps), said)

    def section_to_continue(self, request: Request) -> tuple[str, Section, int] | None:
        """The recorded section that ends where this request goes on, and how many of its messages
        stand there already.
        """
        best: tuple[str, Section, int] | None = None
        for scheme, ends in self._ends.items():
            if not scheme.takes(request):
                continue
            chain = scheme.chain(scheme.start(request.settings, request.query), request.messages)
            for count, key in enumerate(chain, 1):
                for path, section in sorted(
                    ends.get(key, []), key=lambda end: (end[0], end[1].line)
                ):
                    if best is None or count > best[2]:
                        best = path, section, count
        return best

    def nearest(self, request: Request) -> Nearest | None:
        """The exchange that is most like a request, by lines, and what differs."""
        asked = _lines(request.messages)
        counted = Counter(asked)
        shared: list[tuple[float, Exchange]] = []
        for document in self._documents.values():
            for exchange in document.exchanges:
                if not _is_near(exchange.section.api, request.api):
                    continue
                lines = Counter(_lines([step.message for step in exchange.steps]))
                total = counted.total() + lines.total()
                shared.append((2 * (counted & lines).total() / total if total else 1.0, exchange))
        shared.sort(key=lambda scored: (-scored[0], scored[1].order))
        found = [_nearest(exchange, request, asked) for _, exchange in shared[:_FINALISTS]]
        return max(
            found, key=lambda nearest: (nearest.ratio, -len(nearest.differences)), default=None
        )


def _is_near(api: str, asked: str) -> bool:
    """Whether a section may explain why a request of an API was missed."""
    return api == asked or (not api and asked != RAW)


def _nearest(exchange: Exchange, request: Request, asked: list[str]) -> Nearest:
    lines = _lines([step.message for step in exchange.steps])
    ratio = difflib.SequenceMatcher(None, lines, asked, autojunk=False).ratio()
    found = differences(exchange, scheme_of(exchange.section), request)
    return Nearest(exchange, ratio, tuple(found))


def _lines(messages: list[Message] | tuple[Message, ...]) -> list[str]:
    return [line for message in messages for line in [message.role, *readable(message).split("\n")]]


def _rank(scheme: Scheme) -> tuple[bool, int]:
    """What is asked first: exact, then listed with the most fields."""
    return not scheme.is_exact, -scheme.strength


def _ends(section: Section) -> Iterator[tuple[Scheme, bytes]]:
    """Where a recorded section can be continued."""
    if section.options.match == "exact":
        scheme = scheme_of(section)
        for key in keys_of(scheme, section, steps_of(section)):
            yield scheme, key


def _named(exchange: Exchange) -> Iterator[tuple[str, Message]]:
    """The ids of an exchange's answers, where its API may go on from them, and what was said."""
    if exchange.section.api in ("", CHAT):
        return
    for reply in exchange.answered:
        match reply.answer:
            case Answer(choices=(choice, *_), fields={"id": str(name)}):
                yield name, choice.message


def _remove[T](
    keys: dict[Scheme, dict[bytes, list[T]]], scheme: Scheme, key: bytes, value: T
) -> None:
    found = keys[scheme][key]
    found[:] = [item for item in found if item is not value and item != value]
    if not found:
        del keys[scheme][key]
    if not keys[scheme]:
        del keys[scheme]


def _match(
    exchange: Exchange, patterns: list[TextPattern | None], request: Request
) -> dict[str, str] | None:
    """What the holes caught, if a request matches an exchange with patterns."""
    scheme = scheme_of(exchange.section)
    if not scheme.takes(request) or not _same_settings(exchange, scheme, request):
        return None
    steps = [
        (step, pattern)
        for step, pattern in zip(spelled_steps(scheme, exchange.steps), patterns, strict=True)
        if scheme.counts(step.message) and not _is_free(step)
    ]
    free = {scheme.role(step.message) for step in exchange.steps if _is_free(step)}
    free -= {scheme.role(step.message) for step, _ in steps}
    messages = [
        message
        for message in scheme.spelled(request.messages)
        if scheme.counts(message) and scheme.role(message) not in free
    ]
    if len(steps) != len(messages):
        return None
    holes: dict[str, str] = {}
    for (step, pattern), message in zip(steps, messages, strict=True):
        caught = _match_step(scheme, step, pattern, message)
        if caught is None or any(holes.get(name, text) != text for name, text in caught.items()):
            return None
        holes |= caught
    return holes


def _is_free(step: Step) -> bool:
    """Whether this is `### system, any`, which stands for none too."""
    return step.pattern == "any" and step.message.role in SYSTEM_ROLES


def _same_settings(exchange: Exchange, scheme: Scheme, request: Request) -> bool:
    if scheme.counts_query and exchange.section.options.query != request.query:
        return False
    ours, theirs = (
        meaningful(settings, scheme.ignore)
        for settings in (exchange.section.settings, scheme.settings_of(request))
    )
    names = ours.keys() | theirs.keys() if scheme.names is None else scheme.names
    return all(canonical(ours.get(name)) == canonical(theirs.get(name)) for name in names)


def _match_step(
    scheme: Scheme, step: Step, pattern: TextPattern | None, theirs: Message
) -> dict[str, str] | None:
    if scheme.role(step.message) != scheme.role(theirs):
        return None
    if pattern:
        plain = all(isinstance(part, Text) for part in theirs.parts)
        return pattern.match(theirs.text) if plain else None
    if step.pattern == "any" or scheme.canonical(theirs) in map(scheme.canonical, step.messages):
        return {}
    return None
