"""Messages of Chat Completions to the model and back.

A message is read into body and parts only as far as it comes back the same; whatever is left over
is kept as `fields` or as an `Opaque` part. So the set of fields is never closed, and nothing is
lost.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rechat.dialects.openai_chat import thinking
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
from rechat.values import assets
from rechat.values import kind_of
from rechat.values import made_once
from rechat.values import same

REASONING_FIELDS = ("reasoning_content", "reasoning", "reasoning_text", "thinking")
# The role, the content and the calls.
_WITH_CALLS = 3
# Where a model that draws puts its pictures.
_DRAWN = "images"
# The fields that are read into parts.
_STRUCTURED = frozenset({*REASONING_FIELDS, "refusal", "tool_calls", "audio", _DRAWN})
_AUDIO_TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg"}
# How base64 of a sound begins.
_AUDIO_MAGIC = {"UklGR": "audio/wav", "SUQz": "audio/mpeg", "//": "audio/mpeg"}


def read_message(value: Json) -> Message:
    """The message of a JSON value; one of a role that OpenAI does not have is a user's message with
    that role among its fields. Raises `BodyError` if the role is no word.
    """
    return made_once(value, "chat message", _read_message)


def _read_message(value: Json) -> Message:
    if not isinstance(value, dict):
        raise BodyError(f"a message is an object, not {kind_of(value)}")
    role = value.get("role", "assistant")
    if not isinstance(role, str) or not role:
        raise BodyError(f"the role of a message is a word, not {role!r}")
    if role not in ROLES:
        return _of_other_role(value, "user")
    message = _read_simple(str(role), value)
    if message:
        return message
    message = _read(str(role), value)
    if same(write_message(message), value):
        return message
    rest = {key: item for key, item in value.items() if key not in ("role", "content")}
    plain = Message(str(role), None, (), rest | {"content": value.get("content")}, _without(value))
    return plain if same(write_message(plain), value) else message


def read_said(value: Json) -> Message:
    """What a model said, whatever its role is called. Raises `BodyError` if it is no message."""
    if isinstance(value, dict) and value.get("role", "assistant") != "assistant":
        return _of_other_role(value, "assistant")
    return read_message(value)


def _of_other_role(value: JsonObject, role: str) -> Message:
    message = read_message(value | {"role": role})
    return replace(message, fields={"role": value["role"]} | message.fields)


def _read_simple(role: str, value: JsonObject) -> Message | None:
    """A message as most are: a text, or calls of functions and nothing else. It need not be written
    to know that it comes back the same.
    """
    body = value.get("content")
    if "role" not in value or "content" not in value or not isinstance(body, str | None):
        return None
    if _STRUCTURED.isdisjoint(value):
        fields = {key: item for key, item in value.items() if key not in ("role", "content")}
        return Message(role, body, (), fields)
    listed = value.get("tool_calls")
    if len(value) == _WITH_CALLS and isinstance(listed, list) and listed:
        calls = tuple([call for call in map(_read_simple_call, listed) if call])
        if len(calls) == len(listed):
            return Message(role, body, calls)
    return None


def _read_simple_call(value: Any) -> Call | None:
    match value:
        case {
            "id": str(call_id),
            "type": "function",
            "function": {"name": str(name), "arguments": str(text), **inner},
            **others,
        } if call_id and name and not inner and not others:
            return Call(name, call_id, text)
    return None


def _without(value: JsonObject) -> tuple[str, ...]:
    return tuple(key for key in ("role", "content") if key not in value)


def _read(role: str, value: JsonObject) -> Message:
    fields = {key: item for key, item in value.items() if key != "role"}
    body = fields.get("content")
    parts: list[Part] = []
    for name in REASONING_FIELDS:
        if isinstance(text := fields.get(name), str):
            parts.append(Reasoning(text, name))
            del fields[name]
    if isinstance(body, list) and body:
        listed: Sequence[Part] = [thinking.read_thought(item) or _read_part(item) for item in body]
        body, listed = thinking.body_after(listed) if role == "assistant" else (None, listed)
        parts += listed
        del fields["content"]
    elif isinstance(body, str | None):
        fields.pop("content", None)
    if isinstance(refusal := fields.get("refusal"), str):
        parts.append(Refusal(refusal))
        del fields["refusal"]
    calls = _read_calls(fields.get("tool_calls"))
    if calls:
        parts += calls
        del fields["tool_calls"]
    if "content" in fields:  # of another kind; it stands for all that a message shows
        return Message(role, None, tuple(parts), fields, _without(value))
    if role == "assistant" and (drawn := _read_drawn(fields.get(_DRAWN))):
        if isinstance(body, str):  # beside a picture, a text is a part
            parts.append(Text(body))
            body = None
        parts += drawn
        del fields[_DRAWN]
    if role == "assistant" and (sound := _read_answer_audio(fields.get("audio"))):
        parts.append(sound)
        del fields["audio"]
    return Message(
        role, body if isinstance(body, str) else None, tuple(parts), fields, _without(value)
    )


def _read_part(value: Json) -> Part:
    part = _readable_part(value)
    return part if part and same(_write_part(part), value) else Opaque(value)


def _readable_part(value: Any) -> Text | Media | None:
    match value:
        case {"type": "text", "text": str(text)}:
            return Text(text, _others(value, "type", "text"))
        case {"type": "image_url", "image_url": {"url": str(url)} as inner}:
            return Media("image", url, _others(inner, "url"))
        case {
            "type": "input_audio",
            "input_audio": {"data": str(content), "format": str(kind)} as inner,
        }:
            media_type = _AUDIO_TYPES.get(kind, "application/octet-stream")
            return Media("audio", f"data:{media_type};base64,{content}", _others(inner, "data"))
        case {"type": "file", "file": {"file_data": str(url)} as inner}:
            return Media("file", url, _others(inner, "file_data"))
    return None


def _others(value: Any, *names: str) -> JsonObject:
    """The fields of an object but for those that are named."""
    return {key: item for key, item in value.items() if key not in names}


def _write_part(part: Text | Media | Opaque) -> Json:
    match part:
        case Text(text, rest):
            return {"type": "text", "text": text, **rest}
        case Media("image", url, inner):
            return {"type": "image_url", "image_url": {"url": url, **inner}}
        case Media("audio", url, inner):
            return {"type": "input_audio", "input_audio": {"data": url.partition(",")[2], **inner}}
        case Media(_, url, inner):
            return {"type": "file", "file": {"file_data": url, **inner}}
        case Opaque(value):
            return value


def _read_calls(value: Json) -> list[Call]:
    """The calls of `tool_calls`; none if one of them is not as expected."""
    if not isinstance(value, list):
        return []
    calls = [_read_call(item) for item in value]
    readable = [call for call in calls if call]
    return readable if len(readable) == len(calls) else []


def _read_call(value: Any) -> Call | None:
    match value:
        case {
            "id": str(call_id),
            "type": "function",
            "function": {"name": str(name), "arguments": str(text)},
        }:
            call = Call(name, call_id, text, "function", _others(value, "id", "type", "function"))
        case {
            "id": str(call_id),
            "type": "custom",
            "custom": {"name": str(name), "input": str(text)},
        }:
            call = Call(name, call_id, text, "custom", _others(value, "id", "type", "custom"))
        case _:
            return None
    return call if name and call_id and same(_write_call(call), value) else None


def _write_call(call: Call) -> JsonObject:
    inner: JsonObject
    if call.kind == "custom":
        inner = {"custom": {"name": call.name, "input": call.arguments}}
    else:
        inner = {"function": {"name": call.name, "arguments": call.arguments}}
    return {"id": call.id, "type": call.kind, **inner, **call.fields}


def _read_drawn(value: Any) -> list[Media]:
    """The pictures that a model drew; none if one of them is not as expected."""
    drawn: list[Media] = []
    for item in value if isinstance(value, list) else []:
        match item:
            case {"type": "image_url", "image_url": {"url": str(url)} as inner}:
                told = _others(item, "type", "image_url") | _others(inner, "url")
                drawn.append(Media("image", url, {"field": _DRAWN} | told))
            case _:
                return []
    return drawn


def _write_drawn(part: Media) -> Json:
    outer = {key: part.fields[key] for key in ("index",) if key in part.fields}
    inner = _others(part.fields, "field", "index")
    return {"type": "image_url", "image_url": {"url": part.url, **inner}, **outer}


def _is_drawn(message: Message, part: Part) -> bool:
    is_picture = isinstance(part, Media) and part.fields.get("field") == _DRAWN
    return message.role == "assistant" and is_picture


def _has_drawn(message: Message) -> bool:
    return any(_is_drawn(message, part) for part in message.parts)


def _read_answer_audio(value: Any) -> Media | None:
    """The sound of a spoken answer: its bytes apart, the rest (`id`, `transcript`, …) as fields."""
    match value:
        case {"data": str(content)} if content:
            kinds = (kind for magic, kind in _AUDIO_MAGIC.items() if content.startswith(magic))
            url = f"data:{next(kinds, 'application/octet-stream')};base64,{content}"
            return (
                Media("audio", url, _others(value, "data")) if assets.split_data_url(url) else None
            )
    return None


def write_message(message: Message) -> JsonObject:
    """The JSON of a message."""
    written: JsonObject = {"role": message.role, "content": write_content(message)}
    for part in message.parts:
        match part:
            case Reasoning(text, name) if name != thinking.NAME:
                written[name] = text
            case Refusal(text):
                written["refusal"] = text
            case Media() if _is_drawn(message, part):
                written.setdefault(_DRAWN, []).append(_write_drawn(part))
            case Media("audio", url, inner) if message.role == "assistant":
                written["audio"] = {"data": url.partition(",")[2], **inner}
    calls = message.parts_of(Call)
    if calls:
        written["tool_calls"] = [
            _write_call(call if call.id else replace(call, id=f"call_{number}"))
            for number, call in enumerate(calls, 1)
        ]
    for key, value in message.fields.items():
        written[key] = value
    for key in message.without:
        written.pop(key, None)
    return written


def write_content(message: Message) -> Json:
    """The content of a message: a text, a list of parts, or nothing."""
    listed: list[Json] = []
    for part in message.parts:
        match part:
            case Media() if _is_drawn(message, part):
                pass
            case Media("audio") if message.role == "assistant":
                pass
            case Reasoning(name=thinking.NAME):
                listed.append(thinking.write_thought(part))
            case Text() | Media() | Opaque():
                listed.append(_write_part(part))
    if listed and message.body and thinking.thoughts_of(message):
        listed.append({"type": "text", "text": message.body})
    match listed:
        case [{"type": "text", "text": text}] if _has_drawn(message):
            return str(text)
    return listed or message.body
