"""Differences in a few words: which words of a text, which value of a setting, which tool."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from rechat.explain.alignment import runs
from rechat.explain.linediff import Fragment
from rechat.explain.linediff import changed_words
from rechat.explain.lookalikes import characters_that_differ
from rechat.explain.sides import NAMELESS
from rechat.explain.sides import Sides
from rechat.matching import compile_pattern
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import jsontext
from rechat.values import shared_end
from rechat.values import shared_start

_WIDTH = 40
# The length of a word shown next to differing white space.
_WORD = re.compile(r"[^·⍽→␍⏎]{0,15}")
_WORD_BEFORE = re.compile(r"[^·⍽→␍⏎]{0,15}[·⍽→␍⏎]{0,3}\Z")
_BESIDE = 18
# In a line longer than this, a change is shown after the preceding words, of at most this many
# characters.
_LONG_LINE = 80
_BEFORE = 16
_WORDS_BEFORE = re.compile(rf"(?<!\w)(?:\w[^\n]{{0,{_BEFORE - 1}}})\Z")
# More values than this are not listed; deeper ones are shown as part of their container.
_MOST = 2
_DEEPEST = 50
# The common beginning of two long texts is cut to this.
_LEAD = 12


def quoted(text: str) -> str:
    """The text in quotes, on one line, cut if it is too long."""
    return jsontext.dump_visible(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")


def words_that_differ(recorded: str, asked: str, sides: Sides = NAMELESS) -> str:
    """`"Rome" ≠ "Paris"`: the first change in a line of text. In a long line, with the words before
    it; if more follows that is too long to show, the result says so.
    """
    old, new = changed_words(recorded, asked)
    gone, came = _changed(old, new)
    if not gone and not came:
        return _pair(recorded, asked, sides)
    more = ""
    if max(len(gone), len(came)) > _WIDTH:
        whole = gone, came
        gone, came = _first_change(old, new)
        more = ", and more" if (gone, came) != whole else ""
    lead = _words_before(old, new)
    if not gone:
        return f"{quoted(came)} is new" + (f" after {quoted(lead)}" if lead else "") + more
    if not came:
        return f"{quoted(gone)} is missing" + (f" after {quoted(lead)}" if lead else "") + more
    codes = characters_that_differ(gone, came)
    told = _pair(gone, came, sides, lead)
    return told + (f" ({' ≠ '.join(codes)})" if codes else "") + more


def _pair(recorded: str, asked: str, sides: Sides, lead: str = "") -> str:
    """Two texts in quotes, starting near the difference if they are long."""
    start = shared_start(recorded, asked)
    if start >= _WIDTH - 1:
        recorded, asked = (f"…{text[start - _LEAD :]}" for text in (recorded, asked))
        lead = ""
    return sides.apart(quoted(lead + recorded), quoted(lead + asked))


def _first_change(old: Sequence[Fragment], new: Sequence[Fragment]) -> tuple[str, str]:
    """The first stretch that changed: what was removed and what replaced it."""
    places = [_first_marked(pieces) for pieces in (old, new)]
    first = min(at for at, _ in places)
    gone, came = (text.strip() if at == first else "" for at, text in places)
    return gone, came


def _first_marked(pieces: Sequence[Fragment]) -> tuple[int, str]:
    """Where the first changed piece begins, and its text; past everything if there is none."""
    at = 0
    for text, is_changed in pieces:
        if is_changed:
            return at, text
        at += len(text)
    return at + 1, ""


def _words_before(old: Sequence[Fragment], new: Sequence[Fragment]) -> str:
    """The last words before the first change, if the line is too long to find it by itself."""
    lines = ["".join(text for text, _ in pieces) for pieces in (old, new)]
    if max(map(len, lines)) <= _LONG_LINE:
        return ""
    start = min(_first_marked(pieces)[0] for pieces in (old, new))
    words = _WORDS_BEFORE.search(lines[0][:start][-2 * _BEFORE :])
    return f"…{words[0]}" if words else ""


def lines_that_differ(recorded: str, asked: str) -> str:
    """`lacks line 2: "two"`: whole lines that were added, removed or moved; empty if words of a
    line have changed.
    """
    old, new = recorded.split("\n"), asked.split("\n")
    if len(old) == len(new) == 1:
        return ""
    first = next(run for run in runs(old, new) if run.kind != "equal")
    if sorted(old) == sorted(new):
        return f"has its lines in another order from line {first.i + 1} on: {quoted(new[first.k])}"
    if first.kind == "replace":
        return ""
    lines, start, end = (
        (old, first.i, first.j) if first.kind == "delete" else (new, first.k, first.m)
    )
    verb = "lacks" if first.kind == "delete" else "has a new"
    if end - start == 1:
        return f"{verb} line {start + 1}: {quoted(lines[start])}"
    verb = "lacks" if first.kind == "delete" else "has new"
    return f"{verb} lines {start + 1} to {end}, from {quoted(lines[start])} on"


def where_it_fails(pattern: str, text: str, sides: Sides = NAMELESS) -> str:
    """The first line of a `like` pattern with which it no longer matches a text."""
    lines = pattern.split("\n")
    if len(lines) == 1:
        return _pair(pattern, text, sides)
    low, high = 0, len(lines) - 1
    while low < high:
        middle = (low + high + 1) // 2
        begun = compile_pattern("\n".join([*lines[:middle], "..."]))
        low, high = (middle, high) if begun.match(text) is not None else (low, middle - 1)
    return f"it fails at line {low + 1} of the pattern, {quoted(lines[low])}"


def spaces_that_differ(recorded: str, asked: str, sides: Sides = NAMELESS) -> str:
    """`"now" ≠ "now·"`: the differing white space of two lines, with the words around it."""
    start = shared_start(recorded, asked)
    end = shared_end(recorded[start:], asked[start:])
    before = _WORD_BEFORE.findall(recorded[:start][-_BESIDE:])[0]
    after = _WORD.findall(recorded[len(recorded) - end :][:_BESIDE])[0]
    told = (f"{before}{line[start : len(line) - end]}{after}" for line in (recorded, asked))
    return sides.apart(*map(quoted, told))


def _changed(old: Sequence[Fragment], new: Sequence[Fragment]) -> tuple[str, str]:
    """The text of each side from the first change of either to the last."""
    if not any(is_changed for _, is_changed in (*old, *new)):
        return "", ""
    start = min(_first_marked(pieces)[0] for pieces in (old, new))
    rest = min(_first_marked(pieces[::-1])[0] for pieces in (old, new))
    texts = ("".join(text for text, _ in pieces) for pieces in (old, new))
    gone, came = (text[start : max(start, len(text) - rest)].strip() for text in texts)
    return gone, came


def values_that_differ(recorded: Json, asked: Json, sides: Sides = NAMELESS) -> str:
    """`city "Oslo" ≠ "Rome"`: the innermost differing values with their paths; empty if there are
    too many.
    """
    found = list(islice(_leaves(recorded, asked, "", 0), _MOST + 1))
    if not 0 < len(found) <= _MOST:
        return ""
    return ", ".join(sides.apart(shown(old), shown(new), path) for path, old, new in found)


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


def tools_that_differ(
    recorded: Json, asked: Json, sides: Sides = NAMELESS
) -> tuple[list[str], list[Json], list[Json]]:
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
            values = values_that_differ(old[name], new[name], sides)
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
