"""Corrects mistakes in headings that can only mean one thing: `###user`, an indented heading, `###
Human`.
"""

import re

from rechat.format import reader
from rechat.format.headings import ROLE_WORDS
from rechat.format.headings import alias_of
from rechat.format.headings import meant_role
from rechat.format.writing.formatting import named
from rechat.values import TranscriptError

# A file with more of them was not meant to be a transcript.
_MOST = 50
_HEADING = re.compile(
    r"[\s\u200b\u2060\ufeff]{0,3}(?P<marks>#{2,4})[\s\u200b\u2060\ufeff]{0,3}(?P<words>[^\n]*)"
)


def repaired(source: str) -> str:
    """The source with its headings corrected where they can only mean one thing; other mistakes
    stay.
    """
    for _ in range(_MOST):
        try:
            reader.parse(source, named)
        except TranscriptError as error:
            lines = source.split("\n")
            better = _better(lines[error.line - 1], error.code)
            if not better:
                return source
            lines[error.line - 1] = better
            source = "\n".join(lines)
        else:
            return source
    return source


def _better(line: str, code: str) -> str:
    """The corrected line; empty if its meaning is unclear."""
    heading = _HEADING.fullmatch(line)
    if not heading:
        return ""
    marks, words = heading["marks"], heading["words"].strip()
    match code:
        case "malformed-heading":
            return f"{marks} {words}"
        case "misplaced-role":
            role = meant_role(words)
            return f"### {role}" if role else ""
        case "unknown-role":
            first, comma, rest = words.partition(",")
            role = first.strip(" \t*_:").lower()
            role = role if role in ROLE_WORDS else alias_of(role)
            return f"{marks} {role}{comma}{rest}" if role else ""
    return ""
