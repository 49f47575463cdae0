"""Line diffs with the changed words marked, as the console, the page and the commands show them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rechat.explain.alignment import Run
from rechat.explain.alignment import runs
from rechat.values import shared_end
from rechat.values import shared_start

# A word, a run of white space, or a single other character.
_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")
# Limits for comparing two lines word by word, between their common prefix and suffix: if more than
# this is left, all of it is marked; a longer word is cut; at most this many steps are taken for two
# lines, and at most this many lines of a text are compared like this.
_LONGEST = 2000
_LONGEST_WORD = 100
_EFFORT = 20_000
_MOST_PAIRS = 200
# At most this many changed lines are shown in one place for each side, and at most this many
# characters of a part of a line, half of them from each end.
_MOST_LINES = 400
_MOST_SHOWN = 4000
# Two lines that share less than this are shown as removed and added, not as changed.
_ALIKE = 0.3

SIGNS = {"same": " ", "recorded": "-", "asked": "+", "gap": "…"}
"""The prefix of a line of each kind."""

type Fragment = tuple[str, bool]
"""Part of a line, and whether it changed."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of both texts, of one of them, or a gap. `skipped` is the number of unchanged lines in
    a gap, 0 if it leaves out others.
    """

    kind: Literal["same", "recorded", "asked", "gap"]
    pieces: tuple[Fragment, ...] = ()
    skipped: int = 0

    @property
    def text(self) -> str:
        """The text of the line."""
        return "".join(text for text, _ in self.pieces)


def lines_of(recorded: str, asked: str, context: int = 2) -> tuple[DiffLine, ...]:
    """The changed lines with some context; empty if the texts are equal. An empty text has no
    lines. Whatever is too long to show is replaced by `…` or a gap.
    """
    old, new = (text.split("\n") if text else [] for text in (recorded, asked))
    found: list[DiffLine] = []
    end, pairs = 0, _MOST_PAIRS
    for group in _groups([*runs(old, new)], context):
        if group[0].i > end:
            found.append(DiffLine("gap", skipped=group[0].i - end))
        for kind, i, j, k, m in group:
            if kind == "equal":
                found += [DiffLine("same", ((line, False),)) for line in old[i:j]]
            else:
                found += _changed(old[i:j], new[k:m], pairs)
                pairs = max(0, pairs - min(j - i, m - k))
        end = group[-1].j
    if found and end < len(old):
        found.append(DiffLine("gap", skipped=len(old) - end))
    return tuple(map(_short, found))


def _groups(found: list[Run], context: int) -> Iterator[list[Run]]:
    """The changes in groups, each with some lines of context."""
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
    """Replaced lines: compared in pairs as long as both sides have lines, up to a limit."""
    pairs = [changed_words(a, b) for a, b in zip(old[:most], new[:most], strict=False)]
    yield from _side("recorded", old, [ours for ours, _ in pairs])
    yield from _side("asked", new, [theirs for _, theirs in pairs])


def _side(
    kind: Literal["recorded", "asked"], lines: list[str], marked: list[tuple[Fragment, ...]]
) -> Iterator[DiffLine]:
    for number, line in enumerate(lines[:_MOST_LINES]):
        yield DiffLine(kind, marked[number] if number < len(marked) else ((line, False),))
    if len(lines) > _MOST_LINES:
        yield DiffLine("gap")


def _short(line: DiffLine) -> DiffLine:
    """The line with its long parts shortened in the middle."""
    if len(line.text) <= _MOST_SHOWN:
        return line
    half = _MOST_SHOWN // 2
    pieces = (
        (text if len(text) <= _MOST_SHOWN else f"{text[:half]}…{text[-half:]}", is_changed)
        for text, is_changed in line.pieces
    )
    return DiffLine(line.kind, tuple(pieces), line.skipped)


def changed_words(old: str, new: str) -> tuple[tuple[Fragment, ...], tuple[Fragment, ...]]:
    """Two lines in pieces; nothing is marked if nearly everything changed."""
    start, end = _same_ends(old, new) if max(len(old), len(new)) > _LONGEST else (0, 0)
    inner = old[start : len(old) - end], new[start : len(new) - end]
    left, right = _compared(*inner, is_part=start + end > 0)
    before, after = (old[:start], False), (old[len(old) - end :], False)
    return (
        tuple(filter(_has_text, (before, *left, after))),
        tuple(filter(_has_text, (before, *right, after))),
    )


def _same_ends(old: str, new: str) -> tuple[int, int]:
    """The lengths of the common prefix and suffix, in whole words."""
    start = shared_start(old, new)
    start -= _word_length(old[max(0, start - _LONGEST_WORD) : start][::-1])
    end = shared_end(old[start:], new[start:])
    return start, end - _word_length(old[len(old) - end :][:_LONGEST_WORD])


def _word_length(text: str) -> int:
    """The length of the word at the beginning, 0 if there is none."""
    found = _WORD.match(text)
    return found.end() if found else 0


def _compared(
    old: str, new: str, *, is_part: bool
) -> tuple[Sequence[Fragment], Sequence[Fragment]]:
    """Two lines in pieces, or what is left of them without their common prefix and suffix."""
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


def _has_text(piece: Fragment) -> bool:
    return bool(piece[0])
