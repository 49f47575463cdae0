"""Texts that an expression matches."""

import random
import re._parser as parser  # type: ignore[import-not-found]  # private, and all there is
import string
from typing import Any

_WORD = string.ascii_letters + string.digits + "_"
_MOST = 3  # times more than asked for


def some_match(pattern: str, chance: random.Random) -> str:
    """A text that the expression matches; conditions on what stands around are left out."""
    return _texts(parser.parse(pattern), chance)


def _texts(parsed: Any, chance: random.Random) -> str:
    return "".join(_text(str(name), value, chance) for name, value in parsed)


def _text(name: str, value: Any, chance: random.Random) -> str:
    match name:
        case "LITERAL":
            return chr(value)
        case "IN":
            return chance.choice("".join(_members(str(kind), member) for kind, member in value))
        case "MAX_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = value
            count = chance.randint(least, min(int(most), least + _MOST))
            return "".join(_texts(inner, chance) for _ in range(count))
        case "SUBPATTERN":
            return _texts(value[-1], chance)
        case "BRANCH":
            return _texts(chance.choice(value[1]), chance)
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return ""
    raise ValueError(f"{name} is not known here")


def _members(kind: str, member: Any) -> str:
    match kind:
        case "LITERAL":
            return chr(member)
        case "RANGE":
            return "".join(map(chr, range(member[0], member[1] + 1)))
        case "CATEGORY":
            assert str(member) == "CATEGORY_WORD"
            return _WORD
    raise ValueError(f"{kind} is not known here")
