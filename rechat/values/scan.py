"""Searches in texts of any length, piece by piece: one call of a regular expression keeps all other
threads from running until it is over.
"""

import re
from collections.abc import Iterator

# So many characters are searched in one call. Whoever reads and writes sockets meanwhile waits for
# one such call at each turn, so it may take some milliseconds and no more.
PIECE = 1 << 16
# Pieces that overlap are longer: what they share is searched twice.
_LONGER = 8

_BLANK = re.compile(r"\s")


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


def delete(pattern: re.Pattern[str], text: str) -> str:
    """The text without what matches a pattern of single characters, or of runs of such."""
    return "".join(
        pattern.sub("", text[start : start + PIECE]) for start in range(0, len(text), PIECE)
    )


def delete_from_lines(pattern: re.Pattern[str], text: str) -> str:
    """The text without what matches a pattern of beginnings of lines (`^…`)."""
    # What goes on behind a piece is the rest of one line.
    return "".join(
        pattern.sub("", lines[:PIECE]) + lines[PIECE:] for lines in _pieces_of_lines(text)
    )


def overlapping(text: str, shared: int) -> Iterator[tuple[int, str]]:
    """The text in pieces that begin and end at a blank, each with its place. No word is cut. What
    is no longer than `shared`, less than half of a piece, is in one of them as a whole, unless it
    begins in a word that is longer.
    """
    start = 0
    longest = _LONGER * PIECE
    while len(text) - start > longest:
        end = _blank(text, start + longest)
        yield start, text[start:end]
        start = _blank(text, end - 2 * shared)
    yield start, text[start:]


def _blank(text: str, at: int) -> int:
    """Where the next blank stands; the end if there is none."""
    found = _BLANK.search(text, at)
    return found.start() if found else len(text)


def _pieces_of_lines(text: str) -> Iterator[str]:
    """The text in pieces that end behind the ends of lines; a line that is too long for a piece is
    one by itself.
    """
    start, length = 0, len(text)
    while length - start > PIECE:
        end = text.rfind("\n", start, start + PIECE) + 1 or text.find("\n", start) + 1 or length
        yield text[start:end]
        start = end
    yield text[start:]
