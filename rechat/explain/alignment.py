"""The longest common parts of two sequences, in order and in bounded time.

1. A short stretch, or one whose items hardly repeat, is left to `difflib`, which looks for the
   longest common blocks. With repeating items it can take cubic time, so its worst case is
   estimated first.
2. A longer stretch is cut where both sides agree: at the ends, and at the items that each side has
   once (patience diff). If there are none, the first occurrence of an item on one side is paired
   with the first on the other, the second with the second, and so on.
3. Whatever is left when the budget is used up counts as replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal, NamedTuple

EFFORT = 1_000_000
"""Steps, at worst, of one comparison: about a tenth of a second."""
# A stretch that is not cut further before `difflib` looks at it.
_SMALL = 100_000

type Kind = Literal["equal", "replace", "delete", "insert"]


class Run(NamedTuple):
    """How `old[i:j]` became `new[k:m]`."""

    kind: Kind
    i: int
    j: int
    k: int
    m: int


class _Match(NamedTuple):
    """A run of `size` equal items, starting at `i` and at `k`."""

    i: int
    k: int
    size: int


class _Stretch(NamedTuple):
    """`old[i:j]` and `new[k:m]`, of which the common blocks are still to be found."""

    i: int
    j: int
    k: int
    m: int


def runs(old: Sequence[Hashable], new: Sequence[Hashable], effort: int = EFFORT) -> Iterator[Run]:
    """The changes that turn one sequence into the other, in order, computed lazily. A smaller
    `effort` means coarser changes.
    """
    i = k = 0
    end = _Match(len(old), len(new), 0)
    for block in chain(_joined(_blocks(old, new, effort)), [end]):
        if block.i > i or block.k > k:
            kind: Kind = "insert" if block.i == i else "delete" if block.k == k else "replace"
            yield Run(kind, i, block.i, k, block.k)
        i, k = block.i + block.size, block.k + block.size
        if block.size:
            yield Run("equal", block.i, i, block.k, k)


def _blocks(old: Sequence[Hashable], new: Sequence[Hashable], effort: int) -> Iterator[_Match]:
    """The common blocks, in order, computed lazily; two may be adjacent."""
    waiting: list[_Match | _Stretch] = [_Stretch(0, len(old), 0, len(new))]
    while waiting:
        first = waiting.pop()
        if isinstance(first, _Match):
            yield first
            continue
        i, j, k, m = first
        if i == j or k == m:
            continue
        ours, theirs = old[i:j], new[k:m]
        cost = _cost(ours, theirs)
        if cost <= min(_SMALL, effort):
            effort -= cost
            matched = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
            yield from (_Match(i + a, k + b, size) for a, b, size in matched if size)
            continue
        effort -= len(ours) + len(theirs)
        blocks = _ends(ours, theirs)
        if not blocks and effort > 0:
            blocks = _anchors(ours, theirs)
        waiting += reversed([*_cut(first, blocks)])


def _cost(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """An upper bound for the steps that `difflib` takes: for each block that it finds, it visits
    all pairs of equal items.
    """
    ours, theirs = Counter(old), Counter(new)
    pairs = sum(count * theirs[item] for item, count in ours.items())
    return (len(old) + len(new) + pairs) * (1 + min(len(old), len(new), pairs))


def _ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[_Match]:
    """The common prefix and suffix."""
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - start
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    blocks = [_Match(0, 0, start), _Match(len(old) - end, len(new) - end, end)]
    return [block for block in blocks if block.size]


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[_Match]:
    """Unambiguous pairs of items, as many as appear in the same order on both sides."""
    pairs = _once_in_both(old, new) or _once_in_both(_numbered(old), _numbered(new))
    return [_Match(i, k, 1) for i, k in _rising(pairs)]


def _once_in_both(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The positions of the items that each side has exactly once."""
    ours, theirs = Counter(old), Counter(new)
    places = {item: place for place, item in enumerate(new) if theirs[item] == 1}
    return [
        (place, places[item])
        for place, item in enumerate(old)
        if ours[item] == 1 and item in places
    ]


def _numbered(items: Sequence[Hashable]) -> list[Hashable]:
    """Each item with the number of its earlier occurrences."""
    seen: Counter[Hashable] = Counter()
    numbered: list[Hashable] = []
    for item in items:
        numbered.append((item, seen[item]))
        seen[item] += 1
    return numbered


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """As many pairs as possible whose second numbers increase (longest increasing subsequence)."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        at = bisect_left(tops, place)
        before.append(ends[at - 1] if at else -1)
        tops[at : at + 1] = [place]
        ends[at : at + 1] = [number]
    rising: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        rising.append(pairs[number])
        number = before[number]
    return rising[::-1]


def _cut(stretch: _Stretch, blocks: Sequence[_Match]) -> Iterator[_Match | _Stretch]:
    """The blocks, in the coordinates of the whole, and the stretches between them; nothing if there
    are no blocks.
    """
    i, k = stretch.i, stretch.k
    for block in blocks:
        whole = _Match(stretch.i + block.i, stretch.k + block.k, block.size)
        yield _Stretch(i, whole.i, k, whole.k)
        yield whole
        i, k = whole.i + whole.size, whole.k + whole.size
    if blocks:
        yield _Stretch(i, stretch.j, k, stretch.m)


def _joined(blocks: Iterable[_Match]) -> Iterator[_Match]:
    """The blocks with adjacent ones as one."""
    last = _Match(0, 0, 0)
    for block in blocks:
        if (last.i + last.size, last.k + last.size) == (block.i, block.k):
            last = _Match(last.i, last.k, last.size + block.size)
            continue
        if last.size:
            yield last
        last = block
    if last.size:
        yield last
