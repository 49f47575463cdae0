"""The contents of Gemini and their parts, to the model and back.

A call has an object for its arguments, and often no id; a result says only the function's name.
What a function gave is text where its response is nothing but one (`{"result": "…"}`), else its
JSON.
"""

from dataclasses import replace
from typing import Any, cast

from rechat import assets, jsontext
from rechat.errors import BodyError
from rechat.jsontext import Json, JsonError, JsonObject, kind_of, same
from rechat.model import Call, Media, Message, Opaque, Part, Reasoning, Refusal, Text

THOUGHT = "thought"
_ROLES = {"user": "user", "model": "assistant", "function": "user", "tool": "user"}


def read_system(value: Json) -> tuple[Message, ...]:
    """The system instruction as a message; none if there is none."""
    parts = _listed(value.get("parts") if isinstance(value, dict) else value)
    return (with_body(Message("system", None, tuple(map(read_part, parts)))),) if parts else ()


def _listed(value: Json) -> list[Json]:
    match value:
        case None:
            return []
        case str():
            return [{"text": value}]
        case list():
            return [{"text": item} if isinstance(item, str) else item for item in value]
        case _:
            return [value]


def read_contents(value: Json) -> tuple[Message, ...]:
    """The conversation. Raises `BodyError` if it is none."""
    found: list[Message] = []
    for content in _listed(value):
        for message in _read_content(content):
            last = found[-1] if found else None
            if last and last.role == message.role == "assistant":
                found[-1] = with_body(replace(last, body=None, parts=_all(last) + _all(message)))
            else:
                found.append(message)
    return tuple(found)


def _read_content(content: Any) -> list[Message]:
    match content:
        case {"text": _}:
            content = {"parts": [content]}
        case {"parts": list() | None}:
            pass
        case _:
            raise BodyError(f"a content has parts, read {kind_of(content)}")
    role = _ROLES.get(content.get("role") or "user")
    if not role:
        raise BodyError(f"{content['role']!r} is no role: expected user or model")
    messages: list[Message] = []
    pending: list[Part] = []
    for part in content["parts"] or []:
        if isinstance(part, dict) and isinstance(part.get("functionResponse"), dict):
            messages += [_given(role, pending)] if pending else []
            messages.append(_result(part["functionResponse"]))
            pending = []
        else:
            pending.append(read_part(part))
    return [*messages, _given(role, pending)] if pending or not messages else messages


def _given(role: str, parts: list[Part]) -> Message:
    """A message of a request. Clients send the pieces of a streamed text back as they came; they
    are one text.
    """
    joined: list[Part] = []
    for part in parts if role == "assistant" else ():
        match joined[-1:], part:
            case [Text(before, {}) as last], Text(text, {}) if not last.fields and not part.fields:
                joined[-1] = Text(before + text)
            case _:
                joined.append(part)
    return with_body(Message(role, None, tuple(joined or parts)))


def _result(response: JsonObject) -> Message:
    match response.get("response"):
        case {"result": str(text), **rest} | {"output": str(text), **rest} if not rest:
            body = text
        case value:
            body = jsontext.dump(value)
    names = {"tool_call_id": response.get("id"), "name": response.get("name")}
    return Message("tool", body, (), {key: name for key, name in names.items() if name})


def with_body(message: Message) -> Message:
    """The message with its text as the body, if it has one, first, without fields of its own, and
    after it only calls.
    """
    match message.parts:
        case (Text(text, fields), *rest) if not fields and all(
            isinstance(part, Call) for part in rest
        ):
            return replace(message, body=text, parts=tuple(rest))
    return message


def _all(message: Message) -> tuple[Part, ...]:
    """The parts with the body among them: after the thoughts, before all else."""
    if message.body is None:
        return message.parts
    thoughts = message.parts_of(Reasoning)
    others = [part for part in message.parts if not isinstance(part, Reasoning)]
    return (*thoughts, Text(message.body), *others)


