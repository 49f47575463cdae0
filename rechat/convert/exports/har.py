"""HAR 1.2, for browsers, proxies and other readers of HTTP logs."""

import base64
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime

from rechat.convert.exports.record import BY_NAME
from rechat.convert.exports.record import Record
from rechat.convert.exports.record import body_of
from rechat.convert.exports.record import document
from rechat.convert.exports.record import url_of
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Headers
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import header
from rechat.values import jsontext

_LATEST = 1 << 33


def write(records: Sequence[Record]) -> str:
    """One entry for each question, with the answer as it would be sent whole."""
    entries: list[Json] = [_entry(record) for record in records]
    creator: JsonObject = {"name": "rechat", "version": "1"}
    return document({"log": {"version": "1.2", "creator": creator, "entries": entries}})


def _entry(record: Record) -> JsonObject:
    request = record.request
    response = BY_NAME[request.api].write_answer(record.answer, request)
    asked = jsontext.dump(body_of(request))
    posted: JsonObject = {"mimeType": "application/json", "text": asked}
    kind = header(response.headers, "content-type")
    size = len(response.body)
    return {
        "startedDateTime": created(record.answer).isoformat(),
        "time": 0,
        "request": {
            "method": "POST",
            "url": url_of(request),
            "httpVersion": "HTTP/1.1",
            "headers": _headers((("content-type", "application/json"),)),
            "queryString": [],
            "cookies": [],
            "postData": posted,
            "headersSize": -1,
            "bodySize": len(asked.encode("utf-8", "surrogatepass")),
        },
        "response": {
            "status": response.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "headers": _headers(response.headers),
            "cookies": [],
            "content": {"size": size, "mimeType": kind, **_text(response.body)},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": size,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }


def created(answer: AnyAnswer) -> datetime:
    """When the API says that it made an answer; the epoch if it does not say."""
    fields = answer.fields if isinstance(answer, Answer) else {}
    for name in ("created", "created_at"):
        seconds = fields.get(name)
        if isinstance(seconds, int | float) and 0 <= seconds < _LATEST:
            return datetime.fromtimestamp(seconds, UTC)
    return datetime.fromtimestamp(0, UTC)


def _headers(headers: Headers) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers]


def _text(body: bytes) -> JsonObject:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}
