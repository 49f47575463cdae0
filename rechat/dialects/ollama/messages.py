"""Messages of Ollama to the model and back.

A message is read into body and parts only as far as it comes back the same; whatever is left over
is kept as `fields`. So the set of fields is never closed, and nothing is lost.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rechat.dialects.shared import arguments_of
from rechat.values import ROLES
from rechat.values import BodyError
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Text
from rechat.values import jsontext
from rechat.values import kind_of
from rechat.values import same

# How base64 of a picture begins.
_MAGIC = {"iVBORw0KGgo": "image/png", "/9j/": "image/jpeg", "R0lGOD": "image/gif"}
# "RIFF", four bytes of a length, "WEBP".
_RIFF, _WEBP = "UklGR", "RUJQ"


def read_messages(values: Iterable[Json]) -> tuple[Message, ...]:
    """The messages of a request; what the model said in a row is one. Raises `BodyError` for what
    is not a message.
    """
    read: list[Message] = []
    for message in map(read_message, values):
        joined = _joined(read[-1], message) if read else None
        if joined:
            read[-1] = joined
        else:
            read.append(message)
    return tuple(read)


def _joined(first: Message, second: Message) -> Message | None:
    """Two assistant messages as one; None if they are none, or a field would be lost."""
    shared = first.fields.keys() & second.fields.keys()
    is_turn = first.role == second.role == "assistant"
    if not is_turn or not all(same(first.fields[key], second.fields[key]) for key in shared):
        return None
    fields, parts = first.fields | second.fields, first.parts + second.parts
    without = tuple(name for name in first.without if name in second.without)
    if first.text and second.text:
        parts = (*_spelled_out(first), *_spelled_out(second))
        return Message("assistant", None, parts, fields, without)
    body = second.body if not first.body and second.body is not None else first.body
    return Message("assistant", body, parts, fields, without)


def _spelled_out(message: Message) -> tuple[Part, ...]:
    """The parts of a message, the body as the first of them."""
    return (Text(message.body), *message.parts) if message.body else message.parts


def read_message(value: Json) -> Message:
    """The message of a JSON value; one of a role that nobody knows is kept whole. Raises
    `BodyError` if it is none.
    """
    if not isinstance(value, dict):
        raise BodyError(f"a message is an object, not {kind_of(value)}")
    role = value.get("role", "assistant")
    if role not in ROLES:
        return Message("user", None, (Opaque(value),))
    fields = {key: item for key, item in value.items() if key != "role"}
    parts: list[Part] = []
    if isinstance(thought := fields.get("thinking"), str):
        parts.append(Reasoning(thought, "thinking"))
        del fields["thinking"]
    content = fields.get("content")
    body = content if isinstance(content, str) else None
    pictures = read_images(fields.get("images"))
    if body is not None or (content is None and not pictures):
        fields.pop("content", None)
    if pictures:  # beside them, no text is an empty one
        parts += [Text(body), *pictures] if body else pictures
        body = None
        del fields["images"]
    if calls := _read_calls(fields.get("tool_calls")):
        parts += calls
        del fields["tool_calls"]
    without = tuple(key for key in ("role", "content") if key not in value)
    return Message(str(role), body, tuple(parts), fields, without)


def read_images(values: Json) -> list[Media]:
    """The pictures of a list of base64; none if one of them is not as expected."""
    pictures = [_read_image(item) for item in values] if isinstance(values, list) else []
    readable = [picture for picture in pictures if picture]
    return readable if len(readable) == len(pictures) else []


def _read_image(value: Json) -> Media | None:
    if not isinstance(value, str):
        return None
    url = value if ":" in value else f"data:{_type_of(value)};base64,{value}"
    picture = Media("image", url)
    return picture if write_image(picture) == value else None


def _type_of(content: str) -> str:
    """The media type of a picture in base64, by how its bytes begin."""
    if content.startswith(_RIFF) and content[12:16] == _WEBP:
        return "image/webp"
    kinds = (kind for magic, kind in _MAGIC.items() if content.startswith(magic))
    return next(kinds, "application/octet-stream")


def write_image(picture: Media) -> str:
    """The base64 of a picture, without what a `data:` URL says before it; another URL as it is."""
    return picture.url.partition(",")[2] if picture.url.startswith("data:") else picture.url


def _read_calls(value: Json) -> list[Call]:
    """The calls of `tool_calls`; none if one of them is not as expected."""
    calls = [_read_call(item) for item in value] if isinstance(value, list) else []
    readable = [call for call in calls if call]
    return readable if len(readable) == len(calls) else []


def _read_call(value: Any) -> Call | None:
    match value:
        case {"function": {"name": str(name), "arguments": dict(arguments)} as function}:
            fields = {key: item for key, item in value.items() if key != "function"}
            call_id = fields.pop("id") if _is_text(fields.get("id")) else ""
            inner = {key: function[key] for key in function if key not in ("name", "arguments")}
            if inner:
                fields["function"] = inner
            call = Call(name, call_id, jsontext.dump(arguments), "function", fields)
            return call if name and same(_write_call(call), value) else None
    return None


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and value != ""


def _write_call(call: Call) -> JsonObject:
    """The call as Ollama has it: an object for the arguments, and an id only if there is one."""
    outer = {key: item for key, item in call.fields.items() if key != "function"}
    inner = call.fields.get("function")
    function: JsonObject = dict(inner) if isinstance(inner, dict) else {}
    function |= {"name": call.name, "arguments": arguments_of(call.arguments)}
    return ({"id": call.id} if call.id else {}) | outer | {"function": function}


def write_message(message: Message) -> JsonObject:
    """The JSON of a message."""
    match message:
        case Message("user", None, (Opaque(dict(value)),)):
            return value
    written: JsonObject = {"role": message.role, "content": content_of(message)}
    if thoughts := message.parts_of(Reasoning):
        written["thinking"] = "\n".join(thought.text for thought in thoughts)
    if pictures := message.parts_of(Media):
        written["images"] = [write_image(picture) for picture in pictures]
    if calls := message.parts_of(Call):
        written["tool_calls"] = [_write_call(call) for call in calls]
    written |= message.fields
    for key in message.without:
        written.pop(key, None)
    return written


def content_of(message: Message) -> str | None:
    """The text of a message in one piece: a refusal is a text like any other here, and beside
    pictures, no text is an empty one.
    """
    has_content = any(isinstance(part, Text | Media | Refusal) for part in message.parts)
    if message.body is None and has_content:
        refused = [part.text for part in message.parts_of(Refusal)]
        return "\n".join(text for text in (message.whole_text, *refused) if text)
    return message.body


def with_images(message: Message, pictures: list[Media]) -> Message:
    """A message with pictures after its text."""
    if not pictures:
        return message
    return replace(message, body=None, parts=(*_spelled_out(message), *pictures))
