"""A JSON array where one object was asked for, as some gateways send it: `[{…}]`.

That an answer came alone in an array is kept in it, and what clients get comes so again; any other
array is kept as it is. Streamed, both are answers like any other.
"""

from dataclasses import replace

from rechat.dialects.shared import failures
from rechat.dialects.shared.bodies.events import Events
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RawAnswer

IN_ARRAY = "in_array"
"""The field of an answer that came alone in an array."""


def object_of(read: Events | JsonObject) -> JsonObject | None:
    """The one object of an array, unless it is a piece of a stream."""
    match read:
        case Events(array=[dict(value)]) if not is_piece(value):
            return value
    return None


def array_of(read: Events | JsonObject) -> list[Json] | None:
    """The array that a body is, unless something in it tells an error."""
    array = read.array if isinstance(read, Events) else None
    has_failed = any(isinstance(item, dict) and failures.error_of(item) for item in array or ())
    return None if has_failed else array


def is_piece(value: JsonObject) -> bool:
    """Whether an object is a chunk of a stream, and not what it adds up to."""
    choices = value.get("choices")
    listed = choices if isinstance(choices, list) else []
    return any(isinstance(choice, dict) and "delta" in choice for choice in listed)


def put_in(answer: AnyAnswer) -> AnyAnswer:
    """The answer with a note that it came in an array."""
    match answer:
        case Answer(fields=fields):
            return replace(answer, fields=fields | {IN_ARRAY: True})
        case RawAnswer(dict(whole)):
            return replace(answer, value=[whole])
    return answer


def taken_out(answer: AnyAnswer) -> Answer | None:
    """The answer without the array that it came in; None if it came in none."""
    match answer:
        case Answer(fields=fields) if fields.get(IN_ARRAY) is True:
            rest = {key: value for key, value in fields.items() if key != IN_ARRAY}
            return replace(answer, fields=rest)
    return None


def in_array(response: HttpResponse) -> HttpResponse:
    """A whole response with its body in an array."""
    return HttpResponse.whole(response.status, response.headers, b"[" + response.body + b"]")
