"""Streams of the Responses API: the events of one put together.

1. The event that ends a stream (`response.completed`, `.incomplete`, `.failed`) has the whole
   answer. In one of five real streams an item differs there from what `output_item.done` said (in
   its `encrypted_content`); the last word counts. The items before it count if it has none.
2. Some gateways end a stream with an event of one of these types that has no answer, or only a bit
   of one. Then the answer is what was known before, with what stands there.
3. A stream may end in an `error` event instead. Then the answer is what was sent so far, its status
   `failed` and its `error` the event, by whose `type` it is known.
4. `obfuscation` is padding and dropped. What adds nothing to the answer stands beside it
   (`stream_side`).
"""

from collections.abc import Iterable
from typing import Any

from rechat.dialects.openai_responses import stream_side
from rechat.dialects.openai_responses.stream_gaps import Gaps
from rechat.dialects.shared import Table
from rechat.dialects.shared import grow
from rechat.dialects.shared import join
from rechat.values import BodyError
from rechat.values import Json
from rechat.values import JsonObject

ERROR = "error"

# What an answer is after which event. The last one is OpenRouter's, and Realtime's.
_ENDS = {
    "response.completed": "completed",
    "response.incomplete": "incomplete",
    "response.failed": "failed",
    "response.done": "completed",
}
# What an event has beside the fields of an answer.
_OF_EVENT = ("type", "sequence_number", "response", "response_id")
_DONE = "response.output_item.done"
_ITEMS = ("response.output_item.added", _DONE)
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
    "response.audio.delta": ("content", "content_index", "data"),
    "response.audio.transcript.delta": ("content", "content_index", "transcript"),
}
_LISTS = ("content", "summary")
# What a part has from its beginning, or never.
_GROWING = ("logprobs", "annotations")
# Which text of the item itself.
_OWN_TEXTS = {
    "response.function_call_arguments.delta": "arguments",
    "response.custom_tool_call_input.delta": "input",
    "response.mcp_call_arguments.delta": "arguments",
    "response.code_interpreter_call_code.delta": "code",
}


_PART = Table(
    {
        **dict.fromkeys(("text", "refusal", "data", "transcript"), join),
        **dict.fromkeys(_GROWING, grow),
    }
)
_ITEM = Table(dict.fromkeys(_OWN_TEXTS.values(), join))


def assemble(events: Iterable[JsonObject], *, is_done: bool = False) -> JsonObject:
    """The answer that the events add up to, as the JSON of a whole one. Raises `BodyError` if they
    were truncated; a gateway may have said `[DONE]` in place of the last one (`is_done`).
    """
    events = [*events]
    whole: JsonObject = {}
    of_items: list[JsonObject] = []
    error: JsonObject | None = None
    is_whole = False
    for event in events:
        match event:
            case {"type": str(kind)} if kind in _ENDS and not _is_told(event.get("response")):
                whole = _ended(whole, event)
                is_whole = True
            case {"response": dict(response), "type": kind}:
                if kind in _ENDS or not is_whole:
                    whole = ({} if "id" in response else _named(whole)) | response
                    is_whole = kind in _ENDS
            case {"type": "error"} | {"error": dict() | str()}:
                error = {"type": ERROR} | event
                error.pop("sequence_number", None)
            case _:
                of_items.append(event)
    if not is_whole:
        if error is None and not (is_done and of_items):
            raise BodyError("the stream was truncated: no response.completed")
        ending = {"status": "failed", "error": error} if error else {"status": "completed"}
        whole = {"output": []} | whole | ending
    output = whole.get("output")
    if of_items and (not _says(output) or _lacks_items(output, of_items)):
        items = _items(of_items, "in_progress" if error and not is_whole else "completed")
        if not output or not _says(output):
            whole |= {"output": items} if _says(items) or not output else {}
        else:
            whole |= {"output": _with_last_words(items, output)}
    return stream_side.kept(whole, events)


def _lacks_items(output: Json, events: list[JsonObject]) -> bool:
    """Whether items were said to be done that are not in the output, and all others are."""
    said = [_name_of(event.get("item")) for event in events if event.get("type") == _DONE]
    known = list(map(_name_of, output if isinstance(output, list) else []))
    are_named = "" not in said and "" not in known
    return are_named and len(said) > len(known) and set(known) < set(said)


def _name_of(item: Json) -> str:
    name = item.get("id") if isinstance(item, dict) else None
    return name if isinstance(name, str) else ""


