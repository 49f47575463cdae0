"""Finds text between tags such as `<env>` and `</env>` in one pass, however many tags are never
closed.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator

_NAME = r"[\w-]+"
_CLOSING = re.compile(rf"</({_NAME})>")


def enclosed(text: str, name: str = _NAME) -> Iterator[tuple[int, int]]:
    """Where each tag begins and its closing tag ends, from the left and without overlap. `name` is
    an expression for the names that count; a tag that is never closed does not.
    """
    closings = defaultdict[str, list[int]](list)
    for closing in _CLOSING.finditer(text):
        closings[closing[1]].append(closing.start())
    end = 0
    for opening in re.finditer(f"<({name})>", text) if closings else ():
        ends = closings.get(opening[1], [])
        at = bisect_left(ends, opening.end())
        if opening.start() >= end and at < len(ends):
            end = ends[at] + len(opening[0]) + 1
            yield opening.start(), end


def in_enclosed(text: str, change: Callable[[str], str], name: str = _NAME) -> str:
    """The text with each part between tags changed, including the tags."""
    pieces, done = list[str](), 0
    for start, end in enclosed(text, name):
        pieces += [text[done:start], change(text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])
