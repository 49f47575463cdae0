"""What a client tells the Responses API: the items of `input`, to messages and back.

Items of the model in a row are one assistant message; each result of a tool is a message of the
tool. The ids and the status that clients send back with their items say nothing, and are left out,
unless an item has nothing else: then it stands for one that the server keeps.
"""

from typing import Any, cast

from rechat.dialects.openai_responses.items import said_of
from rechat.dialects.openai_responses.items import write_items
from rechat.dialects.openai_responses.output import opaque
from rechat.dialects.openai_responses.output import read_item
from rechat.dialects.openai_responses.output import with_fields
from rechat.dialects.openai_responses.stream_side import without_previews
from rechat.values import BodyError
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Refusal
from rechat.values import Text
from rechat.values import assets
from rechat.values import kind_of
from rechat.values import made_once

# Roles of messages, and the items that are not messages but are told in the same role.
_ROLES = ("user", "system", "developer", "assistant")
_TOLD = {
    "additional_tools": "developer",
    "configuration_update": "developer",
    "compaction_trigger": "user",
}
_RESULTS = ("function_call_output", "custom_tool_call_output")
# What the server or its SDK says of an item, and clients may or may not send back.
_UNTOLD = (
    *("id", "status", "without", "annotations", "logprobs"),
    *("parsed", "parsed_arguments"),
)
# What a client (Codex) notes on each item for itself: ids of the run, and times.
_NOTE = "internal_chat_message_metadata_passthrough"
_AUDIO_TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg"}


def read_input(value: Json) -> tuple[Message, ...]:
    """The conversation. Raises `BodyError` if it is neither a text nor a list of items."""
    match value:
        case None:
            return ()
        case str():
            return (Message("user", value),)
        case list():
            return _joined([made_once(item, "Responses item", _read) for item in value])
    raise BodyError(f"`input` is a text or a list of items, not {kind_of(value)}")


def _joined(messages: Any) -> tuple[Message, ...]:
    """The messages, with those of the model in a row as one."""
    found: list[Message] = []
    for message in messages:
        if found and found[-1].role == message.role == "assistant":
            both = found[-1], message
            parts = tuple(part for one in both for part in _parts_of(one))
            found[-1] = _body_first(Message("assistant", None, parts)).kept_as(both)
        else:
            found.append(message)
    return tuple(found)


def _parts_of(message: Message) -> tuple[Part, ...]:
    """The parts with the body among them, where `said_of` has it."""
    if message.body is None:
        return message.parts
    return tuple([part for part, _ in said_of(Choice(message))])


def _read(item: Json) -> Message:
    if not isinstance(item, dict):
        raise BodyError(f"an item of `input` is an object, not {kind_of(item)}")
    item = {key: value for key, value in item.items() if key != _NOTE}
    kind, role = str(item.get("type") or "message"), item.get("role")
    if kind == "message" and role in _ROLES:
        return _read_message(str(role), item)
    if kind in _RESULTS:
        return _read_result(item)
    if _is_result(kind, item):
        call_id = item.get("call_id")
        named: JsonObject = {"tool_call_id": call_id} if call_id else {}
        return Message("tool", None, (opaque(item)[0],), named)
    if kind == "message" or kind in _TOLD:
        return Message(_TOLD.get(kind, "user"), None, (opaque(item)[0],))
    said = [_told(part, fields) for part, fields in read_item(item)] or [opaque(item)[0]]
    return Message("assistant", None, tuple(said))


def _is_result(kind: str, item: JsonObject) -> bool:
    """Whether an item is what the client did, and not a tool that the server ran."""
    if kind == "program_output" or item.get("execution") == "server":
        return False
    return kind.endswith("_output") or kind == "mcp_approval_response"


def _told(part: Part, fields: JsonObject) -> Part:
    """A part of the model as it counts in a conversation."""
    return with_fields((part, _of_model(fields)))


def _of_model(fields: JsonObject) -> JsonObject:
    """The fields of what the model said that it said itself."""
    return {key: value for key, value in fields.items() if key not in _UNTOLD and value is not None}


def _read_message(role: str, item: JsonObject) -> Message:
    rest = {
        key: value
        for key, value in item.items()
        if key not in ("type", "role", "content", "id", "status")
    }
    message = _content(role, item.get("content"))
    if role != "assistant":
        return Message(role, message.body, message.parts, rest)
    parts = message.parts or ((Text(message.body),) if message.body is not None else ())
    match parts:
        case (Text(text, fields), *others):
            parts = (Text(text, fields | _of_model(rest)), *others)
    return _body_first(Message(role, None, parts))


def _body_first(message: Message) -> Message:
    """The message with its first text as the body, if it has no fields and only calls come after
    it.
    """
    match message.parts:
        case (Text(text, fields), *rest) if not fields and all(
            isinstance(part, Call) for part in rest
        ):
            return Message(message.role, text, tuple(rest), message.fields)
    return message


