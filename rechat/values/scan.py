"""Searches in texts of any length, piece by piece, since one call of a regular expression blocks
all other threads until it returns; and what two texts have in common.
"""

import re
from collections.abc import Iterator

# This many characters are searched in one call. Other threads, which read and write sockets, wait
# for one such call at each turn, so it may take a few milliseconds at most.
PIECE = 1 << 16
# Overlapping pieces are longer, since what they share is searched twice.
_LONGER = 8

_BLANK = re.compile(r"\s")


def find_line(
    pattern: re.Pattern[str], text: str, start: int = 0, end: int | None = None
) -> re.Match[str] | None:
    """The first match of a line pattern (`^…$`, matching within one line) between two offsets."""
    end = len(text) if end is None else end
    while end - start > PIECE:
        # A piece ends after a line ending. In a longer line, no other match can begin.
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
    """The text without the matches of a pattern of single characters, or of runs of them."""
    return "".join(
        pattern.sub("", text[start : start + PIECE]) for start in range(0, len(text), PIECE)
    )


def delete_from_lines(pattern: re.Pattern[str], text: str) -> str:
    """The text without the matches of a pattern of line beginnings (`^…`)."""
    # A continuation of a piece is the rest of one line.
    return "".join(
        pattern.sub("", lines[:PIECE]) + lines[PIECE:] for lines in _pieces_of_lines(text)
    )


def overlapping(text: str, shared: int) -> Iterator[tuple[int, str]]:
    """The text in pieces that begin and end at a blank, each with its offset. No word is split. Any
    stretch no longer than `shared`, which is less than half of a piece, is whole in one of them,
    unless it begins in a word that is longer.
    """
    start = 0
    longest = _LONGER * PIECE
    while len(text) - start > longest:
        end = _blank(text, start + longest)
        yield start, text[start:end]
        start = _blank(text, end - 2 * shared)
    yield start, text[start:]


def _blank(text: str, at: int) -> int:
    """The offset of the next blank; the end if there is none."""
    found = _BLANK.search(text, at)
    return found.start() if found else len(text)


def _pieces_of_lines(text: str) -> Iterator[str]:
    """The text in pieces that end after line endings; a line that is too long for a piece is a
    piece by itself.
    """
    start, length = 0, len(text)
    while length - start > PIECE:
        end = text.rfind("\n", start, start + PIECE) + 1 or text.find("\n", start) + 1 or length
        yield text[start:end]
        start = end
    yield text[start:]


def shared_start(one: str, other: str) -> int:
    """The length of the common prefix of two texts."""
    if other.startswith(one):
        return len(one)
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def shared_end(one: str, other: str) -> int:
    """The length of the common suffix of two texts."""
    return shared_start(one[::-1], other[::-1])
