"""Two texts line by line, with the words marked that changed: what console, page and commands show
of a difference.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rechat.explain.alignment import Run, runs, shared_end, shared_start

# A word, white space, or a sign of its own.
_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")
# Of two lines, the words are compared between what both begin with and what both end with; if that
# is longer, all of it is marked. A word that is longer is cut. So many steps are spent on two
# lines, and so many lines of a text are compared word by word.
_LONGEST = 2000
_LONGEST_WORD = 100
_EFFORT = 20_000
_MOST_PAIRS = 200
# Of the lines that changed in one place, so many are shown from each side; of a part of a line, so
# many characters, half of them from each end.
_MOST_LINES = 400
_MOST_SHOWN = 4000
# Two lines that share less than this are two lines, not one that changed.
_ALIKE = 0.3

SIGNS = {"same": " ", "recorded": "-", "asked": "+", "gap": "…"}
"""What stands before a line of each kind."""

type Piece = tuple[str, bool]
"""A part of a line, and whether it changed."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of both texts, of one of them, or a gap in which nothing changed."""

    kind: Literal["same", "recorded", "asked", "gap"]
    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(text for text, _ in self.pieces)


def lines_of(recorded: str, asked: str, context: int = 2) -> tuple[DiffLine, ...]:
    """The lines that changed, with some around them; none if the texts are the same. What is too
    long to be shown is cut, with `…` or a gap in its place.
    """
    old, new = recorded.split("\n"), asked.split("\n")
    found: list[DiffLine] = []
    end, pairs = 0, _MOST_PAIRS
    for group in _groups([*runs(old, new)], context):
        if group[0].i > end:
            found.append(DiffLine("gap"))
        for kind, i, j, k, m in group:
            if kind == "equal":
                found += [DiffLine("same", ((line, False),)) for line in old[i:j]]
            else:
                found += _changed(old[i:j], new[k:m], pairs)
                pairs = max(0, pairs - min(j - i, m - k))
        end = group[-1].j
    if found and end < len(old):
        found.append(DiffLine("gap"))
    return tuple(map(_short, found))


def _groups(found: list[Run], context: int) -> Iterator[list[Run]]:
    """The changes in groups, each with so many lines around it."""
    if all(run.kind == "equal" for run in found):
        return
    group: list[Run] = []
    for number, run in enumerate(found):
        kind, i, j, k, m = run
        if kind != "equal":
            group.append(run)
            continue
        is_last = number == len(found) - 1
        before = 0 if is_last else min(context, j - i)
        after = 0 if number == 0 else min(context, j - i)
        if before + after >= j - i:
            group.append(run)
            continue
        if number:
            yield [*group, Run(kind, i, i + after, k, k + after)]
        group = [Run(kind, j - before, j, m - before, m)]
        if is_last:
            return
    yield group


def _changed(old: list[str], new: list[str], most: int) -> Iterator[DiffLine]:
    """Lines in the place of others: as many as there are on both sides are compared in pairs, up to
    a number.
    """
    pairs = [changed_words(a, b) for a, b in zip(old[:most], new[:most], strict=False)]
    yield from _side("recorded", old, [ours for ours, _ in pairs])
    yield from _side("asked", new, [theirs for _, theirs in pairs])


def _side(
    kind: Literal["recorded", "asked"], lines: list[str], marked: list[tuple[Piece, ...]]
) -> Iterator[DiffLine]:
    for number, line in enumerate(lines[:_MOST_LINES]):
        yield DiffLine(kind, marked[number] if number < len(marked) else ((line, False),))
    if len(lines) > _MOST_LINES:
        yield DiffLine("gap")


def _short(line: DiffLine) -> DiffLine:
    """The line with its long parts cut in the middle."""
    if len(line.text) <= _MOST_SHOWN:
        return line
    half = _MOST_SHOWN // 2
    pieces = (
        (text if len(text) <= _MOST_SHOWN else f"{text[:half]}…{text[-half:]}", is_changed)
        for text, is_changed in line.pieces
    )
    return DiffLine(line.kind, tuple(pieces))


def changed_words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two lines in pieces; nothing is marked where nearly all has changed."""
    start, end = _same_ends(old, new) if max(len(old), len(new)) > _LONGEST else (0, 0)
    inner = old[start : len(old) - end], new[start : len(new) - end]
    left, right = _compared(*inner, is_part=start + end > 0)
    before, after = (old[:start], False), (old[len(old) - end :], False)
    return (
        tuple(filter(_has_text, (before, *left, after))),
        tuple(filter(_has_text, (before, *right, after))),
    )


def _same_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters both begin with, and end with, in whole words."""
    start = shared_start(old, new)
    start -= _word_length(old[max(0, start - _LONGEST_WORD) : start][::-1])
    end = shared_end(old[start:], new[start:])
    return start, end - _word_length(old[len(old) - end :][:_LONGEST_WORD])


def _word_length(text: str) -> int:
    """How many characters the word has that stands at the beginning, if one does."""
    found = _WORD.match(text)
    return found.end() if found else 0


def _compared(old: str, new: str, *, is_part: bool) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """Two lines in pieces, or the parts of two lines that have the rest in common."""
    if max(len(old), len(new)) > _LONGEST:
        return [(old, True)], [(new, True)]
    words = _TOKENS.findall(old), _TOKENS.findall(new)
    found = [*runs(*words, _EFFORT)]
    same = sum(run.j - run.i for run in found if run.kind == "equal")
    if 2 * same < _ALIKE * (len(words[0]) + len(words[1])):
        return [(old, is_part)], [(new, is_part)]
    return (
        [("".join(words[0][run.i : run.j]), run.kind != "equal") for run in found],
        [("".join(words[1][run.k : run.m]), run.kind != "equal") for run in found],
    )


def _has_text(piece: Piece) -> bool:
    return bool(piece[0])
