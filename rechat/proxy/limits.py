"""How much a client may send: the size of a head, of a body, and of what a body unpacks to.

Whatever is more is refused with an error that says what the limit is. What is passed on to others
streams through without being kept, so the limits for bodies are not theirs.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mitmproxy.net.encoding import brotli  # type: ignore[attr-defined]
from mitmproxy.net.encoding import zstd  # type: ignore[attr-defined]

from rechat.answering import Answered
from rechat.answering import bad_request_response
from rechat.dialects import dialect_of
from rechat.observe import JournalEntry
from rechat.values import redact_path

HEAD = 1 << 16
"""How many bytes a request's head may have."""

FIELDS = 500
"""How many lines a request's head may have; clients send some thirty."""

BODY = 256 << 20
"""How many bytes a request's body may have. Files for batches are the largest, of 200 MB."""

UNPACKED = 64 << 20
"""How many bytes a compressed body may unpack to: no API takes as much JSON."""

KEPT = 64 << 20
"""How many bytes of an answer are kept, to be read and saved; a longer one only passes through."""

LENGTH = (1 << 63) - 1
"""How long a body can be at all: what is longer fits in no number that programs count bytes in, and
whoever took it at its word would wait for ever.
"""

_LATER = 429
_DIGITS = len(str(LENGTH))
_LENGTH_FIELD = re.compile(rb"(?i)content-length:[ \t]*+0*+([0-9]++)[ \t]*+$")
_STEP = 1 << 20
_BROTLI_STEP = 64  # A few bytes may stand for 16 MB.
# So many characters of a request line go into the journal.
_SHOWN = 200
_GZIP = zlib.MAX_WBITS | 16


class ExcessError(ValueError):
    """A request that is more than is taken, with the status that says so."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(what)
        self.status = status


def excess_of_head(size: int, lines: int) -> ExcessError | None:
    """What is wrong with a head of so many bytes and lines; None if nothing is."""
    if size > HEAD:
        return ExcessError(431, f"the head of a request may have {HEAD:,} bytes")
    if lines > FIELDS:
        return ExcessError(
            431, f"the head of a request may have {FIELDS} lines; this has {lines:,}"
        )
    return None


def excess_of_body(size: int) -> ExcessError | None:
    """What is wrong with a body of so many bytes; None if nothing is."""
    if size > BODY:
        return ExcessError(413, f"the body of a request may have {BODY:,} bytes")
    return None


def problem_of_length(lines: Iterable[bytes]) -> str:
    """What is wrong with the `content-length` in the lines of a head; empty if it is a length, or
    something else than a number.
    """
    for line in lines:
        found = _LENGTH_FIELD.match(line)
        if found and (len(found[1]) > _DIGITS or int(found[1]) > LENGTH):
            return f"the content-length has {len(found[1])} digits: no body is that long"
    return ""


def refused(excess: ExcessError, method: str, target: str) -> Answered:
    """What a client is told whose request is too large, in the words of the API that it asked, and
    the journal's entry.
    """
    path = target.partition("?")[0]
    dialect = dialect_of(method, path)
    response = bad_request_response(
        f"rechat: {excess}", excess.status, dialect.name if dialect else ""
    )
    if excess.status == _LATER:
        kept = tuple(each for each in response.headers if each[0] != "x-should-retry")
        response = replace(response, headers=(*kept, ("retry-after", "1")))
    told = f"{method} {redact_path(path)}"
    entry = JournalEntry("failed", told[:_SHOWN], reason=str(excess), status=excess.status)
    return Answered(response, entry)


def unpacked(body: bytes, coding: str) -> bytes:
    """A body without its content codings, of which the last one named was the last applied; one
    that is not known (`utf-8`, `none`) stays. Raises `ExcessError` if it is too much, or not in
    this coding.
    """
    for one in reversed(coding.split(",")):
        body = _unpacked(body, one.strip().lower())
    return body


def _unpacked(body: bytes, coding: str) -> bytes:
    steps = _steps(body, coding)
    if not steps:
        return body
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in steps:
            pieces.append(piece)
            size += len(piece)
            if size > UNPACKED:
                break
    except Exception as error:
        what = f"the body is not {coding!r}, as its content-encoding says"
        raise ExcessError(400, what) from error
    if size > UNPACKED:
        raise ExcessError(413, f"a compressed body may unpack to {UNPACKED:,} bytes")
    return b"".join(pieces)


def _steps(body: bytes, coding: str) -> Iterator[bytes] | None:
    """What a body unpacks to, step by step; None for a coding that is not known."""
    match coding:
        case "gzip" | "x-gzip":
            return _inflated(body, _GZIP)
        case "deflate":
            return _inflated(body, zlib.MAX_WBITS if _is_zlib(body) else -zlib.MAX_WBITS)
        case "br":
            return _from_brotli(body)
        case "zstd":
            return _from_zstd(body)
    return None


def _is_zlib(body: bytes) -> bool:
    """Whether `deflate` stands in zlib's frame, as it should (RFC 9110, section 8.4.1.2); some
    servers leave that away.
    """
    return body[:1] == b"x" and int.from_bytes(body[:2]) % 31 == 0


def _inflated(body: bytes, frame: int) -> Iterator[bytes]:
    """Of one stream, or several, one after the other, as `gzip` may be. What else follows `gzip` is
    none of it: clients leave it out.
    """
    start = body[:2] if frame == _GZIP else b""
    while body and body.startswith(start):
        unpack = zlib.decompressobj(frame)
        while not unpack.eof:
            piece = unpack.decompress(body, _STEP)
            if not piece and not unpack.unconsumed_tail and not unpack.eof:
                raise ValueError("the body is cut")
            body = unpack.unconsumed_tail
            yield piece
        body = unpack.unused_data


def _from_brotli(body: bytes) -> Iterator[bytes]:
    unpack = brotli.Decompressor()
    for start in range(0, len(body), _BROTLI_STEP):
        yield unpack.process(body[start : start + _BROTLI_STEP])
    if not unpack.is_finished():
        raise ValueError("the body is cut")


def _from_zstd(body: bytes) -> Iterator[bytes]:
    while body:
        unpack = zstd.ZstdDecompressor()
        while not unpack.eof:
            piece = unpack.decompress(body, _STEP)
            if not piece and unpack.needs_input:
                raise ValueError("the body is cut")
            body = b""
            yield piece
        body = unpack.unused_data
