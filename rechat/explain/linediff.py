"""Two texts line by line, with the words marked that changed: what console, page and commands show
of a difference.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# A word, white space, or a sign of its own.
_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
# Longer lines are marked as a whole: comparing words takes the square of their number.
_LONGEST = 2000
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
    """The lines that changed, with some around them; none if the texts are the same."""
    old, new = recorded.split("\n"), asked.split("\n")
    groups = difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(context)
    found: list[DiffLine] = []
    end = 0
    for group in groups:
        if group[0][1] > end:
            found.append(DiffLine("gap"))
        for kind, i, j, k, m in group:
            if kind == "equal":
                found += [DiffLine("same", ((line, False),)) for line in old[i:j]]
            else:
                found += _changed(old[i:j], new[k:m])
        end = group[-1][2]
    if found and end < len(old):
        found.append(DiffLine("gap"))
    return tuple(found)


def _changed(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    """Lines in the place of others: as many as there are on both sides are compared in pairs."""
    pairs = [changed_words(a, b) for a, b in zip(old, new, strict=False)]
    for number, line in enumerate(old):
        yield DiffLine("recorded", pairs[number][0] if number < len(pairs) else ((line, False),))
    for number, line in enumerate(new):
        yield DiffLine("asked", pairs[number][1] if number < len(pairs) else ((line, False),))


def changed_words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two lines in pieces; nothing is marked where nearly all has changed."""
    if max(len(old), len(new)) > _LONGEST:
        return ((old, True),), ((new, True),)
    words = _TOKENS.findall(old), _TOKENS.findall(new)
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return ((old, False),), ((new, False),)
    opcodes = matcher.get_opcodes()
    left = [("".join(words[0][i:j]), kind != "equal") for kind, i, j, _, _ in opcodes]
    right = [("".join(words[1][k:m]), kind != "equal") for kind, _, _, k, m in opcodes]
    return tuple(filter(_has_text, left)), tuple(filter(_has_text, right))


def _has_text(piece: Piece) -> bool:
    return bool(piece[0])
