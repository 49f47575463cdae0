"""The conflict markers that version control leaves in a text.

git, Mercurial and Subversion write the same markers, with or without the common version between
them; Jujutsu has markers of its own inside them. They are longer than seven characters if git is
told so (`conflict-marker-size`), or if the text has a line that looks like one. Ordinary texts have
such longer lines too, so these only count in pairs. The same goes for what lies between the markers
of two sides when only these were removed: a table and a heading may have one of its lines, but not
one above the other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rechat.values import find_line

_MARK = re.compile(r"^(?P<mark><{7,}+|>{7,}+)(?: (?P<label>[^\n]*))?$", re.MULTILINE)
_COMMON = re.compile(r"^\|{7} [^\n]*$", re.MULTILINE)
_MIDDLE = re.compile(r"^={7}$", re.MULTILINE)
_BEGINNINGS = ("<<<<<<<", ">>>>>>>")
# "%%%%%%% Changes from base to side #1"
_JUJUTSU = re.compile(r"^(?:%{7,}+|\+{7,}+) ", re.MULTILINE)
_NUMBERED = re.compile(r"conflict \d+ of \d+", re.IGNORECASE)
# How editing programs show a change to a model, and the model to them.
_SHOWN = frozenset({"SEARCH", "ORIGINAL", "REPLACE", "UPDATED"})
# At most this much of a name is shown.
_NAME = 60


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict in a text: where its first line starts, the numbers of its first and last line,
    and the names of the two sides, if it has any. `count` is how many there are in the text.
    """

    start: int
    line: int
    last: int
    names: tuple[str, ...] = ()
    is_jujutsu: bool = False
    count: int = 1

    def __str__(self) -> str:
        if self.line == self.last:
            return "a mark of a merge conflict that was left behind: remove this line"
        sides = f" between `{'` and `'.join(self.names)}`" if all(self.names) and self.names else ""
        others = f" (the first of {self.count})" if self.count > 1 else ""
        told = (
            f"an unresolved merge conflict{sides} in lines {self.line} to {self.last}{others}: "
            "keep what is right of the two sides, and remove the marks"
        )
        if self.is_jujutsu:
            return told
        how = "`rechat init`, then `git checkout --merge` of the file"
        return f"{told}; {how}, joins what both only add"


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    line: int
    mark: str
    label: str


def find_conflict(text: str, *, is_quotable: bool = True) -> Conflict | None:
    """The first conflict of a text, or a marker that was left behind.

    A text that cannot be quoted (a file that a transcript links to) may show the markers with which
    models describe edits; only those of version control count there.
    """
    marks: list[_Mark] = []
    if any(beginning in text for beginning in _BEGINNINGS):
        marks = [mark for mark in _marks(text) if is_quotable or mark.label not in _SHOWN]
    found = [*_conflicts(text, marks)]
    if not found:
        return _half_solved(text) if is_quotable else None
    first, count = found[0], len(found)
    return Conflict(first.start, first.line, first.last, first.names, first.is_jujutsu, count)


def _half_solved(text: str) -> Conflict | None:
    """The common version of two sides whose own markers were removed."""
    common = find_line(_COMMON, text) if "|||||||" in text else None
    middle = common and find_line(_MIDDLE, text, common.end())
    if not common or not middle:
        return None
    line = text.count("\n", 0, common.start()) + 1
    last = line + text.count("\n", common.start(), middle.start())
    return Conflict(common.start(), line, last)


def _marks(text: str) -> Iterator[_Mark]:
    line, done = 1, 0
    while found := find_line(_MARK, text, done):
        line += text.count("\n", done, found.start())
        yield _Mark(found.start(), line, found["mark"], found["label"] or "")
        done = found.end()


def _conflicts(text: str, marks: list[_Mark]) -> Iterator[Conflict]:
    """The conflicts, each with what is inside it: a merge of merges has conflicts in conflicts."""
    ends = {mark.mark: position for position, mark in enumerate(marks)}
    position = 0
    while position < len(marks):
        mark = marks[position]
        closing = mark.mark.replace("<", ">")
        end = position
        if mark.mark[0] == "<" and ends.get(closing, -1) > position:
            end = next(at for at in range(position, len(marks)) if marks[at].mark == closing)
        if end > position or len(mark.mark) == 7:
            yield _conflict(text, mark, marks[end])
        position = end + 1


def _conflict(text: str, first: _Mark, last: _Mark) -> Conflict:
    is_jujutsu = bool(_NUMBERED.search(first.label)) or (
        find_line(_JUJUTSU, text, first.start, last.start) is not None
    )
    names = () if is_jujutsu else (first.label[:_NAME], last.label[:_NAME])
    return Conflict(first.start, first.line, last.line, names, is_jujutsu)
