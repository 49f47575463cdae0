"""Answers that every API gives in the same way: HTTP errors, and bodies that nobody took apart."""

from rechat.dialects.shared.protocol import Received
from rechat.values import ANSWER_HEADERS
from rechat.values import BinaryAnswer
from rechat.values import ErrorAnswer
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import RawAnswer
from rechat.values import allowed_headers
from rechat.values import header
from rechat.values import jsontext
from rechat.values import redact

_JSON = "application/json"


def read_error(response: HttpResponse) -> Received:
    """The error of a response with a status of 400 or more: JSON, or else the text."""
    headers = allowed_headers(response.headers, ANSWER_HEADERS)
    value: Json
    try:
        value = jsontext.parse(response.body)
        headers = tuple(item for item in headers if item[0] != "content-type")
    except JsonError:
        value = response.body.decode("utf-8", "replace")
    safe = redact(value)
    return Received(ErrorAnswer(response.status, safe, headers), safe is value)


def write_verbatim(answer: ErrorAnswer | RawAnswer | BinaryAnswer) -> HttpResponse:
    """The response of an answer that is kept whole: JSON, unless its body is a text or bytes."""
    headers = answer.headers
    match answer:
        case BinaryAnswer(content):
            return HttpResponse.whole(answer.status, headers, content)
        case ErrorAnswer(body=value) | RawAnswer(value):
            is_text = isinstance(value, str) and header(headers, "content-type") != _JSON
            text = value if isinstance(value, str) and is_text else jsontext.dump(value)
    if not header(headers, "content-type"):
        headers = (("content-type", "text/plain; charset=utf-8" if is_text else _JSON), *headers)
    body = "" if value is None and isinstance(answer, ErrorAnswer) else text
    return HttpResponse.whole(answer.status, headers, body.encode("utf-8", "replace"))