def _with_last_words(items: list[Json], output: Json) -> list[Json]:
    """The items, and in place of those that the output has what it says of them."""
    known = {_name_of(item): item for item in (output if isinstance(output, list) else [])}
    return [known.get(_name_of(item), item) for item in items]


def _is_told(response: Json) -> bool:
    """Whether this is an answer, and not only a bit of one."""
    return isinstance(response, dict) and not {"output", "object", "status"}.isdisjoint(response)


def _ended(known: JsonObject, event: JsonObject) -> JsonObject:
    """The answer after an event that ends it and does not say it again."""
    told = {key: value for key, value in event.items() if key not in _OF_EVENT}
    if isinstance(bit := event.get("response"), dict):
        told |= bit
    named = {"id": event["response_id"]} if "response_id" in event else {}
    usual: JsonObject = {"object": "response", "output": []}
    return usual | named | known | {"status": _ENDS[str(event["type"])]} | told


def _named(response: JsonObject) -> JsonObject:
    """What stays true of a response whose later events do not repeat it."""
    return {key: value for key, value in response.items() if key != "status"}


def _says(output: Json) -> bool:
    """Whether items say more than that they are there; those of some servers come empty at last."""
    return any(
        not isinstance(item, dict) or item.get("type") != "message" or _has_parts(item)
        for item in (output if isinstance(output, list) else [])
    )


def _has_parts(message: JsonObject) -> bool:
    """Whether a message has a part that is not an empty text."""
    content = message.get("content")
    if not isinstance(content, list):
        return bool(content)
    return any(not isinstance(part, dict) or part.get("text") != "" for part in content)


def _items(events: list[JsonObject], status: str) -> list[Json]:
    """The items that their events add up to, in order."""
    found: dict[int, list[JsonObject]] = {}
    for event in Gaps(status).filled(events):
        found.setdefault(event["output_index"], []).append(event)
    items = [_item(found[index]) for index in sorted(found)]
    return [item for item in items if item is not None]


def ends_in_error(answer: JsonObject) -> bool:
    """Whether the answer is that of a stream that ended in an `error` event."""
    error = answer.get("error")
    return (
        answer.get("status") == "failed" and isinstance(error, dict) and error.get("type") == ERROR
    )


def _item(events: list[JsonObject]) -> Json:
    """The item that its events add up to, from the last that has it whole. What they say of
    anything that is not there is passed over; None if there is no item.
    """
    starts = [at for at, event in enumerate(events) if event.get("type") in _ITEMS]
    if not starts:
        return None
    start = events[starts[-1]].get("item")
    if not isinstance(start, dict):
        return start
    rows: list[Json] = [start]
    parts = {name: _parts(start.get(name)) for name in _LISTS}
    for event in events[starts[-1] + 1 :]:
        kind = str(event.get("type"))
        if kind in _PARTS:
            name, number = _PARTS[kind]
            _put(parts[name], event.get(number), event.get("part"))
        elif kind in _TEXTS:
            name, number, text = _TEXTS[kind]
            said = {text: event.get("delta"), "logprobs": event.get("logprobs")}
            _add(parts[name], event.get(number), said)
        elif kind in _OWN_TEXTS and isinstance(event.get("delta"), str):
            rows.append({_OWN_TEXTS[kind]: event.get("delta")})
        elif kind == "response.output_text.annotation.added":
            noted = {"annotations": [event.get("annotation")]}
            _add(parts["content"], event.get("content_index"), noted)
    folded = {name: list(map(_PART, listed)) for name, listed in parts.items() if listed}
    return _ITEM.fold(rows) | folded


def _parts(listed: Json) -> list[list[Json]]:
    """The parts that an item begins with, each with what is added to it."""
    return [[part] for part in listed] if isinstance(listed, list) else []


def _put(parts: list[list[Json]], number: Any, part: Json) -> None:
    """Begin a part, or say it again whole."""
    if isinstance(number, int) and 0 <= number <= len(parts):
        parts[number : number + 1] = [[part]]


def _add(parts: list[list[Json]], number: Any, said: JsonObject) -> None:
    """Add to a part, if it is there, what it can hold."""
    if isinstance(number, int) and 0 <= number < len(parts):
        start = parts[number][0]
        if isinstance(start, dict):
            parts[number].append(
                {key: value for key, value in said.items() if key not in _GROWING or key in start}
            )
