"""A JSON array where one object was asked for, as some gateways send it: `[{…}]`, `[[{…}]]`.

That an answer came alone in an array is kept in it, and what clients get comes so again; any other
array is kept as it is. Streamed, both are answers like any other.
"""

from dataclasses import replace

from rechat.dialects.shared import failures
from rechat.dialects.shared.bodies.events import Events
from rechat.dialects.shared.bodies.events import objects_in
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RawAnswer

# No server puts an answer in more; what a person writes is no reason to write a million brackets.
_DEEPEST = 100
IN_ARRAY = "in_array"
"""The field of an answer that came alone in an array: true, or in how many it came."""


def object_of(read: Events | JsonObject) -> tuple[JsonObject | None, int]:
    """The one object of an array, unless it is a piece of a stream, and how many arrays it is
    in.
    """
    value: Json = read.array if isinstance(read, Events) else None
    depth = 0
    while isinstance(value, list) and len(value) == 1:
        value, depth = value[0], depth + 1
    return (value, depth) if isinstance(value, dict) and not is_piece(value) else (None, 0)


def array_of(read: Events | JsonObject) -> list[Json] | None:
    """The array that a body is, unless something in it tells an error."""
    array = read.array if isinstance(read, Events) else None
    has_failed = any(map(failures.error_of, objects_in(array or [])))
    return None if has_failed else array


def is_piece(value: JsonObject) -> bool:
    """Whether an object is a chunk of a stream, and not what it adds up to."""
    choices = value.get("choices")
    listed = choices if isinstance(choices, list) else []
    return any(isinstance(choice, dict) and "delta" in choice for choice in listed)


def put_in(answer: AnyAnswer, depth: int) -> AnyAnswer:
    """The answer with a note that it came in so many arrays."""
    match answer:
        case Answer(fields=fields):
            return replace(answer, fields=fields | {IN_ARRAY: True if depth == 1 else depth})
        case RawAnswer(dict(whole)):
            value: Json = whole
            for _ in range(depth):
                value = [value]
            return replace(answer, value=value)
    return answer


def taken_out(answer: AnyAnswer) -> tuple[Answer | None, int]:
    """The answer without the arrays that it came in, and how many they are; None if there is
    none.
    """
    depth = answer.fields.get(IN_ARRAY) if isinstance(answer, Answer) else None
    if not isinstance(answer, Answer) or not isinstance(depth, int) or not 1 <= depth <= _DEEPEST:
        return None, 0
    rest = {key: value for key, value in answer.fields.items() if key != IN_ARRAY}
    return replace(answer, fields=rest), int(depth)


def in_array(response: HttpResponse, depth: int) -> HttpResponse:
    """A whole response with its body in so many arrays."""
    body = b"[" * depth + response.body + b"]" * depth
    return HttpResponse.whole(response.status, response.headers, body)