def read_part(value: Json) -> Part:
    """The part of a content."""
    part = _readable(value)
    return part if part and same(write_part(part), value) else Opaque(value)


def _readable(value: Any) -> Part | None:
    match value:
        case {"text": str(text), "thought": True, **rest}:
            return Reasoning(text, THOUGHT, _named(rest))
        case {"text": str(text), **rest}:
            return Text(text, _named(rest))
        case {"functionCall": {"name": str(name), **call}, **rest}:
            inner = _named(call)
            arguments = jsontext.dump(inner.pop("args")) if "args" in inner else ""
            call_id = str(inner.pop("id", ""))
            own = _named(rest) | ({"functionCall": inner} if inner else {})
            return Call(name, call_id, arguments, "function", own) if name else None
        case {"inlineData": data, **rest} | {"inline_data": data, **rest}:
            return _inline(data, rest)
        case {"fileData": {"fileUri": str(url), **about}, **rest}:
            return Media("file", url, _named(rest) | {"fileData": _named(about)})
    return None


def _inline(data: Any, rest: dict[object, object]) -> Media | None:
    match data:
        case {"mimeType": str(kind), "data": str(content)} | {
            "mime_type": str(kind),
            "data": str(content),
        } if len(data) == 2 and assets.split_data_url(f"data:{kind};base64,{content}"):
            family = kind.partition("/")[0]
            url = f"data:{kind};base64,{content}"
            known = family if family in ("image", "audio") else "file"
            return Media(known, url, _named(rest))  # type: ignore[arg-type]
    return None


def _named(rest: dict[object, object]) -> JsonObject:
    """The other fields of an object."""
    return {str(key): cast("Json", value) for key, value in rest.items()}


def write_part(part: Part) -> Json:
    """The JSON of a part."""
    match part:
        case Text(text, rest):
            return {"text": text, **rest}
        case Reasoning(text, _, rest):
            return {"text": text, "thought": True, **rest}
        case Refusal(text):
            return {"text": text}
        case Call():
            return _write_call(part)
        case Media(_, url, rest):
            return _write_media(url, rest)
        case Opaque(value):
            return value


def _write_call(call: Call) -> Json:
    rest = dict(call.fields)
    inner = rest.pop("functionCall", {})
    written: JsonObject = {"id": call.id} if call.id else {}
    written["name"] = call.name
    if call.arguments:
        written["args"] = _arguments(call.arguments)
    return {"functionCall": written | (inner if isinstance(inner, dict) else {}), **rest}


def _arguments(text: str) -> Json:
    """The arguments of a call; a text that is no JSON (a hand-written one) under a name."""
    try:
        return jsontext.parse(text)
    except JsonError:
        return {"input": text}


def _write_media(url: str, rest: JsonObject) -> Json:
    if assets.split_data_url(url):
        kind, _, content = url.removeprefix("data:").partition(";base64,")
        return {"inlineData": {"mimeType": kind, "data": content}, **rest}
    others = dict(rest)
    inner = others.pop("fileData", {})
    return {"fileData": {"fileUri": url} | (inner if isinstance(inner, dict) else {}), **others}


def write_parts(message: Message) -> list[Json]:
    """The parts of what was said."""
    return [write_part(part) for part in _all(message)]


def write_contents(messages: tuple[Message, ...]) -> list[Json]:
    """The conversation as the API takes it."""
    return [_write_content(message) for message in messages]


def _write_content(message: Message) -> Json:
    if message.role == "tool":
        fields = message.fields
        result: JsonObject = {"id": fields["tool_call_id"]} if "tool_call_id" in fields else {}
        result |= {"name": fields.get("name", ""), "response": {"result": message.text}}
        return {"role": "user", "parts": [{"functionResponse": result}]}
    role = "model" if message.role == "assistant" else "user"
    return {"role": role, "parts": write_parts(message)}
