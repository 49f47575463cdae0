"""What a model says in the Responses API: a list of items, from the parts of a message.

1. The texts of a message are `Text` parts, those of a reasoning item `Reasoning` parts, calls are
   `Call`s; an item of any other type is `Opaque`. Neighbours with the same `id` are one item.
2. The fields of an item stand in its first part, but for those with the usual value. `without`
   names what it would have but has not; `item` has the fields of a message that are not known.
3. A body, a refusal and an `Opaque` cannot hold fields. Those of the body are the choice's, those
   of the others stand under `items` there, in order. So what a client sends back of an item, with
   or without its id, is the same message.
"""

from collections.abc import Iterable, Iterator
from typing import cast

from rechat.values import Call
from rechat.values import Choice
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Text
from rechat.values import assets

SUMMARY, CONTENT = "summary", "content"
"""What a `Reasoning` is called after: the list of the item that it stands in."""

NO_TEXT = "reasoning"
"""What the `Reasoning` of an item without any text is called."""

ITEMS = "items"
"""Where a choice has the fields of the items that cannot hold their own."""

OF_MESSAGE: JsonObject = {"role": "assistant", "status": "completed"}
OF_TEXT: JsonObject = {"annotations": [], "logprobs": []}
OF_CALL: JsonObject = {"status": "completed"}
"""The usual values."""

NAMED = ("id", "status", "phase")
"""Fields of a message item that stand beside those of its first text."""

_OURS = (*NAMED, "item", "without")

type Said = tuple[Part, JsonObject]
"""A part and the fields of its item."""


def others(value: JsonObject, *names: str) -> JsonObject:
    """The fields of an object but for those that are named."""
    return {key: item for key, item in value.items() if key not in names}


def said_of(choice: Choice) -> list[Said]:
    """The parts of a choice in their order on the wire, with the fields of their items: the text
    of the body comes after the thoughts.
    """
    message = choice.message
    apart = choice.fields.get(ITEMS)
    waiting = iter(apart if isinstance(apart, list) else [])
    said = [(part, _fields_of(part, waiting)) for part in message.parts]
    if message.body is None:
        return said
    own = others(choice.fields, ITEMS, "finish_reason")
    thoughts = [item for item in said if isinstance(item[0], Reasoning)]
    spoken = [item for item in said if not isinstance(item[0], Reasoning)]
    return [*thoughts, (Text(message.body), own), *spoken]


def _fields_of(part: Part, waiting: Iterator[Json]) -> JsonObject:
    match part:
        case Text() | Reasoning() | Call() | Media():
            return part.fields
        case _:
            fields = next(waiting, None)
            return fields if isinstance(fields, dict) else {}


def write_items(said: Iterable[Said]) -> list[Json]:
    """The items of parts and fields; nothing is added but the usual values."""
    written: list[Json] = []
    last: tuple[str, Json] | None = None
    for part, fields in said:
        kind = _kind(part)
        own = (kind, fields.get("id"))
        if kind and own[1] and own == last:
            _add(cast("JsonObject", written[-1]), part, fields)
        else:
            written.append(_write_item(part, fields))
        last = own
    return written


def _kind(part: Part) -> str:
    """The type of the items that hold several parts of this kind."""
    match part:
        case Text() | Refusal():
            return "message"
        case Reasoning():
            return "reasoning"
        case _:
            return ""


def _write_item(part: Part, fields: JsonObject) -> Json:
    item: JsonObject
    match part:
        case Text() | Refusal():
            named = {key: fields[key] for key in NAMED if key in fields}
            unknown = fields.get("item")
            more = unknown if isinstance(unknown, dict) else {}
            item = _lacking({"type": "message", **OF_MESSAGE, **named, **more}, fields)
            item[CONTENT] = []
            _add(item, part, fields)
            return item
        case Reasoning():
            item = {"type": "reasoning", SUMMARY: [], **others(fields, "without")}
            item = _lacking(item, fields)
            _add(item, part, fields)
            return item
        case Call():
            return _write_call(part, fields)
        case Media(kind, url):
            return _write_media(kind, url, fields)
        case Opaque(dict() as value):
            return value | fields
        case Opaque(value):
            return value


def _lacking(item: JsonObject, fields: JsonObject) -> JsonObject:
    """The item without what it does not have."""
    missing = fields.get("without")
    return others(item, *(missing if isinstance(missing, list) else []))


def _add(item: JsonObject, part: Part, fields: JsonObject) -> None:
    """Put a text into its item."""
    match part:
        case Text(text):
            own = others(fields, *_OURS)
            item[CONTENT].append(
                {"type": "output_text", "text": text} | _lacking(OF_TEXT | own, fields)
            )
        case Refusal(text):
            item[CONTENT].append({"type": "refusal", "refusal": text} | others(fields, *_OURS))
        case Reasoning(text, name) if name == CONTENT:
            item[CONTENT] = [
                *(item.get(CONTENT) or []),
                {"type": "reasoning_text", "text": text},
            ]
        case Reasoning(text, name) if name != NO_TEXT or text:
            item[SUMMARY] = [*(item.get(SUMMARY) or []), {"type": "summary_text", "text": text}]


def _write_call(call: Call, fields: JsonObject) -> JsonObject:
    is_custom = call.kind == "custom"
    kind, given = ("custom_tool_call", "input") if is_custom else ("function_call", "arguments")
    rest = _lacking(OF_CALL | others(fields, "without"), fields)
    return {"type": kind, "name": call.name, "call_id": call.id, given: call.arguments} | rest


def _write_media(kind: str, url: str, fields: JsonObject) -> JsonObject:
    """A picture that a person put into an answer; what else there is no item for is told by its
    URL.
    """
    if kind == "image" and assets.split_data_url(url):
        made: JsonObject = {"type": "image_generation_call", "status": "completed"}
        return made | {"result": url.partition(",")[2]} | fields
    named = {key: fields[key] for key in ("id",) if key in fields}
    return cast("JsonObject", _write_item(Text(url), named))
