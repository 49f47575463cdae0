"""A difference in a few words: which words of a text, which value of a setting, which tool."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from rechat.explain.alignment import shared_end, shared_start
from rechat.explain.linediff import changed_words
from rechat.values import Json, JsonObject, jsontext

_WIDTH = 40
# Of a word beside white space that differs.
_WORD = re.compile(r"[^·⍽→␍⏎]{0,15}")
_WORD_BEFORE = re.compile(r"[^·⍽→␍⏎]{0,15}[·⍽→␍⏎]{0,3}\Z")
_BESIDE = 18
# More values than that are not told one by one; deeper ones are told as parts of what holds them.
_MOST = 2
_DEEPEST = 50
# What two long texts have in common before they differ is cut to this.
_LEAD = 12


def quoted(text: str) -> str:
    """The text in quotes, in one line, and no longer than that bears."""
    return jsontext.dump_visible(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")


def words_that_differ(recorded: str, asked: str) -> str:
    """`"Rome" ≠ "Paris"`, for one line of text; what else changed in it is not told."""
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
    """Two texts in quotes, from where they differ if that would be cut."""
    start = shared_start(recorded, asked)
    if start >= _WIDTH - 1:
        recorded, asked = (f"…{text[start - _LEAD :]}" for text in (recorded, asked))
    return f"{quoted(recorded)} ≠ {quoted(asked)}"


def spaces_that_differ(recorded: str, asked: str) -> str:
    """`"now" ≠ "now·"`: where two lines that show their white space differ, with the word before it
    and the one after.
    """
    start = shared_start(recorded, asked)
    end = shared_end(recorded[start:], asked[start:])
    before = _WORD_BEFORE.findall(recorded[:start][-_BESIDE:])[0]
    after = _WORD.findall(recorded[len(recorded) - end :][:_BESIDE])[0]
    told = (f"{before}{line[start : len(line) - end]}{after}" for line in (recorded, asked))
    return " ≠ ".join(map(quoted, told))


def _marked(pieces: Sequence[tuple[str, bool]]) -> str:
    """The words that changed, from the first to the last of them."""
    marked = [number for number, (_, is_changed) in enumerate(pieces) if is_changed]
    if not marked:
        return ""
    return "".join(text for text, _ in pieces[marked[0] : marked[-1] + 1]).strip()


def values_that_differ(recorded: Json, asked: Json) -> str:
    """`city "Oslo" ≠ "Rome"`: the innermost values that differ, by their path; empty if they are
    too many to be told.
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
    """The value in a line, `nothing` for none; a long one is cut."""
    if value is None:
        return "nothing"
    text = jsontext.dump_visible(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def tools_that_differ(recorded: Json, asked: Json) -> tuple[list[str], list[Json], list[Json]]:
    """What sets two lists of tools apart, by the names of the tools, and those that it is about on
    each side. Nothing if they are no such lists.
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
    """The tools by their names; None if some have none, or the same."""
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
