"""Passwords in tables: what stands below `password` in Markdown, CSV, or what a database shows."""

import re
from collections.abc import Iterator

from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.passwords import is_joined
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_remembered_easily
from rechat.values.secrets.places import Finder
from rechat.values.secrets.places import after

# From the end of a word to the end of its cell.
_REST_OF_CELL = re.compile(
    r"(?:or[dt]|d)?\\{0,7}[\"'`*]{0,3}[ ]{0,80}+(?=[|,;\t\r\n]|\\{1,7}[nrt]|\Z)"
)
_NAME = re.compile(r"(?:[a-z]{1,16}[_ -])?(?:passw(?:or)?d|pwd|passwort)")
_ANY_NAME = re.compile(r"[\w #./-]{1,60}")
_LEAST_COLUMNS = 2
_END_OF_LINE = re.compile(r"\r?\n|\\{1,7}n|\Z")
_SEPARATORS = ("|", "\t", "\\\\t", "\\t", ";", ",")
_AROUND = " \t\"'`*\\"
_VALUE = re.compile(r"[\s\"'`*\\]{0,80}+([^\s\"'`*\\][^\s\"'`\\]{5,199}+)")
# The line below the names: "|---|:--:|", "----+----".
_RULE = re.compile(r"[-|+: =]+\Z")
# What a line begins behind, in a text or in one of JSON.
_STARTS = ("\n", "\\n", '": "', '":"', '\\": \\"', '\\":\\"')
_LONGEST_LINE = 4000
_IS_ONE = (is_password, is_remembered_easily, is_joined)


def _below(text: str, lower: str, word: str) -> Iterator[Secret]:
    done = 0
    for match in after(text, lower, word, _REST_OF_CELL):
        at = match.start()
        if at < done:
            continue
        start = _start_of_line(text, at, done)
        end = _end_of_line(text, at)
        done = end
        line = lower[start:end]
        separator = next((mark for mark in _SEPARATORS if mark in line), "")
        cells = line.split(separator) if separator else []
        column = _column(cells, separator)
        if column is not None:
            rows = _Rows(text, separator, len(cells), end)
            yield from rows.secrets(column)
            done = rows.end


def _column(cells: list[str], separator: str) -> int | None:
    """Which of the cells of a line names a password, if all are names. What is before the first
    and behind the last one may be of a text around the table.
    """
    names = [cell.strip(_AROUND) for cell in cells]
    if len(names) < _LEAST_COLUMNS or not all(map(_ANY_NAME.fullmatch, names[1:-1])):
        return None
    if separator in (",", ";") and not names[-1]:  # a list in a program
        return None
    return next((number for number, name in enumerate(names) if _NAME.fullmatch(name)), None)


class _Rows:
    """The rows of a table, from the end of the line with the names on."""

    def __init__(self, text: str, separator: str, count: int, start: int) -> None:
        self._text = text
        self._separator = separator
        self._count = count
        self.end = start

    def secrets(self, column: int) -> Iterator[Secret]:
        for at, cells in self._cells():
            start = at + sum(map(len, cells[:column])) + column * len(self._separator)
            match = _VALUE.match(self._text, start, start + len(cells[column]))
            value = match[1].rstrip("*") if match else ""
            if match and any(is_one(value) for is_one in _IS_ONE):
                yield Secret(match.start(1), match.start(1) + len(value), "password")

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        """Where each row begins, and its cells."""
        text = self._text
        while (line := _END_OF_LINE.match(text, self.end)) and line.end() < len(text):
            at = line.end()
            end = _end_of_line(text, at)
            row = text[at:end]
            cells = row.split(self._separator)
            is_rule = bool(_RULE.match(row))
            if len(cells) != self._count and not is_rule:
                return
            self.end = end
            if not is_rule:
                yield at, cells


def _start_of_line(text: str, at: int, least: int) -> int:
    least = max(least, at - _LONGEST_LINE)
    places = ((text.rfind(mark, least, at), len(mark)) for mark in _STARTS)
    return max([least, *(place + length for place, length in places if place >= 0)])


def _end_of_line(text: str, at: int) -> int:
    end = _END_OF_LINE.search(text, at, at + _LONGEST_LINE)
    assert end  # of what is searched, at least
    return end.start()


COLUMNS: dict[str, Finder] = dict.fromkeys(("passw", "pwd"), _below)
"""The passwords in tables, by a word of these."""
