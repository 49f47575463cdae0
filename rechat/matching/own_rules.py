r"""Rules of a project's own for values that vary (`[tool.rechat.normalise]`): a name, a pattern,
and the messages in which it counts. They hold for every transcript, listed in it or not.

A pattern is a regular expression that can only be read in few ways, so that no text takes long:

1. A repeat takes all it can and gives nothing back (`\d++`), or says how often (`\d{1,40}`). One
   that is plain (`\d+`) is taken for the first, if nothing that it matches may follow it.
2. No repeat takes more than so many characters, and the ways to read the whole are limited. A
   group that repeats takes all it can, and has no group in it that repeats.
3. There are no references to groups, no conditions, and no flags but `(?i)` and `(?s)`.
4. Whole values count, nothing within another word: `(?<!\w)` and `(?!\w)` are put around it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rechat.values import UsageError

ROLES = ("system", "user", "assistant", "tool")
"""The messages in which a rule may count. `system` is those of a developer, and tools' descriptions
too.
"""

_MOST_CHARACTERS = 200
_MOST_GROUPS = 20
_MOST_WAYS = 1000
_NAME = re.compile(r"[A-Za-z][\w-]{0,40}")
_FLAGS = re.compile(r"\(\?[is]{1,2}\)")
# Something that is matched, and how often: `\d+`, `[0-9a-f]{8}`, `x`; or the border of a group.
_TOKEN = re.compile(
    r"(?P<atom>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^1-9xuUN])"
    r"|\[\^?+\]?+(?:\\.|[^\]\\])*+\]|[^\\\[\]()|*+?{}]"
    r"|\((?:\?(?:[:=!>]|<[=!]))?+(?!\?)|\)|\|)"
    r"(?:(?P<often>[*+?]|\{(?P<least>\d{0,4}),?(?P<most>\d{0,4})\})(?P<mode>[+?]?))?+",
    re.DOTALL,
)
# Whatever the flags are, a set matches no more than so.
_LOOSE = re.DOTALL | re.IGNORECASE
_SAMPLES = tuple(map(chr, range(0x250)))


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A rule of the project's own; it counts in messages of these roles."""

    name: str
    source: str
    pattern: re.Pattern[str]
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Token:
    """Something that is matched, with its repeat as it was written."""

    text: str
    atom: str
    often: str
    least: int
    most: int | None
    mode: str

    @property
    def is_one(self) -> bool:
        """Whether the atom is one character, or one of a set."""
        return self.atom[0] not in "()|^$" and self.atom not in ("\\b", "\\B", "\\A", "\\Z")

    @property
    def varies(self) -> bool:
        """Whether it may take more or less."""
        return self.most is None or self.most > self.least

    @property
    def repeats_a_group(self) -> bool:
        """Whether a group may come more than once."""
        return self.atom == ")" and self.most != 1

    @property
    def ways(self) -> int:
        """In how many ways it may be read."""
        if self.atom == "|":
            return 2
        if self.mode == "+" or not self.varies:
            return 1
        return (self.most or 0) - self.least + 1


def own_rules(table: Mapping[str, object]) -> tuple[OwnRule, ...]:
    """The rules of a table of settings. Raises `UsageError` for one that is invalid, or could take
    long.
    """
    return tuple(_rule(name, value) for name, value in table.items())


def _rule(name: str, value: object) -> OwnRule:
    match value:
        case str(pattern) | {"pattern": str(pattern)}:
            roles = value.get("in", ROLES) if isinstance(value, dict) else ROLES
        case _:
            raise _error(name, value, "expected a regular expression, or one as `pattern`")
    listed = [roles] if isinstance(roles, str) else roles
    if not isinstance(listed, list | tuple) or not listed or not set(listed) <= set(ROLES):
        raise _error(name, value, f"`in` lists some of {', '.join(ROLES)}")
    if isinstance(value, dict) and (more := set(value) - {"pattern", "in"}):
        raise _error(name, value, f"{', '.join(sorted(more))}: expected `pattern` and `in`")
    if not _NAME.fullmatch(name):
        raise _error(name, value, "a name has letters, digits, - and _, and a letter first")
    try:
        compiled = re.compile(bounded(pattern))
    except (re.error, ValueError) as error:
        raise _error(name, pattern, str(error)) from None
    if compiled.search(""):
        raise _error(name, pattern, "it matches an empty text too")
    return OwnRule(name, pattern, compiled, frozenset(listed))


