"""Makes text from models and clients safe to show: control characters become visible, so that an
answer cannot overwrite the screen or look different from what it is.
"""

import re
from pathlib import Path

# Control characters, halves of surrogate pairs, and marks that change the direction of writing.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with its control characters made visible: `␛[31m` cannot colour anything."""
    return _CONTROL.sub(_picture, text)


def in_one_line(text: str) -> str:
    """The text as part of a line: names of files and models may contain line breaks as well."""
    return visible(text).replace("\n", "␊")


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def link_to(place: str) -> str:
    """The style of a place (`path:line`) that makes terminals with links (OSC 8) open the file at
    its line; empty for other texts.
    """
    path, _, line = place.rpartition(":")
    if not path or not line.isdecimal():
        return ""
    return f"link {Path(path).absolute().as_uri()}#{line}"