def _content(role: str, content: Json) -> Message:
    """A message with the content; a single plain text is its body."""
    if content is None or isinstance(content, str):
        return Message(role, content)
    if not isinstance(content, list):
        return Message(role, None, (Opaque(content),))
    parts = tuple(_read_part(part, role) for part in content)
    match parts:
        case (Text(text, fields),) if not fields:
            return Message(role, text)
    return Message(role, None, parts)


def _read_result(item: JsonObject) -> Message:
    rest = {
        key: value
        for key, value in item.items()
        if key not in ("type", "id", "status", "call_id", "output")
    }
    named: JsonObject = {"tool_call_id": item["call_id"]} if "call_id" in item else {}
    content = _content("tool", item.get("output"))
    return Message("tool", content.body, content.parts, named | rest)


def _read_part(value: Any, role: str) -> Part:
    match value:
        case {"type": "input_text" | "output_text" | "text", "text": str(text), **rest}:
            fields = _named(rest)
            return Text(text, _of_model(fields) if role == "assistant" else fields)
        case {"type": "refusal", "refusal": str(text)}:
            return Refusal(text)
        case {"type": "input_image", "image_url": str(url), **rest} if not rest.get("file_id"):
            detail = rest.pop("detail", "auto")
            return Media("image", url, _named(rest) | _unless("auto", detail=detail))
        case {"type": "input_file", "file_url": str(url), **rest} if not rest.get("file_data"):
            return Media("file", url, _named(rest))
        case {"type": "input_file", "file_data": str(url), **rest} if url.startswith("data:"):
            return Media("file", url, _named(rest))
        case {"type": "input_audio", "input_audio": {"data": str(data), "format": str(kind)}}:
            media_type = _AUDIO_TYPES.get(kind, "application/octet-stream")
            return Media("audio", f"data:{media_type};base64,{data}", {"format": kind})
    return Opaque(cast("Json", value))


def _named(rest: dict[object, object]) -> JsonObject:
    """The other fields of a part that say something."""
    return {str(key): value for key, value in rest.items() if value is not None}


def _unless(usual: str, **fields: object) -> JsonObject:
    return {key: value for key, value in fields.items() if value not in (usual, None)}


def write_input(messages: tuple[Message, ...]) -> list[Json]:
    """The items that tell a conversation."""
    calls = [call for message in messages for call in message.parts_of(Call)]
    custom = {call.id for call in calls if call.kind == "custom"}
    return [item for message in messages for item in _write(message, custom)]


def _write(message: Message, custom: set[str]) -> list[Json]:
    match message:
        case Message("assistant"):
            said = said_of(Choice(message))
            return [item for part, fields in said for item in _write_said(part, fields)]
        case Message(parts=(Opaque(dict() as value),)) if _is_item(value):
            return [value]
        case Message("tool" | "function", fields=fields):
            call_id = fields.get("tool_call_id")
            rest = {key: value for key, value in fields.items() if key != "tool_call_id"}
            kind = _RESULTS[isinstance(call_id, str) and call_id in custom]
            named: JsonObject = {} if call_id is None else {"call_id": call_id}
            return [{"type": kind, **named, "output": _write_content(message)} | rest]
        case _:
            return [{"role": message.role, "content": _write_content(message)} | message.fields]


def _is_item(value: JsonObject) -> bool:
    kind = value.get("type")
    return isinstance(kind, str) and (kind in _TOLD or kind == "message" or _is_result(kind, value))


def _write_said(part: Part, fields: JsonObject) -> list[Json]:
    match part:
        case Text(text):
            content = [{"type": "output_text", "text": text} | fields]
            return [{"role": "assistant", "content": content}]
        case Refusal(text):
            content = [{"type": "refusal", "refusal": text}]
            return [{"role": "assistant", "content": content}]
        case _:
            return list(map(without_previews, write_items([(part, fields)])))


def _write_content(message: Message) -> Json:
    if message.body is not None and not message.parts:
        return message.body
    texts = [Text(message.body)] if message.body is not None else []
    return [_write_part(part) for part in (*texts, *message.parts)]


def _write_part(part: Part) -> Json:
    match part:
        case Text(text, fields):
            return {"type": "input_text", "text": text} | fields
        case Refusal(text):
            return {"type": "refusal", "refusal": text}
        case Media("image", url, fields):
            return {"type": "input_image", "image_url": url, "detail": "auto"} | fields
        case Media("audio", url, fields):
            return {"type": "input_audio", "input_audio": {"data": url.partition(",")[2]} | fields}
        case Media(_, url, fields):
            place = "file_data" if assets.split_data_url(url) else "file_url"
            return {"type": "input_file", place: url} | fields
        case Opaque(value):
            return value
        case _:
            raise BodyError(f"a {type(part).__name__.lower()} has no place in such a message")