def _error(name: str, value: object, problem: str) -> UsageError:
    return UsageError(f"normalise: {name} = {value!r}: {problem}")


@lru_cache(64)
def bounded(pattern: str) -> str:
    """The pattern for whole values, with bounds to its repeats. Raises `ValueError` for one that a
    text may make slow.
    """
    flags = _FLAGS.match(pattern)
    start = flags.end() if flags else 0
    tokens = list(_tokens(pattern, start))
    _check_groups(tokens)
    written = [
        _written(token, following) for token, following in pairwise([*tokens, None]) if token
    ]
    ways = 1
    for token, text in zip(tokens, written, strict=True):
        ways *= 1 if text.endswith("}+") else token.ways
    if ways > _MOST_WAYS:
        raise ValueError(f"it can be read in {ways:,} ways: make some repeats `++`, or shorter")
    return rf"{pattern[:start]}(?<!\w)(?:{''.join(written)})(?!\w)"


def _check_groups(tokens: list[_Token]) -> None:
    """Raises `ValueError` for a group that repeats in another, or might give back some of it."""
    inside = [False]
    for token in tokens:
        if token.atom.startswith("("):
            inside.append(False)
        elif token.atom == ")" and len(inside) > 1:
            has_repeat = inside.pop()
            if token.repeats_a_group and (has_repeat or token.mode != "+"):
                raise ValueError(
                    f"a group that repeats takes all it can ({token.atom}{token.often}+), and has "
                    "no group in it that repeats"
                )
            inside[-1] |= has_repeat or token.repeats_a_group


def _tokens(pattern: str, start: int) -> Iterator[_Token]:
    at = start
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        if not found:
            raise ValueError(f"{pattern[at : at + 8]!r} is not taken in patterns of rechat")
        at = found.end()
        least, most = _bounds(found)
        yield _Token(
            found[0], found["atom"], found["often"] or "", least, most, found["mode"] or ""
        )


def _bounds(found: re.Match[str]) -> tuple[int, int | None]:
    match found["often"]:
        case None:
            return 1, 1
        case "*":
            return 0, None
        case "+":
            return 1, None
        case "?":
            return 0, 1
    if "," not in found["often"]:
        return int(found["least"] + found["most"]), int(found["least"] + found["most"])
    return int(found["least"] or 0), int(found["most"]) if found["most"] else None


def _written(token: _Token, following: _Token | None) -> str:
    """A token with bounds to its repeat."""
    most = _MOST_CHARACTERS if token.is_one else _MOST_GROUPS
    if max(token.least, token.most or 0) > most:
        raise ValueError(f"{token.text!r} may come more than {most} times")
    if token.most is not None:
        return token.text
    if token.mode == "?" or not (token.mode == "+" or _ends_by_itself(token, following)):
        raise ValueError(
            f"{token.text!r} may end in many places: write how often ({token.atom}{{1,40}}), or "
            f"{token.atom}++ to take all there is"
        )
    return f"{token.atom}{{{token.least},{most}}}+"


def _ends_by_itself(token: _Token, following: _Token | None) -> bool:
    """Whether a repeat can end in one place only, since nothing that it matches may follow."""
    if not token.is_one:
        return False
    if following is None:
        return True
    if not following.is_one or following.least == 0:
        return False
    one, other = re.compile(token.atom, _LOOSE), re.compile(following.atom, _LOOSE)
    return not any(one.fullmatch(each) and other.fullmatch(each) for each in _SAMPLES)
