"""One JSON text for all spellings of a message."""

from collections.abc import Callable

from rechat.dialects import read_chat_message
from rechat.matching.settings import MARKS
from rechat.matching.settings import plain
from rechat.values import ROLES
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
from rechat.values import Remembered
from rechat.values import Text
from rechat.values import assets
from rechat.values import jsontext

# What answers carry and clients may or may not send back.
_AFTERTHOUGHTS = frozenset(
    {
        "annotations",
        "channel",
        "citations",
        "extra_content",
        "parsed",
        "provider_metadata",
        "provider_specific_fields",
        "reasoning_details",
        "thinking_blocks",
    }
)
# What only a stream says of an item of Responses: no client sends it back.
_PREVIEWS = "partial_images"


def canonical_message(
    message: Message, write_text: Callable[[str], bytes] = jsontext.canonical
) -> bytes:
    """One JSON text for all spellings of a message, in UTF-8. `write_text` writes a content that is
    one text.
    """
    if not message.parts and message.role != "assistant":
        return _canonical_text(message, write_text)
    fields = _canonical_fields(message) if message.fields else {}
    calls = [_canonical_call(call) for call in message.parts_of(Call)] if message.parts else []
    if message.role == "assistant":
        fields = {key: value for key, value in fields.items() if key not in _AFTERTHOUGHTS}
        if sound := _sound(message):
            fields["audio"] = sound
        if isinstance(raw := fields.get("tool_calls"), list):
            calls += map(_raw_call, raw)
            del fields["tool_calls"]
    is_called = all(isinstance(part, Call) for part in message.parts)
    content = message.body if is_called else _canonical_content(message)
    if calls and content == "":
        content = None
    # Written out: each request has all of its messages.
    return b'{"calls":[%b],"content":%b%b%b,"refusal":%b,"role":%b}' % (
        b",".join(calls),
        write_text(content) if isinstance(content, str) else jsontext.canonical(content),
        b',"fields":%b' % jsontext.canonical(fields) if fields else b"",
        _reasoning(message),
        b'""' if is_called else _refusal(message),
        _role(message.role),
    )


def _canonical_text(message: Message, write_text: Callable[[str], bytes]) -> bytes:
    """The same for a text of a client, with which most has been said that is long."""
    fields = _canonical_fields(message) if message.fields else {}
    return b'{"calls":[],"content":%b%b,"reasoning":[],"refusal":"","role":%b}' % (
        b"null" if message.body is None else write_text(message.body),
        b',"fields":%b' % jsontext.canonical(fields) if fields else b"",
        _role(message.role),
    )


def _role(role: str) -> bytes:
    return _KNOWN_ROLES.get(role) or jsontext.canonical(role)


_KNOWN_ROLES = {role: jsontext.canonical(role) for role in ROLES}


def _canonical_fields(message: Message) -> JsonObject:
    return {
        key: plain(value)
        for key, value in message.fields.items()
        if value is not None and value != [] and key not in MARKS
    }


def _reasoning(message: Message) -> bytes:
    if message.role == "assistant":
        return b""
    thoughts = jsontext.canonical([part.text for part in message.parts_of(Reasoning)])
    return b',"reasoning":%b' % thoughts


def _refusal(message: Message) -> bytes:
    return jsontext.canonical("".join([part.text for part in message.parts_of(Refusal)]))


def _sound(message: Message) -> JsonObject:
    """The id of a spoken answer: clients send back no more of it."""
    audio = message.fields.get("audio")
    found = [part.fields for part in message.parts_of(Media) if part.kind == "audio"]
    found += [audio] if isinstance(audio, dict) else []
    return {"id": found[0].get("id", "")} if found else {}


def _canonical_content(message: Message) -> Json:
    listed: list[Json] = [] if message.body is None else [message.body]
    for part in map(_without_marks, message.parts):
        match part:
            case Text(text) if message.role == "assistant":
                listed.append(text)
            case Text(text, fields):
                extra = plain(fields)
                listed.append([text, extra] if extra else text)
            case Media("audio") if message.role == "assistant":
                pass
            case Media(kind, url, fields):
                inline = assets.split_data_url(url)
                listed.append(
                    {
                        "kind": kind,
                        "url": assets.digest(inline[1]) if inline else url,
                        "fields": plain(_counting(message, kind, fields)),
                    }
                )
            case Opaque(dict() as value) if _PREVIEWS in value and message.role == "assistant":
                rest = {key: item for key, item in value.items() if key != _PREVIEWS}
                listed.append({"opaque": plain(rest)})
            case Opaque(value):
                listed.append({"opaque": plain(value)})
    if not listed:
        return None
    return listed[0] if len(listed) == 1 and isinstance(listed[0], str) else listed


def _counting(message: Message, kind: str, fields: JsonObject) -> JsonObject:
    """The fields of a file that count: programs that have a sound transcribed, or a picture edited,
    write it to a file whose name is another each time.
    """
    is_upload = message.role == "request" and kind in ("audio", "image")
    return {key: value for key, value in fields.items() if not is_upload or key != "filename"}


def _without_marks(part: Part) -> Part:
    """The part that a mark kept from being read."""
    match part:
        case Opaque(dict() as value) if not MARKS.isdisjoint(value):
            return read_chat_message({"role": "user", "content": [plain(value)]}).parts[0]
        case _:
            return part


def _canonical_call(call: Call) -> bytes:
    is_function = call.kind == "function"
    arguments = _arguments(call.arguments) if is_function else jsontext.canonical(call.arguments)
    return b'["%b",%b,%b]' % (call.kind.encode(), jsontext.canonical(call.name), arguments)


def _canonical_arguments(text: str) -> bytes:
    """The arguments of a call as JSON if they are, whatever their spelling, and else as a text."""
    try:
        value = jsontext.parse(text, unique=True)
    except JsonError:
        return jsontext.canonical(text)
    return jsontext.canonical({"json": value})


_arguments = Remembered(_canonical_arguments, 1 << 21)


def _raw_call(value: Json) -> bytes:
    """A call to which an SDK added fields of its own; any other value as it is."""
    match value:
        case {
            "id": str(call_id),
            "type": "function",
            "function": {"name": str(name), "arguments": str(arguments)},
        }:
            return _canonical_call(Call(name, call_id, arguments))
    return jsontext.canonical({"raw": plain(value)})
