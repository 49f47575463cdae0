"""How much a request is like recorded conversations: by the words that they share, in time that
grows with the texts.

1. What counts is how often each word stands in either conversation, and each two words next to each
   other (large texts have many words in common, but not their order): twice what both have is held
   against all that there is. Settings do not count, nor does a message that the transcript leaves
   out, nor the ids of calls.
2. A word that few of the compared conversations have counts more than one that most have, and a
   long word more than a short one (in all languages the common words are short) or a sign.
   Numbers count in full.
3. 1 is the same text. With the same words in another order, the likeness is as near to 1 as can be.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, pairwise

from rechat.explain.difference import readable
from rechat.matching import Exchange, Scheme, Step, scheme_of
from rechat.values import Message

# Where scripts set no spaces, each character is a word. A very long word is cut: data in Base64
# with another end is still alike.
_WORDS = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{1,32}|[^\w\s]"
)
# A word of so many letters counts in full, a shorter one in proportion.
_IN_FULL = 4
ALMOST = math.nextafter(1.0, 0.0)
"""The greatest likeness of what is not the same."""


def words_of(text: str) -> list[str]:
    """The words and signs of a text, in lower case."""
    return _WORDS.findall(text.lower())


def text_of(message: Message) -> str:
    """What a message says, without the fields that answers carry and clients may send back or not,
    and without the name of the call that a result belongs to.
    """
    is_bare = message.role in ("assistant", "tool") and bool(message.fields)
    return readable(replace(message, fields={}) if is_bare else message)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much the text of a request is like that of an exchange: from 0 to 1."""

    ratio: float
    exchange: Exchange


def likenesses(
    messages: Sequence[Message], texts: Sequence[str], exchanges: Iterable[Exchange]
) -> Iterator[Likeness]:
    """How much a request with these messages, which say these texts, is like each exchange. The
    exchanges of a section follow each other from the top: what they share is counted once.
    """
    sections = [[*found] for _, found in groupby(exchanges, lambda one: id(one.section))]
    count = cache(_Counted)
    asked = [*zip(messages, map(count, texts), strict=True)]
    chosen = {*texts}
    steps = [[_told(step, chosen, count) for step in found[-1].steps] for found in sections]
    weights = _Weights([[text for _, text in told] for told in steps])
    for found, told in zip(sections, steps, strict=True):
        scheme = scheme_of(found[0].section)
        yield from _along(found, _Asked(scheme, asked, weights), told)


class _Counted:
    """A text, with how often each word stands in it, and each two words next to each other."""

    __slots__ = ("ends", "pairs", "text", "words")

    def __init__(self, text: str) -> None:
        words = words_of(text)
        self.text = text
        self.words = Counter(words)
        self.pairs = Counter(pairwise(words))
        self.ends = words[:1] + words[-1:]


type _Told = tuple[Message, _Counted]


def _told(step: Step, asked: set[str], count: Callable[[str], _Counted]) -> _Told:
    """A message of a transcript, of several takes the one that is asked for, and its words."""
    told = [(message, text_of(message)) for message in step.messages]
    message, text = next((one for one in told if one[1] in asked), told[0])
    return message, count(text)


class _Weights:
    """How much words count when these conversations are compared."""

    def __init__(self, conversations: Sequence[Sequence[_Counted]]) -> None:
        self._spread: Counter[str] = Counter()
        for counted in conversations:
            self._spread.update(set().union(*(one.words for one in counted)))
        self._count = len(conversations)
        self.of_word = cache(self._of_word)
        self.of_text = cache(self._of_text)

    def _of_word(self, word: str) -> float:
        length = _IN_FULL if word.isdecimal() else min(len(word), _IN_FULL)
        rarity = math.log(1 + self._count / max(self._spread[word], 1))
        return rarity * length / _IN_FULL

    def of_pair(self, pair: tuple[str, str]) -> float:
        """Two words count as much as one of them on average."""
        return (self.of_word(pair[0]) + self.of_word(pair[1])) / 2

    def _of_text(self, counted: _Counted) -> float:
        """All words and all pairs: each word is in two pairs, but for those at the ends."""
        once = sum(number * self.of_word(word) for word, number in counted.words.items())
        return 2 * once - sum(map(self.of_word, counted.ends)) / 2


class _Asked:
    """A request as a section is compared with it."""

    def __init__(self, scheme: Scheme, told: Iterable[_Told], weights: _Weights) -> None:
        self.scheme = scheme
        self.weights = weights
        counted = [(message, one) for message, one in told if scheme.counts(message)]
        self.spoken = [(scheme.role(message), one.text) for message, one in counted]
        self.total = sum(weights.of_text(one) for _, one in counted)
        self.words: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        for _, one in counted:
            self.words.update(one.words)
            self.pairs.update(one.pairs)

    def take(self, one: _Counted) -> float:
        """The weight of what a text has in common with what is left of the request; it is taken
        away from that.
        """
        return _take(one.words, self.words, self.weights.of_word) + _take(
            one.pairs, self.pairs, self.weights.of_pair
        )


def _take[T](ours: Counter[T], left: Counter[T], weight: Callable[[T], float]) -> float:
    taken = 0.0
    for item in ours.keys() & left.keys():
        number = min(ours[item], left[item])
        if number:
            left[item] -= number
            taken += number * weight(item)
    return taken


def _along(
    exchanges: Iterable[Exchange], asked: _Asked, told: Sequence[_Told]
) -> Iterator[Likeness]:
    """The exchanges of a section, one after the other: each adds only its own messages."""
    total = shared = 0.0
    place = done = 0
    is_same = True
    for exchange in exchanges:
        for message, one in told[done : len(exchange.steps)]:
            if asked.scheme.counts(message):
                spoken = asked.scheme.role(message), one.text
                is_same = is_same and asked.spoken[place : place + 1] == [spoken]
                place += 1
                total += asked.weights.of_text(one)
                shared += asked.take(one)
        done = len(exchange.steps)
        both = total + asked.total
        ratio = round(2 * shared / both, 9) if both else 1.0
        is_whole = is_same and place == len(asked.spoken)
        yield Likeness(1.0 if is_whole else min(ratio, ALMOST), exchange)
