"""Finds the files that may hold the nearest conversation to a request, by the lines that they
share, without reading them.

1. A conversation has features: each line, or each part of a long one; each setting; and words, so
   that a line with one changed word is still near: all words of a short text; of a longer one the
   numbers and names, which tell apart texts made from one template; of one with few lines a fixed
   sample of others too.
2. A rare feature counts more than a common one. One that most files have counts nothing.
3. Features are 32-bit hashes, so this is only a rough choice; the caller compares the few files
   that it returns.
"""

import math
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import nlargest
from heapq import nsmallest
from zlib import crc32

from rechat.explain import words_of
from rechat.values import JsonObject
from rechat.values import Remembered
from rechat.values import canonical

# A text of at most this many characters is found by all of its words, too.
_SHORT = 300
# A text with more lines than this is found by its lines. From a longer text with fewer lines, this
# many words are sampled: those with the lowest hashes, which are most likely the same in nearly
# equal texts.
_LINES = 8
_WORDS = 16
# From a longer text, at most this many numbers and this many names count, the longest ones.
_TELLING = 24
# A line of more bytes than this is split at the ends of sentences or JSON values, so that one
# change leaves the other parts unchanged.
_LONG_LINE = 200
_CUT = re.compile(rb"[.,;!?]")
_NUMBER = re.compile(rb"[0-9][0-9A-Za-z_]{0,31}")
_NAME = re.compile(rb"[A-Z][0-9A-Za-z_\x80-\xff]{2,31}")
# At most this many characters of a text are searched for words, since each call of the search
# blocks other threads.
_BEGINNING = 100_000
# At most this many index entries are visited for a request, the rarest features first.
_EFFORT = 40_000
_MASK = 0xFFFF
# Hashes of words and settings are kept apart from those of lines.
_WORD, _SETTING = 1, 2
# The features of texts are cached up to this many characters of text.
_ROOM = 1 << 22


def features(texts: Iterable[str], settings: JsonObject) -> set[int]:
    """The features by which a conversation with these texts and settings is found."""
    found: set[int] = set()
    for text in texts:
        found.update(_of_text(text[:_BEGINNING]))
    found.update(
        crc32(key.encode() + canonical(value), _SETTING) for key, value in settings.items()
    )
    return found


def _features(text: str) -> tuple[int, ...]:
    raw = text.encode("utf-8", "surrogatepass")
    found = set(map(crc32, _parts(raw)))
    if len(raw) <= _SHORT:
        return (*found, *_words(text))
    found |= _longest(_NUMBER.findall(raw)) | _longest(_NAME.findall(raw))
    if text.count("\n") < _LINES:
        found.update(nsmallest(_WORDS, _words(text)))
    return tuple(found)


def _parts(raw: bytes) -> Iterator[bytes]:
    for line in raw.split(b"\n"):
        if len(line) <= _LONG_LINE:
            yield line
        else:
            yield from _CUT.split(line)


def _longest(words: list[bytes]) -> set[int]:
    longest = nsmallest(_TELLING, {*words}, key=lambda word: (-len(word), crc32(word)))
    return {crc32(word.lower(), _WORD) for word in longest}


# The next turn of a conversation has the same texts again.
_of_text = Remembered(_features, _ROOM)


def _words(text: str) -> set[int]:
    words = {word for word in words_of(text) if len(word) > 1 or word.isalnum()}
    return {crc32(word.encode("utf-8", "surrogatepass"), _WORD) for word in words}


class Nearby:
    """The features of all files, which are numbered internally."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._paths: list[str] = []
        self._dropped: set[int] = set()
        self._new: list[tuple[int, array[int]]] = []
        self._buckets: defaultdict[int, array[int]] = defaultdict(lambda: array("Q"))

    def put(self, path: str, found: array[int]) -> None:
        """Add or replace a file."""
        self.drop(path)
        number = self._numbers[path] = len(self._paths)
        self._paths.append(path)
        self._new.append((number, found))

    def drop(self, path: str) -> None:
        """Remove a file."""
        number = self._numbers.pop(path, None)
        if number is not None:
            self._dropped.add(number)

    def closest(self, found: Iterable[int], count: int) -> list[str]:
        """Up to `count` files that share the most with these features, the best first."""
        self._sort_in()
        shared, all_share = self._shared(found)
        least = min(nlargest(count, shared.values()), default=0.0)
        ahead = [(-weight, self._paths[at]) for at, weight in shared.items() if weight > least]
        even = (self._paths[at] for at, weight in shared.items() if weight == least)
        best = [path for _, path in sorted(ahead)]
        best += nsmallest(count - len(best), even)
        if all_share and len(best) < count:
            best += nsmallest(count - len(best), self._numbers.keys() - best)
        return best

    def _shared(self, found: Iterable[int]) -> tuple[dict[int, float], bool]:
        """How much of these features each file has, and whether there are features that all files
        share, which count nothing.
        """
        shared: defaultdict[int, float] = defaultdict(float)
        effort, count, all_share = 0, len(self._numbers), False
        for feature in sorted(found, key=lambda feature: (self._effort(feature), feature)):
            effort += self._effort(feature)
            if effort > _EFFORT and (shared or all_share):
                break
            numbers = self._files_with(feature)
            if len(numbers) == count:
                all_share = True
                continue
            weight = math.log(1 + count / len(numbers)) if numbers else 0.0
            for number in numbers:
                shared[number] += weight
        return shared, all_share

    def _sort_in(self) -> None:
        """Index the features of new files. This is done on demand, so that only lookups pay
        for it.
        """
        if len(self._paths) > 2 * len(self._numbers) + 1000:
            self._forget_dropped()
        for number, found in self._new:
            for feature in found:
                self._buckets[feature & _MASK].append(feature << 32 | number)
        self._new.clear()

    def _forget_dropped(self) -> None:
        """Renumber the remaining files, since most numbers refer to dropped ones."""
        kept: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        for bucket in self._buckets.values():
            for entry in bucket:
                kept[entry & 0xFFFFFFFF].append(entry >> 32)
        kept |= dict(self._new)
        current = {path: kept[number] for path, number in self._numbers.items()}
        self._numbers, self._paths, self._new = {}, [], []
        self._buckets.clear()
        self._dropped.clear()
        for path, found in current.items():
            self.put(path, found)

    def _effort(self, feature: int) -> int:
        """How many entries have to be visited to find the files with a feature."""
        return len(self._buckets.get(feature & _MASK, ()))

    def _files_with(self, feature: int) -> list[int]:
        dropped = self._dropped
        return [
            number
            for entry in self._buckets.get(feature & _MASK, ())
            if entry >> 32 == feature and (number := entry & 0xFFFFFFFF) not in dropped
        ]
