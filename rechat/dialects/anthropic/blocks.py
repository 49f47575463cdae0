"""The messages of Anthropic and their content blocks, to the model and back.

Anthropic nests what other APIs say in messages of their own: a user's turn may hold the results of
tools and then words. Such a turn is read as a message of the tool for each result, and one of the
user. What the model said comes back the same; blocks without a readable form are `Opaque`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from rechat.values import BodyError
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Text
from rechat.values import assets
from rechat.values import jsontext
from rechat.values import kind_of
from rechat.values import made_once
from rechat.values import same

THINKING = "thinking"


def read_system(value: Json) -> tuple[Message, ...]:
    """The system prompt as a message; none if there is none."""
    return (_message("system", value),) if value not in (None, "", []) else ()


def read_messages(value: Json) -> tuple[Message, ...]:
    """The conversation. Raises `BodyError` if it is not a list of messages."""
    if not isinstance(value, list):
        raise BodyError("the request has no list of `messages`")
    found: list[Message] = []
    for item in value:
        for message in made_once(item, "Anthropic message", _turn):
            last = found[-1] if found else None
            if last and last.role == message.role == "assistant":
                found[-1] = _joined(last, message)
            else:
                found.append(message)
    return tuple(found)


def _turn(value: Json) -> tuple[Message, ...]:
    return tuple(_messages(value))


def _messages(value: Json) -> Iterator[Message]:
    match value:
        case {"role": ("user" | "assistant" | "system") as role, **rest}:
            content = cast("Json", rest.get("content"))
        case {"role": str(other), **rest} if other:
            message = _message("user", cast("Json", rest.get("content")))
            yield replace(message, fields={"role": other} | message.fields)
            return
        case _:
            raise BodyError(f"a message has a role and content, read {kind_of(value)}")
    if not isinstance(content, list) or role == "assistant":
        yield _message(role, content)
        return
    pending: list[Json] = []
    for block in content:
        if isinstance(block, dict) and block.get("type") == "tool_result":
            if pending:
                yield _message(role, pending)
                pending = []
            yield _result(block)
        else:
            pending.append(block)
    if pending:
        yield _message(role, pending)


def _result(block: JsonObject) -> Message:
    rest = {
        key: value
        for key, value in block.items()
        if key not in ("type", "tool_use_id", "content") and value not in (None, False)
    }
    message = _message("tool", block.get("content"))
    fields = {"tool_call_id": block.get("tool_use_id")} | rest
    return Message("tool", message.body, message.parts, fields)


def _joined(first: Message, second: Message) -> Message:
    return replace(first, body=None, parts=(*_parts_of(first), *_parts_of(second)))


def _parts_of(message: Message) -> tuple[Part, ...]:
    """The parts with the body among them: after the thoughts, before all else."""
    if message.body is None:
        return message.parts
    thoughts = message.parts_of(Reasoning)
    others = [part for part in message.parts if not isinstance(part, Reasoning)]
    return (*thoughts, Text(message.body), *others)


def _message(role: str, content: Json) -> Message:
    """A message with the content; a single plain text is its body."""
    if content is None or isinstance(content, str):
        return Message(role, content)
    if not isinstance(content, list):
        raise BodyError(f"the content of a message is a text or a list, not {kind_of(content)}")
    return with_body(Message(role, None, tuple(map(read_block, content))))


def with_body(message: Message) -> Message:
    """The message with its text as the body, if it has one, first, without fields of its own, and
    after it only calls.
    """
    match message.parts:
        case (Text(text, fields), *rest) if not fields and all(
            isinstance(part, Call) for part in rest
        ):
            return Message(message.role, text, tuple(rest), message.fields, message.without)
    return message


def read_block(value: Json) -> Part:
    """The part that a content block is."""
    part = _readable(value)
    match part:
        case Text() | Reasoning() | Call():  # all their fields are kept: they come back the same
            return part
        case Media() if same(write_block(part), value):
            return part
    return Opaque(value)


def _readable(value: Any) -> Part | None:
    match value:
        case {"type": "text", "text": str(text), **rest}:
            return Text(text, _named(rest))
        case {"type": "thinking", "thinking": str(text), **rest}:
            return Reasoning(text, THINKING, _named(rest))
        case {"type": "tool_use", "id": str(name), "name": str(tool), "input": given, **rest}:
            return Call(tool, name, jsontext.dump(given), "function", _named(rest))
        case {
            "type": "image" | "document" as kind,
            "source": {"type": "base64", "media_type": str(media_type), "data": str(data), **inner},
            **rest,
        } if not inner and assets.split_data_url(f"data:{media_type};base64,{data}"):
            url = f"data:{media_type};base64,{data}"
            return Media("image" if kind == "image" else "file", url, _named(rest))
        case {
            "type": "image" | "document" as kind,
            "source": {"type": "url", "url": str(url), **inner},
            **rest,
        } if not inner:
            return Media("image" if kind == "image" else "file", url, _named(rest))
    return None


def _named(rest: dict[object, object]) -> JsonObject:
    """The other fields of a block."""
    return {str(key): cast("Json", value) for key, value in rest.items()}


def write_block(part: Part) -> Json:
    """The content block of a part."""
    match part:
        case Text(text, rest):
            return {"type": "text", "text": text, **rest}
        case Reasoning(text, _, rest):
            return {"type": "thinking", "thinking": text, **rest}
        case Refusal(text):
            return {"type": "text", "text": text}
        case Call(name, call_id, arguments, _, rest):
            return {
                "type": "tool_use",
                "id": call_id,
                "name": name,
                "input": _input(arguments),
                **rest,
            }
        case Media(kind, url, rest):
            return {
                "type": "image" if kind == "image" else "document",
                "source": _source(url),
                **rest,
            }
        case Opaque(value):
            return value


def _input(arguments: str) -> Json:
    """The input of a tool; a text that is no JSON (a hand-written one) under a name of its own."""
    if not arguments:
        return {}
    try:
        return jsontext.parse(arguments)
    except JsonError:
        return {"input": arguments}


def _source(url: str) -> Json:
    inline = assets.split_data_url(url)
    if not inline:
        return {"type": "url", "url": url}
    media_type, _, data = url.removeprefix("data:").partition(";base64,")
    return {"type": "base64", "media_type": media_type, "data": data}


def write_content(message: Message) -> list[Json]:
    """The content blocks of what was said. Calls without an id get one by their number."""
    numbered = iter(range(1, len(message.parts) + 1))
    return [
        write_block(
            replace(part, id=part.id or f"toolu_{next(numbered)}")
            if isinstance(part, Call)
            else part
        )
        for part in _parts_of(message)
    ]


def write_messages(messages: tuple[Message, ...]) -> list[Json]:
    """The conversation as the API takes it: results and words of the user in one turn."""
    written: list[Json] = []
    for message in messages:
        match message.role:
            case "tool":
                role, blocks = "user", [_write_result(message)]
            case own:
                role, blocks = str(message.fields.get("role", own)), write_content(message)
        last = written[-1] if written else None
        if isinstance(last, dict) and last["role"] == role:
            last["content"] += blocks
        else:
            written.append({"role": role, "content": blocks})
    return written


def _write_result(message: Message) -> Json:
    rest = {key: value for key, value in message.fields.items() if key != "tool_call_id"}
    return {
        "type": "tool_result",
        "tool_use_id": message.fields.get("tool_call_id"),
        "content": write_content(message),
        **rest,
    }
