"""Errors that servers tell inside an answer of status 200: which one, and what its status would be.

There are as many forms as servers: an object, a text, a number beside it, a finish reason, or a
code and a message where an answer should be. What is not known to be about the request counts as a
fault of the server, which may pass.
"""

import re
from collections.abc import Iterator

from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import jsontext

UNKNOWN = 500
"""The status of an error that says nothing about it."""

# What is said of an error that says nothing.
_UNTOLD = {"message": "the model failed", "type": "server_error"}
# What servers send beside an `error`.
_BESIDE = ("error_type", "status", "status_code", "code", "detail", "request_id", "user_id")
_NUMBERS = (
    "code", "status", "status_code", "statusCode", "http_status", "http_code", "httpStatus",
)  # fmt: skip
_WORDS = ("code", "type", "status", "error_type", "reason", "name", "status_msg")
# Where an error says in a sentence what is wrong.
_MESSAGES = ("message", "msg", "status_msg", "error_msg", "errorMessage", "detail")
# What may stand beside the code and the message of an error that is a body by itself.
_DETAILS = ("detail", "details", "errors")
_STATUS = re.compile("[45][0-9][0-9]")
# Words without their marks, the most telling first: "invalid_api_key", "BadRequestError".
_MEANING = (
    (re.compile("upstream|provider|server|internal|gateway"), 502),
    (re.compile("apikey|auth|credential"), 401),
    (re.compile("quota|ratelimit|toomany|exhausted|throttl"), 429),
    (re.compile("billing|balance|credit|payment"), 402),
    (re.compile("permission|forbidden|denied"), 403),
    (re.compile("overloaded|busy|capacity"), 529),
    (re.compile("timeout|timedout|deadline"), 504),
    (re.compile("unavailable"), 503),
    (re.compile("notfound"), 404),
    (re.compile("toolarge"), 413),
    (re.compile("unprocessable|validation"), 422),
    (re.compile("invalid|badrequest|unsupported|missing|failedprecondition|outofrange"), 400),
    (re.compile("context(length|window|size)|abovemax|maxlength|toolong"), 400),
    (re.compile("contentfilter|contentpolicy|policyviolation|safety|moderation"), 400),
)


def error_of(whole: JsonObject) -> Json:
    """The error that a body tells, in its own words; None if it tells none."""
    if error := whole.get("error"):
        return error  # type: ignore[no-any-return]
    if whole.get("object") == "error":
        return whole
    if whole.get("object") == "response" and whole.get("status") == "failed":
        return _UNTOLD
    choices = whole.get("choices")
    for choice in choices if isinstance(choices, list) else []:
        if isinstance(choice, dict) and (choice.get("error") or _has_failed(choice)):
            return choice.get("error") or _UNTOLD
    return _told_bare(whole)


def _told_bare(whole: JsonObject) -> Json:
    """The error that a body is by itself, or that MiniMax says beside it."""
    told = whole.get("base_resp")
    if isinstance(told, dict) and told.get("status_code") not in (None, 0, "0"):
        return told
    has_more = any(
        value and isinstance(value, dict | list) and key not in _DETAILS
        for key, value in whole.items()
    )
    has_message = any(isinstance(whole.get(key), str) for key in _MESSAGES)
    return whole if has_message and not has_more and _status_in([whole]) else None


def status_of(whole: JsonObject) -> int | None:
    """The status of the error that a body tells; None if it tells none."""
    error = error_of(whole)
    if error is None:
        return None
    scopes = [scope for scope in _scopes(error, whole) if isinstance(scope, dict)]
    return _status_in(scopes) or UNKNOWN


def _status_in(scopes: list[JsonObject]) -> int | None:
    """The status that a number or a word in these objects says; None if there is none."""
    found = (_numbered(scope[key]) for scope in scopes for key in _NUMBERS if key in scope)
    named = (_named(scope[key]) for scope in scopes for key in _WORDS if key in scope)
    return next(filter(None, (*found, *named)), None)


def message_of(error: Json) -> str:
    """What an error says, for people."""
    if isinstance(error, str):
        return error
    said = (error.get(key) for key in _MESSAGES) if isinstance(error, dict) else ()
    return next((text for text in said if isinstance(text, str)), jsontext.dump(error))


def told_in(whole: JsonObject) -> JsonObject:
    """The error that a body tells, with what is said beside it; empty if it tells none."""
    error = error_of(whole)
    if error is None:
        return {}
    return {"error": error} | {key: whole[key] for key in _BESIDE if key in whole}


def _has_failed(choice: JsonObject) -> bool:
    return choice.get("finish_reason") == "error"


def _scopes(error: Json, whole: JsonObject) -> Iterator[Json]:
    """Where the kind of an error may stand: in it, in one that it wraps, beside it."""
    match error:
        case dict():
            yield from (error, error.get("error"))
        case str() if " " not in error:
            yield {"code": error}
    yield whole


def _numbered(value: Json) -> int | None:
    is_number = isinstance(value, int | str) and _STATUS.fullmatch(str(value))
    return int(str(value)) if is_number else None


def _named(value: Json) -> int | None:
    word = re.sub("[^a-z]", "", value[:100].lower()) if isinstance(value, str) else ""
    return next((status for meaning, status in _MEANING if meaning.search(word)), None)
