"""HAR 1.2, as browsers and proxies save it. The body of a stream is whole there: when its pieces
came is not known.
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
                yield _exchange(place, method, url, asked, said, entry.get("startedDateTime"))
            case _:
                yield Left(place, "has no request and response")


def _exchange(
    place: str, method: str, url: str, asked: dict[str, Any], said: dict[str, Any], at: object
) -> Found:
    posted = asked.get("postData") or {}
    try:
        body = _text(posted.get("text"), str(posted.get("encoding", "")))
        content = said.get("content") or {}
        text = _text(content.get("text"), str(content.get("encoding", "")))
    except (Base64Error, ValueError, AttributeError) as error:
        return Left(place, f"has a body that cannot be read: {error}")
    status = said.get("status")
    if not isinstance(status, int) or status < 100:
        return Left(place, "got no response")
    headers = pairs_of(said.get("headers"))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers += (("content-type", str(content.get("mimeType", ""))),)
    return exchange_of(
        place,
        (method, url, pairs_of(asked.get("headers")), body),
        (status, headers, text),
        at=at,
    )


def _text(text: object, encoding: str) -> bytes:
    if not isinstance(text, str):
        return b""
    return base64.b64decode(text) if encoding == "base64" else text.encode("utf-8", "surrogatepass")
