"""Text from models and clients as it is safe to show: what controls a terminal is made visible, so
that an answer cannot overwrite the screen or read other than it is.
"""

import re
from pathlib import Path

# Control characters, halves of surrogate pairs, and marks that turn the direction of writing.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with its control characters made visible: `␛[31m` cannot colour anything."""
    return _CONTROL.sub(_picture, text)


def in_one_line(text: str) -> str:
    """The text as a part of a line: names of files and models may hold line breaks as well."""
    return visible(text).replace("\n", "␊")


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def link_to(place: str) -> str:
    """The style of a place (`path:line`) by which terminals that know links (OSC 8) open the file
    at its line; empty for other texts.
    """
    path, _, line = place.rpartition(":")
    if not path or not line.isdecimal():
        return ""
    return f"link {Path(path).absolute().as_uri()}#{line}"
