"""Differences in a few words: which words of a text, which value of a setting, which tool."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from itertools import islice
from unicodedata import combining
from unicodedata import normalize

from rechat.explain.alignment import shared_end
from rechat.explain.alignment import shared_start
from rechat.explain.linediff import changed_words
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import jsontext

_WIDTH = 40
# The length of a word shown next to differing white space.
_WORD = re.compile(r"[^·⍽→␍⏎]{0,15}")
_WORD_BEFORE = re.compile(r"[^·⍽→␍⏎]{0,15}[·⍽→␍⏎]{0,3}\Z")
_BESIDE = 18
# Zero-width spaces and joiners, the mark of byte order, the hyphen that only ends of lines show.
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
# Texts are brought into one form up to this length, and with no more accents on a letter than this:
# the accents of a letter are sorted one by one.
_LONGEST = 200_000
_ACCENTS = 30
# More values than this are not listed; deeper ones are shown as part of their container.
_MOST = 2
_DEEPEST = 50
# The common beginning of two long texts is cut to this.
_LEAD = 12


def quoted(text: str) -> str:
    """The text in quotes, on one line, cut if it is too long."""
    return jsontext.dump_visible(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")


def words_that_differ(recorded: str, asked: str) -> str:
    """`"Rome" ≠ "Paris"`: the first change in a line of text."""
    old, new = changed_words(recorded, asked)
    gone, came = _marked(old), _marked(new)
    if not gone and not came:
        return _pair(recorded, asked)
    if not gone:
        return f"{quoted(came)} is new"
    if not came:
        return f"{quoted(gone)} is missing"
    return _pair(gone, came)


def _pair(recorded: str, asked: str) -> str:
    """Two texts in quotes, starting near the difference if they are long."""
    start = shared_start(recorded, asked)
    if start >= _WIDTH - 1:
        recorded, asked = (f"…{text[start - _LEAD :]}" for text in (recorded, asked))
    return f"{quoted(recorded)} ≠ {quoted(asked)}"


def spaces_that_differ(recorded: str, asked: str) -> str:
    """`"now" ≠ "now·"`: the differing white space of two lines, with the words around it."""
    start = shared_start(recorded, asked)
    end = shared_end(recorded[start:], asked[start:])
    before = _WORD_BEFORE.findall(recorded[:start][-_BESIDE:])[0]
    after = _WORD.findall(recorded[len(recorded) - end :][:_BESIDE])[0]
    told = (f"{before}{line[start : len(line) - end]}{after}" for line in (recorded, asked))
    return " ≠ ".join(map(quoted, told))


def characters_that_differ(recorded: str, asked: str) -> str:
    """`U+00E9 ≠ U+0065 U+0301`: the first characters that differ in two texts that look the same,
    which are composed of other characters or have some that are invisible; empty if they do not
    look the same.
    """
    texts = recorded, asked
    if recorded == asked or not all(map(_is_simple, texts)) or _looks(recorded) != _looks(asked):
        return ""
    start = shared_start(recorded, asked)
    end = shared_end(recorded[start:], asked[start:])
    return " ≠ ".join(_codes(text[start : len(text) - end]) for text in texts)


def _is_simple(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    runs = groupby(text, key=lambda character: character > "\x7f" and combining(character) > 0)
    return all(not is_accent or sum(1 for _ in run) <= _ACCENTS for is_accent, run in runs)


def _looks(text: str) -> str:
    return normalize("NFC", text.translate(_INVISIBLE))


def _codes(text: str) -> str:
    codes = [f"U+{ord(character):04X}" for character in text[:_MOST]]
    return " ".join([*codes, "…"] if len(text) > _MOST else codes) or "nothing"


def _marked(pieces: Sequence[tuple[str, bool]]) -> str:
    """The changed words, from the first to the last."""
    marked = [number for number, (_, is_changed) in enumerate(pieces) if is_changed]
    if not marked:
        return ""
    return "".join(text for text, _ in pieces[marked[0] : marked[-1] + 1]).strip()


def values_that_differ(recorded: Json, asked: Json) -> str:
    """`city "Oslo" ≠ "Rome"`: the innermost differing values with their paths; empty if there are
    too many.
    """
    found = list(islice(_leaves(recorded, asked, "", 0), _MOST + 1))
    if not 0 < len(found) <= _MOST:
        return ""
    return ", ".join(f"{path} {shown(old)} ≠ {shown(new)}".strip() for path, old, new in found)


def _leaves(old: Json, new: Json, path: str, depth: int) -> Iterator[tuple[str, Json, Json]]:
    match old, new:
        case dict(), dict() if depth < _DEEPEST:
            for key in [*old, *(key for key in new if key not in old)]:
                inner = f"{path}.{key}" if path else key
                yield from _leaves(old.get(key), new.get(key), inner, depth + 1)
        case list(), list() if len(old) == len(new) and depth < _DEEPEST:
            for number, (first, second) in enumerate(zip(old, new, strict=True)):
                yield from _leaves(first, second, f"{path}[{number}]", depth + 1)
        case _ if jsontext.canonical(old) != jsontext.canonical(new):
            yield path, old, new


def shown(value: Json) -> str:
    """The value on one line, `nothing` for None; a long one is cut."""
    if value is None:
        return "nothing"
    text = jsontext.dump_visible(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def tools_that_differ(recorded: Json, asked: Json) -> tuple[list[str], list[Json], list[Json]]:
    """How two lists of tools differ, by name, and the tools concerned on each side. Empty if the
    values are not lists of tools.
    """
    old, new = _by_name(recorded), _by_name(asked)
    if old is None or new is None:
        return [], [], []
    told: list[str] = []
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            told.append(f"the tool {name} is missing")
        elif name not in old:
            told.append(f"one more tool: {name}")
        elif jsontext.canonical(old[name]) != jsontext.canonical(new[name]):
            values = values_that_differ(old[name], new[name])
            told.append(f"the tool {name} differs" + (f" in {values}" if values else ""))
    names = {name for name in {**old, **new} if old.get(name) != new.get(name)}
    if not told and list(old) != list(new):
        return ["the tools come in another order"], list(old), list(new)
    return (
        told,
        [tool for name, tool in old.items() if name in names],
        [tool for name, tool in new.items() if name in names],
    )


def _by_name(tools: Json) -> dict[str, Json] | None:
    """The tools by name; None if a name is missing or used twice."""
    if tools is None:
        return {}
    if not isinstance(tools, list):
        return None
    named: dict[str, Json] = {_name(tool): tool for tool in tools if isinstance(tool, dict)}
    return named if len(named) == len(tools) and "" not in named else None


def _name(tool: JsonObject) -> str:
    match tool:
        case {"function": {"name": str(name)}} | {"name": str(name)} | {"type": str(name)}:
            return name
    return ""
