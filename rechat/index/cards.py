"""What the index has to know of a file: not its texts, only what finds them.

A card takes about a tenth of the room of its file. So the index of a large folder stays in memory,
can be kept from one start to the next, and reads a file when its answer is asked for.
"""

import base64
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from dataclasses import dataclass

from rechat.explain import text_of
from rechat.index.nearest_files import features
from rechat.matching import Exchange
from rechat.matching import Scheme
from rechat.matching import exchanges_of
from rechat.matching import keyed
from rechat.matching import keys_of
from rechat.matching import meaningful
from rechat.matching import scheme_of
from rechat.matching import steps_of
from rechat.values import CHAT
from rechat.values import Answer
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Section

FORMAT = 3
_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Spot:
    """An exchange: where its first answer stands, by which scheme and keys it is found (none if it
    has patterns), and how many answers it has.
    """

    line: int
    scheme: int
    keys: tuple[bytes, ...]
    is_pattern: bool
    answers: int


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a file. Schemes, sections and exchanges are named by their numbers: `ends`
    are the sections that can be continued (section, scheme, key), `names` the ids of answers (API,
    id, exchange).
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


def card_of(sections: tuple[Section, ...], exchanges: list[Exchange]) -> Card:
    """The card of a file with these sections and their exchanges."""
    schemes: dict[Scheme, int] = {}
    keys = {
        id(exchange): (schemes.setdefault(scheme, len(schemes)), tuple(found))
        for exchange, scheme, found in keyed(exchanges)
    }
    spots = [
        Spot(
            exchange.line,
            *keys.get(id(exchange), (0, ())),
            exchange.is_pattern,
            len(exchange.answered),
        )
        for exchange in exchanges
    ]
    ends = tuple(_ends(sections, schemes))
    models = {section.settings.get("model") for section in sections}
    return Card(
        tuple(schemes),
        tuple(spots),
        ends,
        tuple(
            (exchange.section.api, name, number)
            for number, exchange in enumerate(exchanges)
            for name, _ in named(exchange)
        ),
        tuple(dict.fromkeys(section.api for section in sections)),
        tuple(sorted(name for name in models if isinstance(name, str) and name)),
        _features(sections),
    )


def named(exchange: Exchange) -> Iterator[tuple[str, Message]]:
    """The ids of an exchange's answers, where its API may go on from them, and what was said."""
    if exchange.section.api in ("", CHAT):
        return
    for reply in exchange.answered:
        match reply.answer:
            case Answer(choices=(choice, *_), fields={"id": str(name)}):
                yield name, choice.message


def _ends(
    sections: tuple[Section, ...], schemes: dict[Scheme, int]
) -> Iterator[tuple[int, int, bytes]]:
    """Where a recorded section can be continued."""
    for number, section in enumerate(sections):
        if section.options.match == "exact":
            scheme = scheme_of(section)
            for key in keys_of(scheme, section, steps_of(section)):
                yield number, schemes.setdefault(scheme, len(schemes)), key


def _features(sections: tuple[Section, ...]) -> array[int]:
    found: set[int] = set()
    for section in sections:
        steps = steps_of(section)
        texts = (text_of(message) for step in steps for message in step.messages)
        found |= features(texts, meaningful(section.settings))
    return array("I", found)


def write(card: Card) -> Json:
    """The card as JSON, for `read`."""
    return [
        [_write_scheme(scheme) for scheme in card.schemes],
        [
            [spot.line, spot.scheme, _text(b"".join(spot.keys)), spot.is_pattern, spot.answers]
            for spot in card.spots
        ],
        [[section, scheme, _text(key)] for section, scheme, key in card.ends],
        [list(name) for name in card.names],
        list(card.apis),
        list(card.models),
        _text(card.features.tobytes()),
    ]


def read(value: Json) -> Card:
    """The card that was written so. Raises `ValueError`, `TypeError` or `KeyError` for
    anything else.
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
                    Spot(line, scheme, _digests(keys), is_pattern, answers)
                    for line, scheme, keys, is_pattern, answers in spots
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
