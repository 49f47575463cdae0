"""Parts of Gemini's contents to the model and back, and what a model said as a list of them.

Rules:

1. A part is read only as far as it comes back the same; any other is `Opaque`.
2. Fields beside what makes a part stay flat in `fields`; those inside it (`functionCall`,
   `inlineData`, …) stand there under its name.
3. Gemini cuts a text where it likes, and its signature sits on one of the pieces. Clients put the
   text together again, so neighbouring texts are read as one; `parts` in its fields says where it
   was cut and what stood beside each piece.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Literal

from rechat.dialects.shared import arguments_of
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Text
from rechat.values import jsontext
from rechat.values import same

type Said = tuple[str | None, tuple[Part, ...]]
"""The body of a message, and its parts."""

_BASE64 = ";base64,"


def read_part(value: Json) -> Part:
    """The part of a JSON value."""
    part = _readable(value)
    return part if part and same(write_part(part), [value]) else Opaque(value)


def _readable(value: Any) -> Part | None:
    match value:
        case {"text": str(text), "thought": True}:
            return Reasoning(text, "thought", _others(value, "text", "thought"))
        case {"text": str(text)}:
            return Text(text, _others(value, "text"))
        case {"functionCall": {"name": str(name)} as inner} if name:
            return _read_call(name, inner, _others(value, "functionCall"))
        case {"inlineData": {"mimeType": str(media_type), "data": str(content)} as inner}:
            url = f"data:{media_type}{_BASE64}{content}"
            rest = _named("inlineData", _others(inner, "mimeType", "data"))
            return Media(_kind_of(media_type), url, _others(value, "inlineData") | rest)
        case {"fileData": {"fileUri": str(url)} as inner}:
            rest = _named("fileData", _others(inner, "fileUri"))
            return Media(_kind_of(inner.get("mimeType")), url, _others(value, "fileData") | rest)
    return None


def _named(name: str, inner: JsonObject) -> JsonObject:
    return {name: inner} if inner else {}


def _others(value: JsonObject, *names: str) -> JsonObject:
    """The fields of an object but for those that are named."""
    return {key: item for key, item in value.items() if key not in names}


def _kind_of(media_type: Json) -> Literal["image", "audio", "file"]:
    match str(media_type).partition("/")[0]:
        case "image" | "audio" as kind:
            return kind
    return "file"


def _read_call(name: str, inner: JsonObject, fields: JsonObject) -> Call:
    call_id, arguments = inner.get("id", ""), inner.get("args")
    taken = ("name", "args", "id") if call_id else ("name", "args")
    fields = fields | _named("functionCall", _others(inner, *taken))
    if "args" not in inner:
        fields["without"] = ["args"]
    text = jsontext.dump(arguments if isinstance(arguments, dict) else {})
    return Call(name, call_id if isinstance(call_id, str) else "", text, "function", fields)


def write_part(part: Part) -> list[Json]:
    """The JSON of a part: several values for a text that came in pieces."""
    match part:
        case Text(text, fields):
            return list(_pieces({}, text, fields))
        case Reasoning(text, _, fields):
            return list(_pieces({"thought": True}, text, fields))
        case Refusal(text):
            return [{"text": text}]
        case Call():
            return [_write_call(part)]
        case Media():
            return [_write_media(part)]
        case Opaque(value):
            return [value]


def _pieces(kind: JsonObject, text: str, fields: JsonObject) -> list[JsonObject]:
    """A text in the pieces it came in, each with its fields; the last takes what is left."""
    cuts = fields.get("parts")
    if not isinstance(cuts, list) or not cuts or not all(isinstance(cut, dict) for cut in cuts):
        return [{"text": text} | kind | fields]
    pieces: list[JsonObject] = []
    for cut in cuts[:-1]:
        length = cut.get("length")
        end = max(length, 0) if isinstance(length, int) else 0
        pieces.append({"text": text[:end]} | kind | _others(cut, "length"))
        text = text[end:]
    return [*pieces, {"text": text} | kind | cuts[-1]]


def _write_call(call: Call) -> JsonObject:
    """The call as Gemini has it: an object for the arguments, and an id only if there is one."""
    inner, arguments = call.fields.get("functionCall"), arguments_of(call.arguments)
    function: JsonObject = {"name": call.name}
    if arguments or "without" not in call.fields:
        function["args"] = arguments
    if call.id:
        function["id"] = call.id
    if isinstance(inner, dict):
        function |= inner
    return {"functionCall": function} | _others(call.fields, "functionCall", "without")


def _write_media(media: Media) -> JsonObject:
    kind, is_inline, content = media.url.removeprefix("data:").partition(_BASE64)
    name = "inlineData" if is_inline else "fileData"
    written: JsonObject = (
        {"mimeType": kind, "data": content} if is_inline else {"fileUri": media.url}
    )
    inner = media.fields.get(name)
    return {name: written | (inner if isinstance(inner, dict) else {})} | _others(
        media.fields, name
    )


def read_said(values: Sequence[Json]) -> Said:
    """What a model said with these parts: a body, if there is one text and nothing is special. A
    text beside a picture is one of a list.
    """
    parts = tuple(_runs(map(read_part, values)))
    texts = [part for part in parts if isinstance(part, Text)]
    is_list = any(isinstance(part, Media | Opaque) for part in parts)
    if len(texts) == 1 and not texts[0].fields and not is_list:
        at = parts.index(texts[0])
        said = texts[0].text, (*parts[:at], *parts[at + 1 :])
        if same(write_said(*said), list(values)):
            return said
    return None, parts


def _runs(parts: Iterable[Part]) -> Iterable[Part]:
    """The parts, with neighbouring texts of one kind as one."""
    for kind, run in groupby(parts, type):
        found = list(run)
        if len(found) == 1 or not issubclass(kind, Text | Reasoning):
            yield from found
            continue
        pieces = [part for part in found if isinstance(part, Text | Reasoning)]
        cuts: list[Json] = [{"length": len(piece.text)} | piece.fields for piece in pieces[:-1]]
        whole = "".join(piece.text for piece in pieces)
        fields: JsonObject = {"parts": [*cuts, pieces[-1].fields]}
        yield Text(whole, fields) if kind is Text else Reasoning(whole, "thought", fields)


def write_said(body: str | None, parts: tuple[Part, ...]) -> list[Json]:
    """The parts of what a model said: what it thought comes before the body, all else after it."""
    if body is not None:
        thoughts = [part for part in parts if isinstance(part, Reasoning)]
        others = [part for part in parts if not isinstance(part, Reasoning)]
        parts = (*thoughts, Text(body), *others)
    return [value for part in parts for value in write_part(part)]


def join(values: Iterable[Any]) -> list[Json]:
    """The parts with neighbouring texts in one piece. A signature that comes after a text, with an
    empty one, is put to it; a text that has one already stays apart. Empty texts say nothing.
    """
    joined: list[Any] = []
    silence: list[Json] = []
    for value in values:
        match joined[-1:], value:
            case _, {"text": ""} if is_plain(value):
                silence = silence or [value]
            case [{"text": str(before)} as last], {"text": str(text)} if (
                is_plain(last)
                and is_thought(last) == is_thought(value)
                and (is_plain(value) or not text)
            ):
                joined[-1] = value | {"text": before + text}
            case _:
                joined.append(value)
    return joined or silence


def is_plain(value: Any) -> bool:
    """Whether a part is a text (or a thought) without any other field."""
    is_text = isinstance(value, dict) and isinstance(value.get("text"), str)
    return is_text and same(_others(value, "text"), {"thought": True} if is_thought(value) else {})


def is_thought(value: Json) -> bool:
    """Whether a part is one of the model's thoughts."""
    return isinstance(value, dict) and value.get("thought") is True
