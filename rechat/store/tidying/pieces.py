"""A text checked again and again while it is typed: what has not changed is not checked again.

1. A text is cut before each `## ` in the first column. What stands above the first of them belongs
   to the first piece, and its front matter to all.
2. Without findings a piece says the same wherever it stands. With some it has to begin in the same
   line, since their words name lines.
3. Whatever is odd about a piece is left to a check of the whole text: a mistake in it, a body that
   was cut in two (which is a mistake then: nothing in it ends), a section without messages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rechat.store.lint import Answered
from rechat.store.lint import Finding
from rechat.store.lint import ReadFile
from rechat.store.lint import answered_in
from rechat.store.lint import answered_twice
from rechat.store.lint import lint_private
from rechat.store.lint import lint_sections
from rechat.store.tidying.checking import check_text
from rechat.store.tidying.checking import mistake
from rechat.store.tidying.checking import read_text
from rechat.values import TranscriptError

# With more new pieces than this, the whole text is checked as fast.
_FEW = 8
_BELOW = "## \n"
_CUT = re.compile(r"^## (?P<title>[^\n]*)", re.MULTILINE)
_FRONT = re.compile(r"---[ \t]*\n(?:[^\n]*\n)*?---[ \t]*\n")
# The older form, whose settings may be looked for beyond a section.
_OLDER = "## interaction:"
# What links to other files.
_LINKS = ("](", "$ref")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a text, and the line in which it begins. All but the first are `rest`, and all but
    the last have a `## ` below them.
    """

    text: str
    line: int
    title: str
    is_rest: bool
    is_last: bool

    @property
    def key(self) -> tuple[str, bool]:
        """What it is remembered by."""
        return self.text, self.is_last

    @property
    def is_linked(self) -> bool:
        """Whether it may say something else though its text is the same: other files do."""
        return any(mark in self.text for mark in _LINKS)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found in a piece that began in a line, and what it answers, in lines counted from
    there.
    """

    line: int
    findings: Sequence[Finding]
    answered: Sequence[tuple[bytes, int]]

    def holds_at(self, line: int) -> bool:
        return line == self.line or not self.findings


class Pieces:
    """What is known of the pieces of the text of a file, as it was checked last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._front = ""
        self._known: dict[tuple[str, bool], _Known] = {}

    def check(self, text: str) -> list[Finding]:
        """What is found in the text as it is now: the same as by `check_text`."""
        front = found[0] if (found := _FRONT.match(text)) else ""
        if front != self._front:
            self._known.clear()
            self._front = front
        pieces = [*_cut(text)]
        if len(pieces) == 1 or "$ref" in front or _OLDER in text:
            return check_text(self._path, text).findings
        return self._all(pieces, text) if self._learn(pieces) else self._whole(pieces, text)

    def _learn(self, pieces: Sequence[_Piece]) -> bool:
        """Check the pieces that are new; False if the whole has to be checked."""
        known: dict[tuple[str, bool], _Known] = {}
        new = 0
        for piece in pieces:
            one = self._known.get(piece.key)
            if not one or not one.holds_at(piece.line) or piece.is_linked:
                new += 1
                one = self._checked(piece) if new <= _FEW else None
            if not one or piece.key in known:
                return False
            known[piece.key] = one
        self._known = known
        return len({piece.title for piece in pieces}) == len(pieces)

    def _checked(self, piece: _Piece) -> _Known | None:
        """What is found in a piece alone; None if it is no conversation of its own."""
        lines = self._front.count("\n") if piece.is_rest else 0
        above = self._front if piece.is_rest else ""
        text = piece.text + ("" if piece.is_last else _BELOW)
        try:
            file = read_text(self._path, above + text)
            answered = [(key, line - lines - 1) for key, _, line in answered_in(file)]
            found = lint_sections(file, is_rest=piece.is_rest)
            if found and piece.is_rest:
                # Once more in its place, since findings name lines.
                above += "\n" * (piece.line - 1 - lines)
                found = lint_sections(read_text(self._path, above + text), is_rest=True)
        except TranscriptError:
            return None
        is_alone = len(file.sections) == 1 if piece.is_rest else bool(file.sections)
        return _Known(piece.line, found, answered) if is_alone else None

    def _whole(self, pieces: Sequence[_Piece], text: str) -> list[Finding]:
        """What is found in the whole; from it is known what is found in each piece."""
        self._known.clear()
        try:
            file = read_text(self._path, text)
        except TranscriptError as error:
            return [mistake(self._path, error)]
        found, answered = lint_sections(file), [*answered_in(file)]
        is_of_all = any(one.line <= self._front.count("\n") for one in found)
        if not is_of_all and _are_sections(pieces, file):
            ends = [*(piece.line for piece in pieces[1:]), len(text)]
            for piece, end in zip(pieces, ends, strict=True):
                own = range(piece.line, end)
                self._known[piece.key] = _Known(
                    piece.line,
                    [one for one in found if one.line in own],
                    [(key, line - piece.line) for key, _, line in answered if line in own],
                )
        return sorted({*found, *lint_private(file.path, text), *answered_twice(answered)})

    def _all(self, pieces: Sequence[_Piece], text: str) -> list[Finding]:
        name = self._path.as_posix()
        known = [(piece, self._known[piece.key]) for piece in pieces]
        found = {finding for _, one in known for finding in one.findings}
        answered: Iterator[Answered] = (
            (key, name, piece.line + line) for piece, one in known for key, line in one.answered
        )
        return sorted({*found, *lint_private(name, text), *answered_twice(answered)})


def _are_sections(pieces: Sequence[_Piece], file: ReadFile) -> bool:
    """Whether each piece below the first is a section of the file, and none has two."""
    starts = [piece.line for piece in pieces[1:]]
    return [one.line for one in file.sections if one.line >= starts[0]] == starts


def _cut(text: str) -> Iterator[_Piece]:
    """The pieces of a text, in order."""
    cuts = [*_CUT.finditer(text)]
    starts = [0, *(cut.start() for cut in cuts[1:]), len(text)]
    titles = [cut["title"].strip(" \t#") for cut in cuts] or [""]
    line, last = 1, len(starts) - 2
    for number, (start, end) in enumerate(pairwise(starts)):
        yield _Piece(text[start:end], line, titles[number], number > 0, number == last)
        line += text.count("\n", start, end)
