"""Gemini's `contents` and `systemInstruction` to messages and back.

Requests are read without regard to their spelling: `inline_data` is `inlineData`, null is absent,
one content is a list of one, and what the model said in a row is one message.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rechat.dialects.gemini.parts import join
from rechat.dialects.gemini.parts import read_part
from rechat.dialects.gemini.parts import read_said
from rechat.dialects.gemini.parts import write_part
from rechat.dialects.gemini.parts import write_said
from rechat.dialects.gemini.spelling import camel_keys
from rechat.values import BodyError
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Text
from rechat.values import jsontext
from rechat.values import kind_of

# Parts with fields of their own; what a function takes and gives is not theirs.
_NESTED = ("inlineData", "fileData", "functionCall", "functionResponse")
_URL_SAFE = str.maketrans("-_", "+/")
_SYSTEM = ("system", "developer")
# The keys under which clients put a result that is not an object.
_RESULT_KEYS = ("output", "result", "content")


def read_contents(contents: Json) -> tuple[Message, ...]:
    """The messages of a request's contents. Raises `BodyError` for anything but contents."""
    listed = contents if isinstance(contents, list) else [contents]
    turns = [_turn(content) for content in listed]
    read: list[Message] = []
    for is_said, run in groupby(turns, lambda turn: turn[0] == "model"):
        if is_said:
            read.append(_read_said(run))
        else:
            read += [message for turn in run for message in _read_turn(*turn)]
    return tuple(read)


def _turn(content: Json) -> tuple[str, list[Json], JsonObject]:
    """The role of a content, its parts and its other fields."""
    if isinstance(content, str):
        return "user", [{"text": content}], {}
    if not isinstance(content, dict):
        raise BodyError(f"a content is an object, not {kind_of(content)}")
    fields = {key: value for key, value in content.items() if value is not None}
    role, parts = fields.pop("role", "user"), fields.pop("parts", [])
    if role not in ("user", "model", "function"):
        fields["role"] = role
    listed = parts if isinstance(parts, list) else [parts]
    return str(role), [_spelled(part) for part in listed], fields


def _spelled(part: Json) -> Json:
    """A part as the API itself spells it."""
    if isinstance(part, str):
        return {"text": part}
    if not isinstance(part, dict):
        return part
    spelled = camel_keys(part)
    for name in _NESTED:
        if isinstance(inner := spelled.get(name), dict):
            spelled[name] = camel_keys(inner)
    match spelled.get("inlineData"):
        case {"data": str(content), **others}:
            spelled["inlineData"] = {"data": content.translate(_URL_SAFE), **others}
    return spelled


def _read_said(turns: Iterable[tuple[str, list[Json], JsonObject]]) -> Message:
    """What the model said in one turn or in several: one message."""
    values: list[Json] = []
    fields: JsonObject = {}
    for _, parts, others in turns:
        values += parts
        fields |= others
    body, said = read_said(join(values))
    return Message("assistant", body, said, fields)


def _read_turn(role: str, parts: list[Json], fields: JsonObject) -> Iterator[Message]:
    """The messages of a client's turn: each result of a call is one, and what is between them."""
    name = "system" if role == "system" else "user"
    if name == "system":
        fields = {key: value for key, value in fields.items() if key != "role"}
    if not parts:
        yield Message(name, None, (), fields)
    for is_result, run in groupby(parts, _is_result):
        if is_result:
            yield from map(_read_result, run)
        else:
            yield _message(name, list(map(read_part, run)), fields)


def _message(role: str, parts: list[Part], fields: JsonObject) -> Message:
    match parts:
        case [Text(text, {**others})] if not others:
            return Message(role, text, (), fields)
    return Message(role, None, tuple(parts), fields)


def _is_result(part: Json) -> bool:
    return isinstance(part, dict) and isinstance(part.get("functionResponse"), dict)


def _read_result(part: Json) -> Message:
    assert isinstance(part, dict)
    fields = {key: value for key, value in part.items() if key != "functionResponse"}
    inner = dict(part["functionResponse"])
    name, call_id = inner.pop("name", ""), inner.pop("id", "")
    if not isinstance(call_id, str):
        name, call_id = name or str(call_id), ""
    text, values = _result_text(inner.pop("response", None)), inner.pop("parts", [])
    fields |= {"tool_call_id": call_id} if call_id else {"name": name}
    fields |= inner
    media = [read_part(_spelled(value)) for value in values] if isinstance(values, list) else []
    if not media:
        return Message("tool", text, (), fields)
    return Message("tool", None, (*([Text(text)] if text else []), *media), fields)


def _result_text(response: Json) -> str | None:
    if response is None:
        return None
    if isinstance(response, dict) and len(response) == 1:
        key, value = next(iter(response.items()))
        if key in _RESULT_KEYS and isinstance(value, str):
            return value
    return jsontext.dump(response)


def read_system(instruction: Json) -> tuple[Message, ...]:
    """The system prompt as messages: one, or none if there is nothing in it."""
    if not instruction:
        return ()
    is_content = isinstance(instruction, dict) and "parts" in instruction
    _, parts, _ = _turn(instruction if is_content else {"parts": instruction})
    return (_message("system", list(map(read_part, parts)), {}),) if parts else ()


def write_contents(messages: Iterable[Message]) -> JsonObject:
    """The contents and the system prompt of a request."""
    messages = list(messages)
    system = [message for message in messages if message.role in _SYSTEM]
    names = {call.id: call.name for message in messages for call in message.parts_of(Call)}
    contents: list[Json] = []
    others = (message for message in messages if message.role not in _SYSTEM)
    for is_tool, run in groupby(others, lambda message: message.role == "tool"):
        if is_tool:
            results = [_write_result(message, names) for message in run]
            contents.append({"role": "user", "parts": results})
        else:
            contents += map(_write_content, run)
    written: JsonObject = {"contents": contents}
    if system:
        parts = [value for message in system for value in write_said(message.body, message.parts)]
        written["systemInstruction"] = {"parts": parts}
    return written


def _write_content(message: Message) -> JsonObject:
    role = "model" if message.role == "assistant" else "user"
    return {"role": role, "parts": write_said(message.body, message.parts)} | message.fields


def _write_result(message: Message, names: dict[str, str]) -> JsonObject:
    """A result of a call; the name of the function is that of the call if the message has none."""
    fields = dict(message.fields)
    call_id = fields.pop("tool_call_id", "")
    name = fields.pop("name", "") or names.get(call_id, call_id)
    texts = [message.body] if message.body is not None else []
    texts += [part.text for part in message.parts_of(Text)]
    result: JsonObject = {"id": call_id} if call_id else {}
    result |= {"name": name} | fields
    if texts:
        result["response"] = _response("\n".join(texts))
    media = [part for part in message.parts if isinstance(part, Media | Opaque)]
    if media:
        result["parts"] = [value for part in media for value in write_part(part)]
    return {"functionResponse": result}


def _response(text: str) -> JsonObject:
    """The object that says a result: what the text says, if that is one."""
    try:
        return jsontext.parse_object(text)
    except JsonError:
        return {"result": text}
