"""Streams of the Responses API: the events of one put together.

1. The event that ends a stream (`response.completed`, `.incomplete`, `.failed`) has the whole
   answer. In one of five real streams an item differs there from what `output_item.done` said (in
   its `encrypted_content`); the last word counts. The items before it count if it has none.
2. A stream may end in an `error` event instead. Then the answer is what was sent so far, its status
   `failed` and its `error` the event, by whose `type` it is known.
3. `obfuscation` is padding and dropped.
"""

from collections.abc import Iterable
from typing import Any

from rechat.values import BodyError, Json, JsonObject

ERROR = "error"

_ENDS = ("response.completed", "response.incomplete", "response.failed")
_ITEMS = ("response.output_item.added", "response.output_item.done")
# Where an event puts a part of an item: the list, and the field with the number in it.
_PARTS = {
    "response.content_part.added": ("content", "content_index"),
    "response.content_part.done": ("content", "content_index"),
    "response.reasoning_summary_part.added": ("summary", "summary_index"),
    "response.reasoning_summary_part.done": ("summary", "summary_index"),
}
# Which text of such a part an event goes on with.
_TEXTS = {
    "response.output_text.delta": ("content", "content_index", "text"),
    "response.refusal.delta": ("content", "content_index", "refusal"),
    "response.reasoning_text.delta": ("content", "content_index", "text"),
    "response.reasoning_summary_text.delta": ("summary", "summary_index", "text"),
}
# Which text of the item itself.
_OWN_TEXTS = {
    "response.function_call_arguments.delta": "arguments",
    "response.custom_tool_call_input.delta": "input",
    "response.mcp_call_arguments.delta": "arguments",
    "response.code_interpreter_call_code.delta": "code",
}


def assemble(events: Iterable[JsonObject]) -> JsonObject:
    """The answer that the events add up to, as the JSON of a whole one. Raises `BodyError` if they
    break off.
    """
    whole: JsonObject = {}
    items: dict[int, Json] = {}
    error: JsonObject | None = None
    is_whole = False
    for event in events:
        match event:
            case {"response": dict(response), "type": kind}:
                if kind in _ENDS or not is_whole:
                    whole, is_whole = response, kind in _ENDS
            case {"output_index": int(index)}:
                _add(items, index, event)
            case {"type": "error"} | {"error": dict()}:
                error = {"type": ERROR} | event
                error.pop("sequence_number", None)
    if not is_whole:
        if error is None:
            raise BodyError("the stream broke off: no response.completed")
        whole = {"output": []} | whole | {"status": "failed", "error": error}
    if items and not whole.get("output"):
        whole = whole | {"output": [items[index] for index in sorted(items)]}
    return whole


def ends_in_error(answer: JsonObject) -> bool:
    """Whether the answer is that of a stream that ended in an `error` event."""
    error = answer.get("error")
    return (
        answer.get("status") == "failed" and isinstance(error, dict) and error.get("type") == ERROR
    )


def _add(items: dict[int, Json], index: int, event: JsonObject) -> None:
    """Take an event about an item in. What it says of anything that is not there is passed over."""
    kind = event.get("type")
    if kind in _ITEMS:
        items[index] = _copy(event.get("item"))
        return
    item = items.get(index)
    if not isinstance(item, dict) or not isinstance(kind, str):
        return
    if kind in _PARTS:
        name, number = _PARTS[kind]
        _put(item, name, event.get(number), _copy(event.get("part")))
    elif kind in _TEXTS:
        name, number, text = _TEXTS[kind]
        part = _part(item, name, event.get(number))
        _join(part, text, event.get("delta"))
        _join(part, "logprobs", event.get("logprobs"))
    elif kind in _OWN_TEXTS:
        _join(item, _OWN_TEXTS[kind], event.get("delta"))
    elif kind == "response.output_text.annotation.added":
        part = _part(item, "content", event.get("content_index"))
        _join(part, "annotations", [event.get("annotation")])


def _copy(value: Json) -> Json:
    """A value to which texts can be added, and to its lists items, without changing the event."""
    if not isinstance(value, dict):
        return value
    return {key: list(item) if isinstance(item, list) else item for key, item in value.items()}


def _put(item: JsonObject, name: str, number: Any, part: Json) -> None:
    listed = item.setdefault(name, [])
    if not isinstance(listed, list) or not isinstance(number, int):
        return
    if number == len(listed):
        listed.append(part)
    elif 0 <= number < len(listed):
        listed[number] = part


def _part(item: JsonObject, name: str, number: Any) -> JsonObject:
    """The part with this number; an empty one that nobody keeps if there is none."""
    listed = item.get(name)
    if isinstance(listed, list) and isinstance(number, int) and 0 <= number < len(listed):
        part = listed[number]
        return part if isinstance(part, dict) else {}
    return {}


def _join(scope: JsonObject, name: str, more: Json) -> None:
    earlier = scope.get(name)
    match earlier, more:
        case (str(), str()) | (list(), list()):
            scope[name] = earlier + more  # type: ignore[operator]
        case None, str():
            scope[name] = more
