"""Which files may hold the conversation that is nearest to a request: found by the lines that they
share, without reading them.

1. A conversation has features: each line, or each part of a long one; each setting; and words, so
   that a line with another word is still near: of a short text all; of a longer one numbers and
   names, which tell apart what was made from one template; of one with few lines some others too,
   always the same.
2. A rare feature says more than a common one. One that most files have says nothing.
3. It is a rough choice by numbers of 32 bits; who asks compares the few that are found.
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

# Of a short text, the words count too: so many characters at most.
_SHORT = 300
# A text of more lines is found by these. Of a longer text with fewer, so many words count: those
# with the least numbers, which most likely are the same in a text that is nearly the same.
_LINES = 8
_WORDS = 16
# Of a longer text so many numbers and so many names count, the longest ones.
_TELLING = 24
# A line of more bytes is cut where a sentence or a value of JSON ends: one change leaves the other
# parts as they are.
_LONG_LINE = 200
_CUT = re.compile(rb"[.,;!?]")
_NUMBER = re.compile(rb"[0-9][0-9A-Za-z_]{0,31}")
_NAME = re.compile(rb"[A-Z][0-9A-Za-z_\x80-\xff]{2,31}")
# So many characters of a text are looked at: each call of the search for words keeps other threads
# from running.
_BEGINNING = 100_000
# So many entries are looked at for a request, the rarest features first.
_EFFORT = 40_000
_MASK = 0xFFFF
# The numbers of words and settings are others than those of lines.
_WORD, _SETTING = 1, 2
# So many characters of texts are remembered with their features.
_ROOM = 1 << 22


def features(texts: Iterable[str], settings: JsonObject) -> set[int]:
    """What a conversation with these texts and settings is found by."""
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
    """The features of all files. Numbers stand for the files inside."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._paths: list[str] = []
        self._dropped: set[int] = set()
        self._new: list[tuple[int, array[int]]] = []
        self._buckets: defaultdict[int, array[int]] = defaultdict(lambda: array("Q"))

    def put(self, path: str, found: array[int]) -> None:
        """Take in a file, in place of what stood under its path."""
        self.drop(path)
        number = self._numbers[path] = len(self._paths)
        self._paths.append(path)
        self._new.append((number, found))

    def drop(self, path: str) -> None:
        """Forget a file."""
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
        """How much of these features each file has, and whether all files share some, which weigh
        nothing.
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
        """Put the features of new files where they are found; only who asks pays for it."""
        if len(self._paths) > 2 * len(self._numbers) + 1000:
            self._forget_dropped()
        for number, found in self._new:
            for feature in found:
                self._buckets[feature & _MASK].append(feature << 32 | number)
        self._new.clear()

    def _forget_dropped(self) -> None:
        """Give the files that are left new numbers, since most numbers stand for none any more."""
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
        """How many entries have to be looked at to find the files with a feature."""
        return len(self._buckets.get(feature & _MASK, ()))

    def _files_with(self, feature: int) -> list[int]:
        dropped = self._dropped
        return [
            number
            for entry in self._buckets.get(feature & _MASK, ())
            if entry >> 32 == feature and (number := entry & 0xFFFFFFFF) not in dropped
        ]
