"""A file's bytes and their source: UTF-8 with LF line endings for reading, with all bytes outside
of a change preserved.
"""

import codecs

from rechat.values import TranscriptError
from rechat.values import shared_end
from rechat.values import shared_start

_BOM = "\ufeff"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 200


def decode(raw: bytes) -> str:
    """The source in a file's bytes: a byte order mark is dropped, CRLF becomes LF. Raises
    `TranscriptError`.
    """
    head = raw[:_HEAD]
    if head.startswith(_WIDE) or head.count(0) * 3 > len(head):
        raise TranscriptError(
            1,
            "not UTF-8, but UTF-16 or the like (PowerShell writes it): save the file as UTF-8",
            code="not-utf-8",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TranscriptError(
            line,
            f"not UTF-8: byte {raw[error.start]:#04x}; save the file as UTF-8",
            code="not-utf-8",
        ) from None
    text = text.removeprefix(_BOM)
    # Searching for one character is faster than for two.
    return text.replace("\r\n", "\n") if "\r" in text else text


def splice(raw: bytes, new: str) -> bytes:
    """The bytes with their source changed to `new`: only where it differs, with the line endings
    that the file has.
    """
    if b"\r" not in raw and not raw.startswith(_BOM.encode()):
        return new.encode("utf-8")
    text = raw.decode("utf-8")
    old = decode(raw)
    start = shared_start(old, new)
    limit = min(len(old), len(new)) - start
    end = min(limit, shared_end(old, new))
    middle = new[start : len(new) - end]
    if text.count("\r\n") * 2 > text.count("\n"):
        middle = middle.replace("\n", "\r\n")
    head, tail = _raw_offset(text, start), _raw_offset(text, len(old) - end)
    return (text[:head] + middle + text[tail:]).encode("utf-8")


def _raw_offset(text: str, offset: int) -> int:
    """The offset in the undecoded text of the character at an offset of the source."""
    position = len(_BOM) if text.startswith(_BOM) else 0
    while True:
        following = text.find("\r\n", position)
        if following < 0 or following - position > offset:
            return position + offset
        if following - position == offset:
            return following
        offset -= following - position + 1
        position = following + 2
