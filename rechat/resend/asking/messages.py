"""Converts the messages of a conversation to another API: text, calls, results and pictures. What
only the original API can express is named.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from itertools import count

from rechat.values import Call
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

# APIs in which the system prompt is separate from the conversation.
_SYSTEM_APART = ("anthropic.messages", "google.gemini")
# Which media an API accepts: kinds, and whether by URL too.
_MEDIA: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "openai.chat": (("image", "audio", "file"), ("image",)),
    "openai.responses": (("image", "audio", "file"), ("image", "file")),
    "anthropic.messages": (("image", "file"), ("image", "file")),
    "google.gemini": (("image", "audio", "file"), ("image", "audio", "file")),
    "ollama.chat": (("image",), ()),
}
_AUDIO_FORMATS = {"audio/wav": "wav", "audio/x-wav": "wav", "audio/mpeg": "mp3", "audio/mp3": "mp3"}
# Fields that need no mention: marks and names that change no answer.
_SILENT = frozenset(
    {
        "tool_call_id",
        "tool_name",
        "name",
        "is_error",
        "cache_control",
        "role",
        "refusal",
        "annotations",
    }
)


@dataclass
class _Translation:
    api: str
    unsaid: list[str] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))


def messages_in(api: str, messages: Iterable[Message]) -> tuple[tuple[Message, ...], list[str]]:
    """The messages in the format of an API, and what it cannot express."""
    work = _Translation(api)
    written = [_message(message, work) for message in messages]
    if api in _SYSTEM_APART:
        written = _system_first(written, work)
    said = [message for message in written if message.body is not None or message.parts]
    return tuple(said), work.unsaid


def _system_first(messages: list[Message], work: _Translation) -> list[Message]:
    """The messages with all system messages joined into one at the beginning."""
    system = [message for message in messages if message.role == "system"]
    others = [message for message in messages if message.role != "system"]
    if not system:
        return others
    if messages[: len(system)] != system:
        work.unsaid.append("the place of a system message, which is told at the beginning")
    return [Message("system", "\n\n".join(message.text for message in system)), *others]


def _message(message: Message, work: _Translation) -> Message:
    role = _role(message.role, work.api)
    parts = [part for old in message.parts for part in _part(old, role, work)]
    fields: JsonObject = {}
    if role == "tool":
        fields = _result_fields(message.fields, work)
        parts = _result_parts(parts, work)
        if message.fields.get("is_error"):
            message, parts, fields = _failed(message, parts, fields, work)
    work.unsaid += [
        f"the field {name} of a message"
        for name, value in message.fields.items()
        if name not in _SILENT and value not in (None, False, [], {})
    ]
    return _simplest(Message(role, message.body, tuple(parts), fields))


def _simplest(message: Message) -> Message:
    """The message with its one text as the body."""
    match message:
        case Message(role, None, (Text(text, fields), *rest), own) if not fields and all(
            isinstance(part, Call) for part in rest
        ):
            return Message(role, text, tuple(rest), own)
    return message


def _role(role: str, api: str) -> str:
    if role == "function":
        return "tool"
    if role == "developer" and api != "openai.responses":
        return "system"
    return role


def _part(part: Part, role: str, work: _Translation) -> Iterator[Part]:
    match part:
        case Text(text):
            yield Text(text)
        case Refusal(text):
            yield Refusal(text) if work.api.startswith("openai.") else Text(text)
        case Reasoning():
            work.unsaid.append("thoughts, which only the API that signed them takes back")
        case Call():
            yield _call(part, work)
        case Media():
            yield from _media(part, role, work)
        case Opaque(value):
            kind = value.get("type", "part") if isinstance(value, dict) else "part"
            work.unsaid.append(f"a {kind}, which only its own API has")


def _call(call: Call, work: _Translation) -> Call:
    """The call with an id, which its result then names."""
    call_id = call.id or f"call_{next(work.numbers)}"
    work.waiting.append((call.name, call_id))
    if call.kind == "custom" and not work.api.startswith("openai."):
        return Call(call.name, call_id, jsontext.dump({"input": call.arguments}))
    return Call(call.name, call_id, call.arguments, call.kind)


def _result_fields(fields: JsonObject, work: _Translation) -> JsonObject:
    """The call that a result belongs to: the one with its id, else the first open one with its
    name.
    """
    call_id, name = fields.get("tool_call_id"), fields.get("name", fields.get("tool_name"))
    for waiting in work.waiting:
        if call_id == waiting[1] or (not call_id and name in (None, waiting[0])):
            work.waiting.remove(waiting)
            name, call_id = waiting
            break
    if work.api == "ollama.chat":
        return {"tool_name": name} if name else {}
    return {"tool_call_id": call_id or f"call_{next(work.numbers)}"}


def _failed(
    message: Message, parts: list[Part], fields: JsonObject, work: _Translation
) -> tuple[Message, list[Part], JsonObject]:
    """A result that is an error, in the API's form; most have none for it."""
    match work.api:
        case "anthropic.messages":
            fields = fields | {"is_error": True}
        case "google.gemini":
            told = jsontext.dump({"error": message.text})
            parts = [Text(told), *(part for part in parts if not isinstance(part, Text))]
            message = replace(message, body=None)
        case _:
            work.unsaid.append("that the result of a tool is an error")
    return message, parts, fields


def _result_parts(parts: list[Part], work: _Translation) -> list[Part]:
    """The parts that a result may have: the results of some APIs cannot contain pictures."""
    if work.api in ("anthropic.messages", "google.gemini", "openai.responses"):
        return parts
    if any(isinstance(part, Media) for part in parts):
        work.unsaid.append("a picture in the result of a tool")
    return [part for part in parts if not isinstance(part, Media)]


def _media(media: Media, role: str, work: _Translation) -> Iterator[Media]:
    kinds, by_url = _MEDIA[work.api]
    inline = assets.split_data_url(media.url)
    if media.kind not in (kinds if inline else by_url) or role == "assistant":
        told = "" if inline or media.kind not in kinds else " that is named by its URL"
        who = " that the model made" if role == "assistant" else ""
        work.unsaid.append(f"{'an' if media.kind != 'file' else 'a'} {media.kind}{who}{told}")
        return
    fields: JsonObject = {}
    if media.kind == "audio" and work.api.startswith("openai.") and inline:
        fields = {"format": _AUDIO_FORMATS.get(inline[0], "wav")}
    if media.kind == "file" and work.api.startswith("openai."):
        fields = {"filename": str(media.fields.get("filename") or "file")}
    yield Media(media.kind, media.url, fields)
