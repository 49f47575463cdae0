"""HAR 1.2, as browsers and proxies save it. The body of a stream is stored as a whole: when its
chunks arrived is unknown.

Bodies may be in files beside it, or missing: browsers leave out those of forms with files, and
answers that they no longer have. An exchange without one of its bodies is left out.
"""

import base64
from binascii import Error as Base64Error
from collections.abc import Iterator
from typing import Any

from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.convert.wire import exchange_of
from rechat.convert.wire import pairs_of
from rechat.values import Headers
from rechat.values import header


def is_har(document: object) -> bool:
    """Whether a document is a log of HTTP."""
    match document:
        case {"log": {"entries": list()}}:
            return True
    return False


def read(source: Source, document: Any) -> Iterator[Found]:
    """The exchanges of a log."""
    for number, entry in enumerate(document["log"]["entries"], 1):
        place = f"{source.name}#{number}"
        match entry:
            case {
                "request": {"method": str(method), "url": str(url)} as asked,
                "response": dict(said),
            }:
                yield _exchange(source, place, (method, url), asked, said, entry)
            case _:
                yield Left(place, "has no request and response")


def _exchange(
    source: Source,
    place: str,
    address: tuple[str, str],
    asked: dict[str, Any],
    said: dict[str, Any],
    entry: dict[str, Any],
) -> Found:
    status = said.get("status")
    if not isinstance(status, int) or status < 100:
        return Left(place, "got no response")
    content = said.get("content") or {}
    asked_headers, headers = pairs_of(asked.get("headers")), pairs_of(said.get("headers"))
    try:
        body = _body(source, asked.get("postData") or {})
        text = _body(source, content)
    except (Base64Error, ValueError, AttributeError) as error:
        return Left(place, f"has a body that cannot be read: {error}")
    if not body and _has_body(asked, asked_headers):
        return Left(place, "the file does not hold the body of its request")
    if not text and _number(content.get("size")) > 0:
        return Left(place, "the file does not hold its answer: save it with content")
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers += (("content-type", str(content.get("mimeType", ""))),)
    return exchange_of(
        place,
        (*address, asked_headers, body),
        (status, headers, text),
        at=entry.get("startedDateTime"),
    )


def _has_body(asked: dict[str, Any], headers: Headers) -> bool:
    """Whether a request had a body, judging by its headers."""
    is_form = header(headers, "content-type").startswith("multipart/")
    return is_form or _number(asked.get("bodySize")) > 0


def _number(size: object) -> int:
    return size if isinstance(size, int) else 0


def _body(source: Source, told: dict[str, Any]) -> bytes:
    """A body that is stored inline, or in a file beside, as Playwright does (`_file`)."""
    text, name = told.get("text"), told.get("_file")
    if isinstance(name, str) and not text:
        content = source.beside(name)
        if content is None:
            raise ValueError(f"it is in {name}, which is not there")
        return content
    if not isinstance(text, str):
        return b""
    is_base64 = told.get("encoding") == "base64"
    return base64.b64decode(text) if is_base64 else text.encode("utf-8", "surrogatepass")
