"""A stream is a table: each event is a row of fields, and a column folds into one value.

1. `join` concatenates texts and lists; `last` lets a later value replace an earlier one, `first`
   keeps the earliest that says something, `latest` replaces even by null, `grow` joins only lists,
   and `go_on` those that do not repeat what was said. `each` keeps all values.
2. A `Table` folds objects field by field, each by its own rule, and is a rule itself.
3. A `Rows` folds lists of objects: those with the same place are one, folded by a table.

A column is folded once, when all of it is there: the time grows with the stream, not with its
square. No value of an event is changed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import chain

from rechat.values import Json
from rechat.values import JsonObject

_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")

type Rule = Callable[[Sequence[Json]], Json]
"""Folds a column: one value of all that were said, in order."""
type Group = Callable[[Iterable[list[Json]]], Iterable[list[Json]]]
"""Sorts the items of lists by what they are about: which of them fold into one."""


def latest(column: Sequence[Json]) -> Json:
    """The last value, even if it is null."""
    return column[-1]


def last(column: Sequence[Json]) -> Json:
    """The last value that is not null."""
    return next((value for value in reversed(column) if value is not None), None)


def last_said(column: Sequence[Json]) -> Json:
    """The last value that says something; else the last."""
    return next((value for value in reversed(column) if value), last(column))


def first(column: Sequence[Json]) -> Json:
    """The first value that says something; else the last."""
    return next((value for value in column if value), last(column))


def join(column: Sequence[Json]) -> Json:
    """Texts or lists as one; a value of another kind replaces what came before it."""
    run = _run(column)
    match run:
        case [str(), *_]:
            return _whole_characters("".join(run))  # type: ignore[arg-type]
        case [list(), *_]:
            return list(chain.from_iterable(run))  # type: ignore[arg-type]
    return run[-1] if run else None


def _whole_characters(text: str) -> str:
    """The text with halves of a character that came apart as one."""
    if _is_whole(text) or not _HALVES.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _is_whole(text: str) -> bool:
    """Whether a text has no half of a character; much faster than a search for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def grow(column: Sequence[Json]) -> Json:
    """Lists as one; of anything else the last value."""
    run = _run(column)
    return join(run) if run and isinstance(run[0], list) else last(run)


def go_on(column: Sequence[Json]) -> Json:
    """Lists as one, where a list may say again what was said before it; of anything else the last
    value.
    """
    run = _run(column)
    if not run or not isinstance(run[0], list):
        return last(run)
    whole: list[Json] = []
    for said in run:
        assert isinstance(said, list)
        is_again = len(said) >= len(whole) and said[: len(whole)] == whole
        whole += said[len(whole) :] if is_again else said
    return whole


def each(column: Sequence[Json]) -> Json:
    """All values that were said, if they are several."""
    known: list[Json] = [value for value in column if value is not None]
    return known if len(known) > 1 else last(known)


def _run(column: Sequence[Json]) -> list[Json]:
    """The values at the end that are of one kind; null says no more than what came before it, nor
    does an empty text or list of another kind.
    """
    known: list[Json] = [value for value in column if value is not None]
    if len(set(map(type, known))) < 2:
        return known
    known = [value for value in known if value not in ("", [])] or known[-1:]
    kinds = list(map(type, known))
    if len(set(kinds)) < 2:
        return known
    start = next(at for at in reversed(range(len(kinds))) if kinds[at] is not kinds[-1]) + 1
    return known[start:]


@dataclass(frozen=True, slots=True)
class Table:
    """How the fields of an object fold; `other` is for those that are not named, and `dropped` are
    left out. Without `keeps_null`, so are fields that are never more than null.
    """

    rules: Mapping[str, Rule] = field(default_factory=dict)
    other: Rule = last
    dropped: frozenset[str] = frozenset()
    keeps_null: bool = True

    def __call__(self, column: Sequence[Json]) -> Json:
        """The objects as one; a value of another kind replaces what came before it."""
        run = _run(column)
        return self.fold(run) if run and isinstance(run[0], dict) else last(run)

    def fold(self, rows: Iterable[Json]) -> JsonObject:
        """The object that these add up to."""
        columns: dict[str, list[Json]] = {}
        for row in rows:
            if isinstance(row, dict):
                for key, value in row.items():
                    columns.setdefault(key, []).append(value)
        return {
            key: self.rules.get(key, self.other)(column)
            for key, column in columns.items()
            if key not in self.dropped
            and (self.keeps_null or any(value is not None for value in column))
        }


def index_of(item: JsonObject) -> int | None:
    """The place that an object says it has; some servers say it in a text."""
    index = item.get("index")
    if isinstance(index, str) and index.isdecimal():
        return int(index)
    if isinstance(index, float) and index.is_integer():
        return int(index)
    return index if isinstance(index, int) else None


def by_index(lists: Iterable[list[Json]]) -> Iterable[list[Json]]:
    """Objects by their `index`, else by their place in the list, in that order. Anything else is
    left out.
    """
    found: dict[int, list[Json]] = {}
    for listed in lists:
        for place, item in enumerate(listed):
            if isinstance(item, dict):
                index = index_of(item)
                found.setdefault(place if index is None else index, []).append(item)
    return (found[index] for index in sorted(found))


@dataclass(frozen=True, slots=True)
class Rows:
    """How lists of objects fold: those that `group` finds to be about the same, by the table."""

    table: Table
    group: Group = by_index

    def __call__(self, column: Sequence[Json]) -> Json:
        """What the lists say of each; if there is no list, the last value."""
        lists = [value for value in column if isinstance(value, list)]
        if not lists:
            return last(column)
        return [self.table(rows) for rows in self.group(lists)]
