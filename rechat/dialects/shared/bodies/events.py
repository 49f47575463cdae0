"""The body of a response as JSON: one object, or the events of a stream, however they were sent.

Servers and gateways do not agree on the framing, so the body decides and not the content type:

1. Server-sent events under any content type, lines of JSON (NDJSON), or one JSON array of chunks.
2. `[DONE]` ends a stream of any API, with blanks around it, and even after a whole body.
3. Comments, empty events, `ping` and JSON without an object only keep a connection alive. A list
   says one object after the other. What begins like an object must be one, or the stream was
   truncated.
4. Events that only a single line end keeps apart are several. One without a type has that of its
   `event:` line.
5. The text is UTF-8, or in the charset that the content type names.
6. `data:` may stand twice before an event, and llama.cpp tells an error in a field of this name.
7. An error may be told in words ("error: the engine died"), or as JSON in a line of no field.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from rechat.dialects.shared.bodies import sse
from rechat.dialects.shared.bodies.charsets import text_of
from rechat.values import BodyError
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import header
from rechat.values import jsontext
from rechat.values import kind_of

_DONE = sse.DONE.data
_AFTER_JSON = f"data: {_DONE}"
# "data: {", ": keep-alive", "event: ping"; after white space that keeps a connection alive.
_FIELD = re.compile(r"\s*+(?:data|event|id|retry|error)?:")
# What some gateways put before what they pass on.
_AGAIN = re.compile(r"\A(?:data:\s*+)++(?=[\[{])")
_JSON = re.compile(r"\s*+[\[{]")
# "error: out of memory", "[ERROR] …", "**Error**".
_TELLS_ERROR = re.compile(r"\[error\]|[(*]{0,2}error\b", re.IGNORECASE)
_COMMENT = re.compile("^:.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a stream, whether it said that it was done, and the JSON array that it was, if
    it was one.
    """

    values: list[JsonObject]
    is_done: bool = False
    array: list[Json] | None = None


def read(response: HttpResponse, *, typed: bool = False) -> Events | JsonObject:
    """The events of a response, or its one object. `typed` events have their name as their `type`.
    Raises `BodyError` for a body that was truncated or is not JSON.
    """
    kind = header(response.headers, "content-type").lower()
    is_stream = "event-stream" in kind or "ndjson" in kind
    try:
        text = text_of(response.body, kind).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _broken(error, is_stream=is_stream) from None
    if _FIELD.match(text) or ("event-stream" in kind and not _JSON.match(text)):
        return _read_events(text, typed=typed) or _read_json(_COMMENT.sub("", text))
    return _read_lines(text) if "ndjson" in kind else _read_json(text)


def _broken(error: ValueError, *, is_stream: bool) -> BodyError:
    what = "the stream was truncated" if is_stream else "the answer is not whole"
    return BodyError(f"{what}: {error}")


def _read_json(text: str) -> Events | JsonObject:
    text = _without_done(text)
    try:
        value = jsontext.parse(text)
    except JsonError as error:
        if _begins_with_a_line(text):
            return _read_lines(text)
        with suppress(JsonError):
            if several := jsontext.parse_several(text):
                return Events(objects_in(several))
        raise _broken(error, is_stream=False) from None
    match value:
        case dict():
            return value
        case list():
            return Events(objects_in(value), array=value)
    raise BodyError(f"the answer is not whole: expected a JSON object, not {kind_of(value)}")


def _without_done(text: str) -> str:
    """The text without the mark that some put after any body."""
    text = text.rstrip()
    for mark in (_AFTER_JSON, _DONE):
        text = text.removesuffix(mark).rstrip()
    return text


def objects_in(values: list[Json]) -> list[JsonObject]:
    """The objects of a list, and those of the lists in it, in order."""
    found: list[JsonObject] = []
    waiting = [*reversed(values)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            found.append(value)
        elif isinstance(value, list):
            waiting += reversed(value)
    return found


def _begins_with_a_line(text: str) -> bool:
    """Whether the first of several lines is JSON by itself."""
    first, _, rest = text.lstrip().partition("\n")
    try:
        return bool(rest) and bool(jsontext.parse_object(first))
    except JsonError:
        return False


def _read_lines(text: str) -> Events:
    said = [line.strip().removeprefix("data:").strip() for line in text.split("\n")]
    try:
        values = [value for line in said if line and line != _DONE for value in _objects(line)]
    except BodyError:
        with suppress(JsonError):  # a value may have several lines
            return Events(objects_in(jsontext.parse_several(_without_done(text))))
        raise
    return Events([value for value in values if value], _DONE in said)


def _read_events(text: str, *, typed: bool) -> Events | None:
    """The events of a text; None if it has only comments, and JSON after them."""
    values: list[JsonObject] = []
    is_done = False
    for event in sse.read(text):
        for said in _apart(_AGAIN.sub("", event.data.strip())):
            if said.upper() == _DONE:
                is_done = True
            else:
                values += _values(said, event.name, typed=typed)
    if not values and not is_done and _JSON.match(_COMMENT.sub("", text)):
        return None
    return Events(values, is_done)


def _values(said: str, name: str, *, typed: bool) -> Iterator[JsonObject]:
    """What an event says, if it says anything: an object, or several in a list; one without fields
    may say it by its name.
    """
    found = _objects(said)
    if not any(found) and not (found and typed and name):
        told = _told_in_words(said, name)
        found = [told] if told else []
    yield from (_named(value, name, typed=typed) for value in found)


def _apart(data: str) -> list[str]:
    """What an event says; several things if only single line ends keep them apart."""
    if "\n" not in data:
        return [data]
    try:
        jsontext.parse(data)
    except JsonError:
        return [line.strip() for line in data.split("\n")]
    return [data]


def _objects(data: str) -> list[JsonObject]:
    """The objects that an event says: one, or those of a list. Raises `BodyError` for half of
    one.
    """
    try:
        value = jsontext.parse(data)
    except JsonError as error:
        if data.startswith(("{", "[")) and not _TELLS_ERROR.match(data):
            raise _broken(error, is_stream=True) from None
        return []  # a word, such as `ping`
    return objects_in([value])


def _told_in_words(said: str, name: str) -> JsonObject | None:
    """The error that an event tells which is no JSON; None if it tells none."""
    if not said or not (name == "error" or _TELLS_ERROR.match(said)):
        return None
    return {"type": "error", "error": {"message": said}}


def _named(value: JsonObject, name: str, *, typed: bool) -> JsonObject:
    if typed and name == "error" and "error" not in value and _is_kind(value.get("type")):
        return {"type": "error", "error": value}
    if typed:
        return {"type": name} | value if name and "type" not in value else value
    is_error = name == "error" or value.get("object") == "error"
    return {"error": value} if is_error and "error" not in value else value


def _is_kind(word: Json) -> bool:
    """Whether the type of an error says of what kind it is, and not that it is one."""
    return isinstance(word, str) and word != "error" and not word.startswith("response.")
