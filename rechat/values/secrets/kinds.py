r"""The kinds of credentials that are known by how they look (`kinds.toml`), as one expression.

All beginnings are one tree of their letters, so a text is read once, however many kinds there are.
"""

import pkgutil
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

# From one place where a credential may begin to the next: after anything but a letter or digit, or
# after an escape ("key%3Dsk-…").
_NEXT = r"(?:[A-Za-z0-9]*+(?:%[0-9A-Fa-f]{2}|[^A-Za-z0-9])++)*?(?P<at>)"
# The first letters wherever one may begin: nearly all texts are done with these.
_HEAD = 3
_HEADS = re.compile(r"(?:%[0-9A-Fa-f]{2})?(?=(.{3}))[A-Za-z0-9]++", re.ASCII)
_SHORTEST_SHAPED = 26
# What joins the parts of a name.
_STRICT = "(?<![+_-]{})"
# "_", "-", "."
_BETWEEN_WORDS = re.compile(r"[^A-Za-z0-9]+")
# "learn", "Learn", "TensorFlow", "API", "python3", "2024"; not "a1B2c3", not twenty letters.
_WORD = re.compile(
    r"(?![A-Za-z]{20})(?:[A-Z]?[a-z]+(?:[A-Z][a-z]{2,})*|[A-Z]+)?[0-9]{0,4}", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Secret:
    """A credential in a text, from its first character to behind its last."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table."""

    name: str
    rest: str
    begins: tuple[str, ...] = ()
    strict: bool = False
    mixed: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Expression:
    """An expression for several kinds: the last group that took part says which it was."""

    pattern: re.Pattern[str]
    by_group: tuple[Kind, ...]

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, Kind]]:
        while match := self.pattern.match(text, start, end):
            yield match.start("at"), match.end(), self.by_group[int(str(match.lastgroup)[1:])]
            start = match.end()


@dataclass(frozen=True, slots=True)
class Kinds:
    """The table, ready for use: the kinds with a beginning, with the first letters of each, and
    those that have none to speak of.
    """

    heads: frozenset[str]
    begun: _Expression
    shaped: _Expression

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, Kind]]:
        """What looks like a credential between two places: where it starts and ends, and its kind.
        `start` is a place where one may begin.
        """
        if not self.heads.isdisjoint(_HEADS.findall(text, start, end)):
            yield from self.begun.find(text, start, end)
        if end - start >= _SHORTEST_SHAPED:
            yield from self.shaped.find(text, start, end)


@cache
def kinds() -> Kinds:
    """All kinds."""
    rows = [(kind, begin) for kind in table() for begin in kind.begins or ("",)]
    begun = [row for row in rows if len(row[1]) >= _HEAD]
    return Kinds(
        frozenset(begin[:_HEAD] for _, begin in begun),
        _expression(begun),
        _expression([row for row in rows if len(row[1]) < _HEAD]),
    )


def _expression(rows: list[tuple[Kind, str]]) -> _Expression:
    """Longer beginnings are tried before shorter ones."""
    tails = []
    for number, (kind, begin) in enumerate(rows):
        strict = _STRICT.format(re.escape(begin)) if kind.strict else ""
        tails.append((begin, f"{strict}{kind.rest}(?P<k{number}>)"))
    kinds_of = tuple(kind for kind, _ in rows)
    return _Expression(re.compile(_NEXT + _tree(tails), re.ASCII), kinds_of)


def _tree(tails: list[tuple[str, str]]) -> str:
    """An expression for any of these, letter by letter: longer beginnings are tried first."""
    by_letter: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for begin, tail in tails:
        by_letter[begin[:1]].append((begin[1:], tail))
    ends = [tail for _, tail in by_letter.pop("", [])]
    branches = [f"{re.escape(letter)}{_tree(rest)}" for letter, rest in by_letter.items()]
    every = [*branches, *ends]
    return every[0] if len(every) == 1 else f"(?:{'|'.join(every)})"


def table() -> tuple[Kind, ...]:
    """The rows of the table, in order."""
    content = pkgutil.get_data(__package__ or "", "kinds.toml")
    assert content
    rows = tomllib.loads(content.decode())["kind"]
    return tuple(Kind(**{**row, "begins": tuple(row.get("begins", ()))}) for row in rows)


def is_words(token: str) -> bool:
    """Whether a token is put together from words that a person would write."""
    return all(map(_WORD.fullmatch, _BETWEEN_WORDS.split(token)))
