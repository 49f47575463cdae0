"""What the index keeps of each file: not its texts, only what is needed to find them.

A card takes about a tenth of the size of its file. So the index of a large folder fits in memory,
can be saved between runs, and reads a file only when its answer is requested.
"""

import base64
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from dataclasses import dataclass
from itertools import groupby

from rechat.explain import text_of
from rechat.index.nearest_files import features
from rechat.matching import Exchange
from rechat.matching import Follower
from rechat.matching import Scheme
from rechat.matching import exchanges_of
from rechat.matching import meaningful
from rechat.matching import scheme_of
from rechat.matching import steps_from
from rechat.values import CHAT
from rechat.values import Answer
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Section

_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Spot:
    """An exchange: the line of its first answer, the scheme and keys by which it is found (no keys
    if it has patterns), how many answers it has, and the key for an API that has no roles (empty if
    the exchange needs roles).
    """

    line: int
    scheme: int
    keys: tuple[bytes, ...]
    is_pattern: bool
    answers: int
    without_roles: bytes = b""

    @property
    def all_keys(self) -> tuple[bytes, ...]:
        """All keys by which it is found."""
        return (*self.keys, self.without_roles) if self.without_roles else self.keys


@dataclass(frozen=True, slots=True)
class Card:
    """The index data of one file. Schemes, sections and exchanges are referred to by their numbers:
    `ends` are the sections that can be continued (section, scheme, key), `names` the ids of answers
    (API, id, exchange).
    """

    schemes: tuple[Scheme, ...]
    spots: tuple[Spot, ...]
    ends: tuple[tuple[int, int, bytes], ...]
    names: tuple[tuple[str, str, int], ...]
    apis: tuple[str, ...]
    models: tuple[str, ...]
    features: array[int]

    @property
    def answers(self) -> int:
        """How many answers the file holds."""
        return sum(spot.answers for spot in self.spots)

    @property
    def has_patterns(self) -> bool:
        """Whether the file has to be read for each request that nothing else answers."""
        return any(spot.is_pattern for spot in self.spots)


def exchanges_in(path: str, sections: Iterable[Section]) -> list[Exchange]:
    """The exchanges of a file, from the top."""
    return [exchange for section in sections for exchange in exchanges_of(path, section)]


def followed(
    sections: tuple[Section, ...],
    exchanges: list[Exchange],
    known: Card | None = None,
    follower: Follower | None = None,
    *,
    has_features: bool = True,
) -> tuple[Card, Follower | None]:
    """The card of a file, and what followed its last section to the last answer. `known` and
    `follower` are the results for a previous version that the file only extends: then only the
    extension is examined. Without features, the file is never found as the nearest.
    """
    draft = _Draft(known, has_features=has_features)
    first = len(sections) - 1 if known else 0
    start = len(draft.spots)
    of_section = {
        key: [*found] for key, found in groupby(exchanges[start:], lambda one: id(one.section))
    }
    latest: Follower | None = None
    for number in range(first, len(sections)):
        section = sections[number]
        own = of_section.get(id(section), [])
        latest = draft.add(number, section, own, follower if known else None)
    return draft.card(sections), latest


