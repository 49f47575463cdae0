"""Requests and responses as other tools store them, converted to the form in which rechat sees them
on the wire.
"""

import re
import zlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from rechat.convert.days import day_of
from rechat.convert.found import HttpExchange
from rechat.convert.found import Left
from rechat.values import ANSWER_HEADERS
from rechat.values import REQUEST_HEADERS
from rechat.values import Headers
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import allowed_headers
from rechat.values import header
from rechat.values import redact_path
from rechat.values import redact_query

# More than any answer needs.
_LARGEST = 64 << 20
_GZIP = b"\x1f\x8b"
# Their bodies were decoded before they were stored, or cannot be decoded here.
_OTHER_CODINGS = re.compile(r"br|zstd|compress")


def exchange_of(
    place: str,
    asked: tuple[str, str, Headers, bytes],
    answered: tuple[int, Headers, bytes],
    *,
    of_a_test: bool = False,
    at: object = None,
) -> HttpExchange | Left:
    """The exchange of a request (method, URL, headers, body) and a response (status, headers,
    body), answered `at` a time (or when the response says), without what must not be kept; or why
    it cannot be read.
    """
    method, url, asked_headers, body = asked
    status, headers, said = answered
    try:
        address = urlsplit(url)
        host = address.hostname or ""
        said, body = unpacked(said), unpacked(body)
    except (ValueError, zlib.error) as error:
        return Left(place, f"cannot be read: {error}")
    if _OTHER_CODINGS.search(header(headers, "content-encoding")) and not _is_text(said):
        return Left(place, "the response is compressed in a way that is not read")
    request = HttpRequest(
        method.upper(),
        redact_path(address.path or "/"),
        redact_query(address.query),
        allowed_headers(asked_headers, REQUEST_HEADERS),
        body,
    )
    response = HttpResponse.whole(status, allowed_headers(headers, ANSWER_HEADERS), said)
    day = day_of(at) or day_of(header(headers, "date"))
    return HttpExchange(place, host, request, response, of_a_test, day)


def unpacked(body: bytes) -> bytes:
    """A body without gzip compression. Raises `ValueError` if it is too large, and `zlib.error` if
    it is damaged.
    """
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    text = unpacker.decompress(body, _LARGEST)
    if unpacker.unconsumed_tail:
        raise ValueError("its body has more than 64 MB")
    return text


def pairs_of(headers: object) -> Headers:
    """The headers in an object of texts or lists of texts, or in a list of `{name, value}`."""
    return tuple(_pairs(headers))


def _pairs(headers: object) -> Iterable[tuple[str, str]]:
    match headers:
        case dict():
            for name, values in headers.items():
                for value in values if isinstance(values, list) else [values]:
                    yield str(name), _text(value)
        case list():
            for item in headers:
                match item:
                    case {"name": name, "value": value}:
                        yield str(name), _text(value)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
