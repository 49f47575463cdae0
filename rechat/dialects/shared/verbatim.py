"""Answers that every API gives in the same way: HTTP errors, and bodies that nobody took apart."""

from contextlib import suppress

from rechat.dialects.shared import failures
from rechat.dialects.shared.bodies import events
from rechat.dialects.shared.bodies.charsets import text_of
from rechat.dialects.shared.protocol import Received
from rechat.values import ANSWER_HEADERS
from rechat.values import LASTING_ERRORS
from rechat.values import BinaryAnswer
from rechat.values import BodyError
from rechat.values import ErrorAnswer
from rechat.values import Headers
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import RawAnswer
from rechat.values import allowed_headers
from rechat.values import header
from rechat.values import jsontext
from rechat.values import redact
from rechat.values import redact_text

_JSON = "application/json"
# What a body has that is an error and nothing else. Errors are short.
_OF_ERROR = frozenset({"error", "type", "request_id", "status", "code", "success"})
_LONGEST_ERROR = 1 << 16
_MARK = b"\xef\xbb\xbf"


def read_error(response: HttpResponse) -> Received:
    """The error of a response with a status of 400 or more: JSON, or else the text."""
    headers = allowed_headers(response.headers, ANSWER_HEADERS)
    with suppress(JsonError):
        value = _json(response)
        if not isinstance(value, str):  # a text is told from one that is JSON by its type
            safe = redact(value)
            told = ErrorAnswer(response.status, safe, _without_type(headers))
            return Received(told, safe is value)
    return _read_error_text(response, headers)


def _read_error_text(response: HttpResponse, headers: Headers) -> Received:
    """The error of a body that is text, which is served in UTF-8."""
    kind = header(headers, "content-type")
    try:
        text = text_of(response.body, kind)
    except UnicodeDecodeError:
        text = response.body.decode("utf-8", "replace")
    if not _is_utf8(response.body) and kind:
        plain = kind.partition(";")[0]
        headers = (*_without_type(headers), ("content-type", f"{plain}; charset=utf-8"))
    safe = redact_text(text)
    return Received(ErrorAnswer(response.status, safe, headers), safe == text)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_type(headers: Headers) -> Headers:
    return tuple(item for item in headers if item[0] != "content-type")


def _json(response: HttpResponse) -> Json:
    """The JSON of a body, in UTF-8 or in the charset that its type names. Raises `JsonError`."""
    body = response.body.removeprefix(_MARK)
    try:
        return jsontext.parse(body)
    except JsonError:
        with suppress(UnicodeDecodeError, JsonError):
            return jsontext.parse(text_of(body, header(response.headers, "content-type")))
        raise


def passing_error(response: HttpResponse) -> ErrorAnswer | None:
    """The error that an endpoint without a dialect tells (pictures, speech) in a stream, or alone
    in a body; None if it tells none, or one that lasts.
    """
    for value in _objects_of(response):
        error = value.get("error")
        if value.get("type") == "error" or (error and "type" not in value):
            told: JsonObject = {"error": error or value}
            status = failures.status_of(told)
            if status and status not in LASTING_ERRORS:
                return ErrorAnswer(status, told)
    return None


def _objects_of(response: HttpResponse) -> list[JsonObject]:
    """The events of a stream, or the error that is a whole body."""
    kind = header(response.headers, "content-type")
    is_short_json = is_json(kind) and len(response.body) < _LONGEST_ERROR
    if not is_short_json and "event-stream" not in kind.lower():
        return []
    try:
        read = events.read(response)
    except BodyError:
        return []  # what it says is not JSON
    if isinstance(read, events.Events):
        return [] if is_short_json else read.values
    return [read] if is_short_json and _OF_ERROR.issuperset(read) else []


def read_whole(response: HttpResponse) -> Received:
    """A response as it is: JSON, a text, bytes, or nothing (a redirect, 204, the answer to `HEAD`).
    Raises `BodyError` for truncated JSON.
    """
    headers = allowed_headers(response.headers, ANSWER_HEADERS)
    kind = header(headers, "content-type")
    status, body = response.status, response.body
    if not body:
        return Received(RawAnswer("", status, headers))
    if is_json(kind):
        return _read_json(response, headers)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return Received(BinaryAnswer(body, status, headers))
    safe = redact_text(text)
    if kind.startswith("text/"):
        return Received(RawAnswer(safe, status, headers), safe == text)
    return Received(BinaryAnswer(safe.encode(), status, headers), safe == text)


def is_json(content_type: str) -> bool:
    """Whether a body of this type is JSON."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == _JSON or kind.endswith("+json")


def _read_json(response: HttpResponse, headers: Headers) -> Received:
    try:
        value = _json(response)
    except JsonError as error:
        if (lines := _lines_of_json(response.body)) is not None:
            told = redact_text(lines)
            return Received(BinaryAnswer(told.encode(), response.status, headers), told == lines)
        raise BodyError(f"the answer is not whole: {error}") from None
    if value is None or value == "":  # no body at all is an empty text, too
        return Received(BinaryAnswer(response.body, response.status, headers))
    safe = redact(value)
    if not isinstance(value, str):
        headers = _without_type(headers)
    return Received(RawAnswer(safe, response.status, headers), safe is value)


def _lines_of_json(body: bytes) -> str | None:
    """The text of a body with one value after the other, as some stream them under the type of a
    single one; None if it is another body, or the last value is truncated.
    """
    with suppress(UnicodeDecodeError, JsonError):
        text = body.decode("utf-8")
        if len(jsontext.parse_several(text)) > 1:
            return text
    return None


def in_other_shape(answer: ErrorAnswer) -> ErrorAnswer:
    """The error that a server told in an event, as it is for who asked for no stream; any other as
    it is.
    """
    kind = header(answer.headers, "content-type").lower()
    if not isinstance(answer.body, str) or "event-stream" not in kind:
        return answer
    response = HttpResponse.whole(answer.status, answer.headers, answer.body.encode())
    with suppress(BodyError):
        read = events.read(response)
        told = read.values if isinstance(read, events.Events) else [read]
        if len(told) == 1:
            return ErrorAnswer(answer.status, told[0], _without_type(answer.headers))
    return answer


def write_verbatim(answer: ErrorAnswer | RawAnswer | BinaryAnswer) -> HttpResponse:
    """The response of an answer that is kept whole: JSON, unless its body is a text or bytes."""
    headers = answer.headers
    match answer:
        case BinaryAnswer(content):
            return HttpResponse.whole(answer.status, headers, content)
        case ErrorAnswer(body=value) | RawAnswer(value):
            is_value = isinstance(answer, RawAnswer) and is_json(header(headers, "content-type"))
            is_text = isinstance(value, str) and not is_value
            text = value if isinstance(value, str) and is_text else jsontext.dump(value)
    if isinstance(answer, RawAnswer) and value == "":
        return HttpResponse(answer.status, headers)
    if not header(headers, "content-type"):
        headers = (("content-type", "text/plain; charset=utf-8" if is_text else _JSON), *headers)
    body = "" if value is None and isinstance(answer, ErrorAnswer) else text
    return HttpResponse.whole(answer.status, headers, body.encode("utf-8", "replace"))
