"""Searches in texts of any length, piece by piece: one call of a regular expression keeps all other
threads from running until it is over.
"""

import re

# So many characters are searched in one call, which takes a few milliseconds.
PIECE = 1 << 19


def find_line(
    pattern: re.Pattern[str], text: str, start: int = 0, end: int | None = None
) -> re.Match[str] | None:
    """The first match of a pattern of lines (`^…$`, none of which goes over the end of a line)
    between two offsets.
    """
    end = len(text) if end is None else end
    while end - start > PIECE:
        # A piece ends behind the end of a line. In a line that is longer, nothing else begins.
        cut = text.find("\n", start + PIECE, end) + 1 or end
        last = text.rfind("\n", start, cut - 1) + 1 or start
        found = pattern.search(text, start, last) or pattern.match(text, last, cut)
        if found:
            return found
        start = cut
    return pattern.search(text, start, end)


def has_any(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a pattern of single characters occurs."""
    return any(
        pattern.search(text, start, start + PIECE) for start in range(0, max(len(text), 1), PIECE)
    )
