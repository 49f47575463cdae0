"""Texts held against wild cards, in linear time whatever the text.

A line matches from the left, each literal where it first occurs: what is between can be longer but
never needs to be. Nothing but a line `...` goes past a line end, so lines between two of these are
looked for from the top in the same way.

A hole whose name stood before must catch the same again, and then the first place may be the wrong
one. Only these patterns are searched step by step, and no longer than `_PATIENCE`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

_WITHIN = re.compile(r"\[\.\.\]|\{\{(\w+)\}\}")
_ANY_LINES = "..."
# How much a step by step search may cost: a character looked at is one, a step `_STEP`.
_PATIENCE = 20_000_000
_STEP = 100


@dataclass(frozen=True, slots=True)
class Within:
    """Anything within a line; a hole if it has a name, and then not nothing."""

    name: str = ""

    @property
    def least(self) -> int:
        """How many characters it takes at least."""
        return 1 if self.name else 0


class Lines(Enum):
    """What stands for any lines, or none."""

    BETWEEN = "whole lines, and their line ends"
    AFTER = "line ends, and the lines after them"
    ALL = "all that is left"


type Token = str | Within | Lines
type _Line = tuple[Token, ...]


def tokens_of(pattern: str) -> tuple[Token, ...]:
    """The literals and wild cards of a pattern, in order; every other one within a line is a
    literal, maybe empty.
    """
    *lines, last = pattern.split("\n")
    tokens: list[Token] = []
    for line in lines:
        tokens += [Lines.BETWEEN] if line == _ANY_LINES else [*_within(line), "\n"]
    if last != _ANY_LINES:
        return (*tokens, *_within(last))
    if tokens[-1:] == ["\n"]:
        return (*tokens[:-1], Lines.AFTER)
    return (*tokens, Lines.ALL)


def _within(line: str) -> Iterator[Token]:
    end = 0
    for wild in _WITHIN.finditer(line):
        yield line[end : wild.start()]
        yield Within(wild[1] or "")
        end = wild.end()
    yield line[end:]


def names_of(tokens: tuple[Token, ...]) -> list[str]:
    """The names of the holes, as often as they stand there."""
    return [token.name for token in tokens if isinstance(token, Within) and token.name]


def match(tokens: tuple[Token, ...], text: str) -> dict[str, str] | None:
    """What the holes caught, each as little as it can; None if the text does not match, or if that
    is not known after a long search.
    """
    names = names_of(tokens)
    caught = _match_lines(tokens, text)
    if caught is None or len(set(names)) == len(names):
        return None if caught is None else dict(zip(names, caught, strict=True))
    return _search(tokens, text)


def _match_lines(tokens: tuple[Token, ...], text: str) -> list[str] | None:
    """What each hole caught, if no name stood twice."""
    blocks, tail = _blocks(tokens)
    lines = text.split("\n")
    *movable, last = blocks
    caught: list[str] = []
    at = 0
    for number, block in enumerate(movable):
        starts = range(at, len(lines) - len(block)) if number else range(1)
        found = _first(block, lines, starts)
        if not found:
            return None
        at = found[0] + len(block)
        caught += found[1]
    room = len(lines) - len(last) - (tail is Lines.ALL)
    starts = range(at, room + 1) if tail else range(max(at, room), room + 1)
    found = _first(last, lines, starts if movable else range(min(1, room + 1)))
    if not found or not (tail or found[0] == room):
        return None
    return [*caught, *found[1]]


def _blocks(tokens: tuple[Token, ...]) -> tuple[list[list[_Line]], Lines | None]:
    """The lines between those that stand for any lines; and what is at the end, if that is one."""
    blocks: list[list[_Line]] = [[]]
    line: list[Token] = []
    tail: Lines | None = None
    for token in tokens:
        match token:
            case "\n":
                blocks[-1].append(tuple(line))
                line = []
            case Lines.BETWEEN:
                blocks.append([])
            case Lines():
                tail = token
            case _:
                line.append(token)
    if tail is not Lines.ALL:
        blocks[-1].append(tuple(line))
    return blocks, tail


def _first(block: list[_Line], lines: list[str], starts: range) -> tuple[int, list[str]] | None:
    """Where a block first matches, and what its holes caught. All beginnings of the block that
    match up to a line are bits of one number, so no line is looked at again for each of them.
    """
    if not starts or not block:
        return (starts[0], []) if starts else None
    places: dict[_Line, int] = {}
    for number, line in enumerate(block):
        places[line] = places.get(line, 0) | 1 << number

    @lru_cache(1000)
    def step(wanted: int, text: str) -> int:
        found = (at for line, at in places.items() if at & wanted and _takes(line, text))
        return wanted & sum(found)

    begun = 0
    for at in range(starts.start, min(starts.stop + len(block) - 1, len(lines))):
        begun = step(begun << 1 | 1, lines[at])
        if begun >> len(block) - 1:
            start = at - len(block) + 1
            caught = map(_match_line, block, lines[start : at + 1])
            return start, [text for found in caught for text in found or ()]
    return None


def _takes(line: _Line, text: str) -> bool:
    return _match_line(line, text) is not None


def _match_line(line: _Line, text: str) -> list[str] | None:
    """What the holes of a line caught: literals and wild cards take turns in it."""
    first, *rest = line
    if not rest:
        return [] if text == first else None
    assert isinstance(first, str)
    if not text.startswith(first):
        return None
    caught: list[str] = []
    at = len(first)
    for number, (wild, literal) in enumerate(zip(rest[::2], rest[1::2], strict=True), 1):
        assert isinstance(wild, Within)
        assert isinstance(literal, str)
        is_last = 2 * number == len(rest)
        least = at + wild.least
        start = len(text) - len(literal) if is_last else text.find(literal, least)
        if start < least or (is_last and not text.endswith(literal, start)):
            return None
        if wild.name:
            caught.append(text[at:start])
        at = start + len(literal)
    return caught


def _search(tokens: tuple[Token, ...], text: str) -> dict[str, str] | None:
    """What the holes caught, the same for each of one name; wild cards grow step by step."""
    starts = [0]
    ends = [_ends(tokens, text, starts)]
    patience = _PATIENCE
    while ends and patience > 0:
        end = next(ends[-1], None)
        patience -= _STEP
        if end is None:
            ends.pop()
            starts.pop()
            continue
        patience -= end - starts[-1]
        if len(ends) < len(tokens):
            starts.append(end)
            ends.append(_ends(tokens, text, starts))
        elif end == len(text):
            return _caught(tokens, text, [*starts, end])
    return None


def _caught(tokens: tuple[Token, ...], text: str, starts: list[int]) -> dict[str, str]:
    return {
        token.name: text[starts[at] : starts[at + 1]]
        for at, token in enumerate(tokens[: len(starts) - 1])
        if isinstance(token, Within) and token.name
    }


def _ends(tokens: tuple[Token, ...], text: str, starts: list[int]) -> Iterator[int]:
    """Where the next token may end, the nearest first; `starts` is where it and those before it
    begin.
    """
    at, start = len(starts) - 1, starts[-1]
    match tokens[at]:
        case Within(name) if name and name in names_of(tokens[:at]):
            yield from _literal_end(_caught(tokens, text, starts)[name], text, start)
        case Within() as wild:
            yield from _ends_within(wild, tokens[at + 1 :], text, start)
        case Lines.BETWEEN:
            end = start
            yield end
            while end := text.find("\n", end) + 1:
                yield end
        case Lines.AFTER:
            if start == len(text) or text[start] == "\n":
                yield len(text)
        case Lines.ALL:
            yield len(text)
        case literal:
            yield from _literal_end(literal, text, start)


def _literal_end(literal: str, text: str, start: int) -> Iterator[int]:
    if text.startswith(literal, start):
        yield start + len(literal)


def _ends_within(
    wild: Within, following: tuple[Token, ...], text: str, start: int
) -> Iterator[int]:
    """Where the literal that follows begins; before a line end, only its last place will do."""
    literal, *others = following
    assert isinstance(literal, str)
    line_end = text.find("\n", start)
    stop = len(text) if line_end < 0 else line_end
    end = start + wild.least
    if not others or not isinstance(others[0], Within):
        end = max(end, stop - len(literal))
    while (end := text.find(literal, end, stop)) >= 0:
        yield end
        end += 1