class _Draft:
    """A card under construction, section by section. It starts with the known exchanges of all
    sections but the last.
    """

    def __init__(self, known: Card | None, *, has_features: bool) -> None:
        self._has_features = has_features
        count = len(known.spots) - 1 if known else 0
        self.spots = [*known.spots[:count]] if known else []
        self._schemes = {
            scheme: number for number, scheme in enumerate(known.schemes if known else ())
        }
        self._ends = [*known.ends] if known else []
        self._names = [name for name in known.names if name[2] < count] if known else []
        self._features = {*known.features} if known else set()

    def add(
        self, number: int, section: Section, exchanges: list[Exchange], known: Follower | None
    ) -> Follower | None:
        """Add a section with its exchanges; returns what followed it to the last answer."""
        last = exchanges[-1] if exchanges else None
        steps = steps_from(section, last)
        follower = known or Follower(
            scheme_of(section), section, exchanges[0].steps if exchanges else steps
        )
        start = follower.done
        for exchange in exchanges:
            self._put(exchange, follower)
        if section.options.match == "exact":
            self._ends = [end for end in self._ends if end[0] != number]
            keys = follower.fork().follow(steps)
            self._ends += [(number, self._scheme(follower.scheme), key) for key in keys]
        if self._has_features:
            texts = (text_of(message) for step in steps[start:] for message in step.messages)
            self._features |= features(texts, meaningful(section.settings))
        return follower if last else None

    def _put(self, exchange: Exchange, follower: Follower) -> None:
        keys = follower.follow(exchange.steps)
        is_pattern = exchange.is_pattern
        scheme, found = (0, ()) if is_pattern else (self._scheme(follower.scheme), tuple(keys))
        without_roles = b"" if is_pattern else follower.without_roles
        answers = len(exchange.answered)
        api, number = exchange.section.api, len(self.spots)
        self._names += [(api, name, number) for name, _ in named(exchange)]
        self.spots.append(Spot(exchange.line, scheme, found, is_pattern, answers, without_roles))

    def _scheme(self, scheme: Scheme) -> int:
        return self._schemes.setdefault(scheme, len(self._schemes))

    def card(self, sections: tuple[Section, ...]) -> Card:
        """The card of a file with these sections."""
        models = [section.settings.get("model") for section in sections]
        return Card(
            tuple(self._schemes),
            tuple(self.spots),
            tuple(self._ends),
            tuple(self._names),
            tuple(dict.fromkeys(section.api for section in sections)),
            tuple(sorted({name for name in models if isinstance(name, str) and name})),
            array("I", self._features),
        )


def named(exchange: Exchange) -> Iterator[tuple[str, Message]]:
    """The id and the message of each of an exchange's answers from which its API can continue."""
    if exchange.section.api in ("", CHAT):
        return
    for reply in exchange.answered:
        match reply.answer:
            case Answer(choices=(choice, *_), fields={"id": str(name)}):
                yield name, choice.message


def write(card: Card) -> Json:
    """The card as JSON, which `read` accepts."""
    return [
        [_write_scheme(scheme) for scheme in card.schemes],
        [
            [
                *(spot.line, spot.scheme, _text(b"".join(spot.keys)), spot.is_pattern),
                *(spot.answers, _text(spot.without_roles)),
            ]
            for spot in card.spots
        ],
        [[section, scheme, _text(key)] for section, scheme, key in card.ends],
        [list(name) for name in card.names],
        list(card.apis),
        list(card.models),
        _text(card.features.tobytes()),
    ]


def read(value: Json) -> Card:
    """The card that `write` returned. Raises `ValueError`, `TypeError` or `KeyError` for anything
    else.
    """
    match value:
        case [
            list(schemes),
            list(spots),
            list(ends),
            list(names),
            list(apis),
            list(models),
            str(found),
        ]:
            numbers = array("I")
            numbers.frombytes(base64.b64decode(found))
            return Card(
                tuple(_read_scheme(scheme) for scheme in schemes),
                tuple(
                    Spot(line, scheme, _digests(keys), is_pattern, answers, base64.b64decode(bare))
                    for line, scheme, keys, is_pattern, answers, bare in spots
                ),
                tuple((section, scheme, *_digests(key)) for section, scheme, key in ends),
                tuple((api, name, number) for api, name, number in names),
                tuple(apis),
                tuple(models),
                numbers,
            )
    raise ValueError("this is not a card")


def _write_scheme(scheme: Scheme) -> Json:
    names = None if scheme.names is None else sorted(scheme.names)
    return asdict(scheme) | {"names": names}


def _read_scheme(value: JsonObject) -> Scheme:
    names = value["names"]
    lists = {name: tuple(value[name]) for name in ("ignore", "normalise")}
    return Scheme(**value | lists | {"names": None if names is None else frozenset(names)})


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _digests(text: str) -> tuple[bytes, ...]:
    data = base64.b64decode(text)
    return tuple(data[at : at + _DIGEST_LENGTH] for at in range(0, len(data), _DIGEST_LENGTH))
