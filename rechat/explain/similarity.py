"""How similar a request is to recorded conversations, by the words they share, in linear time.

1. It compares how often each word and each pair of neighbouring words occurs (large texts share
   many words, but not their order): twice the common weight divided by the total weight. Settings
   do not count, nor do messages that the transcript leaves out, nor the ids of calls.
2. A word that few of the compared conversations contain counts more than one that most contain, and
   a long word more than a short one (in all languages the common words are short) or a punctuation
   mark. Numbers count in full.
3. The last question of a person counts about as much as the whole conversation: two questions below
   the same long system message or history are not similar because of that.
4. 1 means the same text. The same words in another order come as close to 1 as possible.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace
from itertools import batched
from itertools import groupby
from itertools import pairwise

from rechat.explain.difference import readable
from rechat.explain.lookalikes import plain
from rechat.matching import Exchange
from rechat.matching import Scheme
from rechat.matching import Step
from rechat.matching import scheme_of
from rechat.values import Message
from rechat.values import Remembered

# In scripts without spaces each character is a word. A very long word is cut, so that Base64 data
# with a different end is still similar.
_WORDS = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{1,32}|[^\w\s]"
)
# The same for texts of ASCII only, which is faster. In them `\s` matches fewer characters.
_ASCII_WORDS = re.compile(r"\w{1,32}|[^\w\s\x1c-\x1f]", re.ASCII)
# A word of this many letters counts in full, a shorter one proportionally.
_IN_FULL = 4
# The weight of the whole conversation relative to its last question.
_REST = 0.1
# At most this many characters are processed in one call: a longer call would block other threads.
_PIECE = 10_000
# The words of texts are cached up to this many bytes in total, counting this many for each word and
# each pair: the texts that one miss is compared with are most likely those of the next one, and the
# next turn of a conversation repeats the texts of this one.
_ROOM = 1 << 25
_BYTES = 110
ALMOST = math.nextafter(1.0, 0.0)
"""The highest similarity of texts that are not equal."""


def words_of(text: str) -> list[str]:
    """The words and punctuation marks of a text, in lower case."""
    text = plain(text).lower()
    find = (_ASCII_WORDS if text.isascii() else _WORDS).findall
    words: list[str] = []
    start = 0
    while len(text) - start > _PIECE:
        end = start + _PIECE
        words += find(text, start, end)
        # The last word may continue, so the next piece begins with it.
        cut = len(words.pop()) if words and text.endswith(words[-1], start, end) else 0
        start = end - cut
    words += find(text, start)
    return words


def _count[T: Hashable](items: Iterable[T]) -> Counter[T]:
    counter: Counter[T] = Counter()
    for some in batched(items, _PIECE):
        counter.update(some)
    return counter


def text_of(message: Message) -> str:
    """The text of a message, without fields that clients may or may not send back, and without the
    name of the call that a result belongs to.
    """
    is_bare = message.role in ("assistant", "tool") and bool(message.fields)
    return readable(replace(message, fields={}) if is_bare else message)


@dataclass(frozen=True, slots=True)
class Likeness:
    """The similarity of a request and an exchange, from 0 to 1."""

    ratio: float
    exchange: Exchange


def likenesses(
    messages: Sequence[Message], texts: Sequence[str], exchanges: Iterable[Exchange]
) -> Iterator[Likeness]:
    """The similarity of a request, given by its messages and their texts, to each exchange. The
    exchanges of a section have to be in order, so that what they share is counted once.
    """
    sections = [[*found] for _, found in groupby(exchanges, lambda one: id(one.section))]
    chosen = {*texts}
    steps = [[_counted_step(step, chosen) for step in found[-1].steps] for found in sections]
    known = {one.text: one for told in steps for _, one in told}
    asked = [
        (message, known.setdefault(text, known.get(text) or _counted(text)))
        for message, text in zip(messages, texts, strict=True)
    ]
    weights = _Weights([[one for _, one in told] for told in steps])
    for found, told in zip(sections, steps, strict=True):
        scheme = scheme_of(found[0].section)
        yield from _along(found, _Remaining(scheme, asked, weights), told)


class _Counted:
    """A text with the counts of its words and pairs of neighbouring words."""

    __slots__ = ("ends", "pairs", "text", "words")

    def __init__(self, text: str) -> None:
        words = words_of(text)
        self.text = text
        self.words = _count(words)
        self.pairs = _count(pairwise(words))
        self.ends = words[:1] + words[-1:]


_counted = Remembered(_Counted, _ROOM, lambda known: _BYTES * (len(known.words) + len(known.pairs)))

type _CountedStep = tuple[Message, _Counted]


def _counted_step(step: Step, asked: set[str]) -> _CountedStep:
    """A message of a transcript (of several takes the requested one), and its words."""
    told = [(message, text_of(message)) for message in step.messages]
    message, text = next((one for one in told if one[1] in asked), told[0])
    return message, _counted(text)


class _Weights(dict[str, float]):
    """The weights of words for comparing these conversations, computed on demand.

    (Not a `functools.cache` of a method: that would be a reference cycle, which only the garbage
    collector takes apart, together with all counts, while every other thread waits.)
    """

    def __init__(self, conversations: Sequence[Sequence[_Counted]]) -> None:
        super().__init__()
        self._spread: Counter[str] = Counter()
        for counted in conversations:
            self._spread.update(set().union(*(one.words for one in counted)))
        self._count = len(conversations)
        self._texts: dict[_Counted, float] = {}

    def __missing__(self, word: str) -> float:
        length = _IN_FULL if word.isdecimal() else min(len(word), _IN_FULL)
        rarity = math.log(1 + self._count / max(self._spread[word], 1))
        weight = self[word] = rarity * length / _IN_FULL
        return weight

    def of_pair(self, pair: tuple[str, str]) -> float:
        """A pair counts as much as the average of its two words."""
        return (self[pair[0]] + self[pair[1]]) / 2

    def of_text(self, counted: _Counted) -> float:
        """The weight of all words and pairs: each word is in two pairs, except at the ends."""
        if counted not in self._texts:
            once = sum(number * self[word] for word, number in counted.words.items())
            ends = sum(self[word] for word in counted.ends)
            self._texts[counted] = 2 * once - ends / 2
        return self._texts[counted]


class _Remaining:
    """What is left of a request while a section is compared with it."""

    def __init__(self, scheme: Scheme, told: Iterable[_CountedStep], weights: _Weights) -> None:
        self.scheme = scheme
        self.weights = weights
        counted = [(message, one) for message, one in told if scheme.counts(message)]
        self.spoken = [(scheme.role(message), one.text) for message, one in counted]
        self.question = next((one for message, one in reversed(counted) if _asks(message)), None)
        self.total = sum(weights.of_text(one) for _, one in counted)
        self.words: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        for _, one in counted:
            self.words.update(one.words)
            self.pairs.update(one.pairs)

    def take(self, one: _Counted) -> float:
        """The weight of what a text shares with the rest of the request, which is removed from the
        rest.
        """
        return _take(one.words, self.words, self.weights.__getitem__) + _take(
            one.pairs, self.pairs, self.weights.of_pair
        )

    def like_question(self, question: _Counted) -> float | None:
        """How similar the last question is to this one; None if there is no question."""
        asked = self.question
        if not asked:
            return None
        if asked.text == question.text:
            return 1.0
        weights = self.weights
        shared = _shared(asked.words, question.words, weights.__getitem__)
        shared += _shared(asked.pairs, question.pairs, weights.of_pair)
        both = weights.of_text(asked) + weights.of_text(question)
        return 2 * shared / both if both else 1.0


def _asks(message: Message) -> bool:
    return message.role not in ("system", "developer", "assistant", "tool", "function")


def _mean(whole: float, question: float) -> float:
    """The geometric mean, so that both have to be similar; questions with nothing in common are
    still ordered by the whole conversation.
    """
    return math.sqrt(whole * ((1 - _REST) * question + _REST * whole))


def _shared[T](ours: Counter[T], theirs: Counter[T], weight: Callable[[T], float]) -> float:
    both = ours.keys() & theirs.keys()
    return sum(min(ours[item], theirs[item]) * weight(item) for item in both)


def _take[T](ours: Counter[T], left: Counter[T], weight: Callable[[T], float]) -> float:
    taken = 0.0
    for item in ours.keys() & left.keys():
        number = min(ours[item], left[item])
        if number:
            left[item] -= number
            taken += number * weight(item)
    return taken


def _along(
    exchanges: Iterable[Exchange], left: _Remaining, told: Sequence[_CountedStep]
) -> Iterator[Likeness]:
    """The exchanges of a section in order: each adds only its own messages."""
    total = shared = 0.0
    place = done = 0
    is_same = True
    like: float | None = None
    for exchange in exchanges:
        end = len(exchange.steps)
        for step, (message, one) in zip(exchange.steps[done:], told[done:end], strict=True):
            if left.scheme.counts(message):
                spoken = left.scheme.role(message), one.text
                is_same = is_same and left.spoken[place : place + 1] == [spoken]
                place += 1
                total += left.weights.of_text(one)
                shared += left.take(one)
                if _asks(message):
                    like = None if step.pattern == "any" else left.like_question(one)
        done = end
        both = total + left.total
        whole = 2 * shared / both if both else 1.0
        ratio = round(whole if like is None else _mean(whole, like), 9)
        is_whole = is_same and place == len(left.spoken)
        yield Likeness(1.0 if is_whole else min(ratio, ALMOST), exchange)
