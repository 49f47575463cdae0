"""The events that stream an answer of the Responses API.

What comes in pieces is empty at first: the answer has no `output`, an item no texts, a text no
letters. Then the pieces follow, then `…done` says each of them whole, from the inside out. What the
tools of the API say while they run stands in `stream_tools`; an item of any other type is only
added and done. All events are numbered.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from rechat.dialects.openai_responses import stream_side
from rechat.dialects.openai_responses.stream_read import ends_in_error
from rechat.dialects.openai_responses.stream_tools import begun
from rechat.dialects.openai_responses.stream_tools import tool_events
from rechat.dialects.shared import tokens
from rechat.values import Json
from rechat.values import JsonObject

# What is not known before the end.
_AT_END = ("completed_at", "error", "incomplete_details", "usage")
_AT_END_OF_ITEM = ("call.completed", "call.failed", "output_item.done")
_ENDS = {"incomplete": "response.incomplete", "failed": "response.failed"}
# The text of a part of an item that comes in pieces, and what its events are called.
_TEXTS = {
    "output_text": ("text", "response.output_text"),
    "refusal": ("refusal", "response.refusal"),
    "reasoning_text": ("text", "response.reasoning_text"),
    "summary_text": ("text", "response.reasoning_summary_text"),
}


def events_of(answer: JsonObject) -> Iterator[JsonObject]:
    """The events that stream an answer, numbered."""
    for number, event in enumerate(_events(answer)):
        yield {"type": event["type"], "sequence_number": number} | event


def _events(answer: JsonObject) -> Iterator[JsonObject]:
    around, of_items, is_queued = stream_side.of_stream(answer)
    answer = stream_side.bare(answer)
    is_error = ends_in_error(answer)
    empty: JsonObject = {key: None for key in _AT_END if key in answer}
    if is_error:
        empty = {"error": None}
    start = answer | empty | {"status": "in_progress", "output": []}
    if not is_error or "id" in answer:
        yield from _opening(start, is_queued=is_queued or start.get("background") is True)
    yield from around
    output = answer.get("output")
    previews = _previews(answer.get("tools"))
    for index, item in enumerate(output if isinstance(output, list) else []):
        told = of_items.get(index, [])
        shown = 0 if told else previews
        yield from _with_told(told, _of_item(item, index, shown, has_broken_off=is_error))
    if is_error:
        yield answer["error"]
    else:
        kind = _ENDS.get(str(answer.get("status")), "response.completed")
        yield {"type": kind, "response": answer}


def _with_told(told: list[JsonObject], events: Iterable[JsonObject]) -> Iterator[JsonObject]:
    """The events of an item, and what was told beside them before it came to its end."""
    for event in events:
        if str(event["type"]).endswith(_AT_END_OF_ITEM):
            yield from told
            told = []
        yield event
    yield from told


def _opening(start: JsonObject, *, is_queued: bool) -> Iterator[JsonObject]:
    """The answer before anything is said. One in the background waits for its turn first."""
    if is_queued:
        queued = start | {"status": "queued"}
        yield {"type": "response.created", "response": queued}
        yield {"type": "response.queued", "response": queued}
    else:
        yield {"type": "response.created", "response": start}
    yield {"type": "response.in_progress", "response": start}


def _previews(tools: Json) -> int:
    """How many pictures the client asked to see before they are whole."""
    for tool in tools if isinstance(tools, list) else []:
        match tool:
            case {"type": "image_generation", "partial_images": int(count)}:
                return count
    return 0


def _of_item(item: Any, index: int, previews: int, *, has_broken_off: bool) -> Iterator[JsonObject]:
    """The events of an item. One in which the stream was truncated is never done."""
    is_done = not (
        has_broken_off and isinstance(item, dict) and item.get("status") == "in_progress"
    )
    place: JsonObject = {"output_index": index}
    yield {"type": "response.output_item.added", **place, "item": _started(item)}
    if isinstance(item, dict):
        where = {"item_id": item.get("id", ""), **place}
        for event in _inside(item, where, previews):
            if is_done or not event["type"].endswith(".done"):
                yield event
    if is_done:
        yield {"type": "response.output_item.done", **place, "item": item}


def _started(item: Any) -> Json:
    """An item before its texts."""
    if not isinstance(item, dict):
        return item  # type: ignore[no-any-return]
    empty: JsonObject = {"status": "in_progress"} if "status" in item else {}
    if item.get("type") in ("message", "reasoning"):
        names = ("content", "summary")
        return item | empty | {name: [] for name in names if isinstance(item.get(name), list)}
    return begun(item) | empty


def _inside(item: JsonObject, where: JsonObject, previews: int) -> Iterator[JsonObject]:
    if item.get("type") in ("message", "reasoning"):
        yield from _parts(item, "summary", "response.reasoning_summary_part", where)
        yield from _parts(item, "content", "response.content_part", where)
    else:
        yield from tool_events(item, where, previews)


def _parts(item: JsonObject, name: str, events: str, where: JsonObject) -> Iterator[JsonObject]:
    listed = item.get(name)
    for number, part in enumerate(listed if isinstance(listed, list) else []):
        inside = {**where, f"{name}_index": number}
        yield {"type": f"{events}.added", **inside, "part": _empty(part)}
        yield from _pieces(part, inside)
        yield {"type": f"{events}.done", **inside, "part": part}


def _empty(part: Any) -> Json:
    """A part before its text."""
    match part:
        case {"type": str(kind)} if kind in _TEXTS and isinstance(part.get(_TEXTS[kind][0]), str):
            lists = ["annotations"] if kind == "output_text" else []
            if lists and _is_cut(part.get("logprobs"), part["text"]):
                lists.append("logprobs")
            empty: JsonObject = {key: [] for key in lists if isinstance(part.get(key), list)}
            return {**part, _TEXTS[kind][0]: "", **empty}
    return part  # type: ignore[no-any-return]


def _pieces(part: Any, inside: JsonObject) -> Iterator[JsonObject]:
    match part:
        case {"type": "output_text", "text": str(text)}:
            yield from _text_events(part, text, inside)
        case {"type": str(kind)} if kind in _TEXTS:
            name, events = _TEXTS[kind]
            if isinstance(text := part.get(name), str):
                for piece in tokens(text):
                    yield {"type": f"{events}.delta", **inside, "delta": piece}
                yield {"type": f"{events}.done", **inside, name: text}


def _text_events(part: JsonObject, text: str, inside: JsonObject) -> Iterator[JsonObject]:
    """A text in pieces, each note on it as soon as what it is about has been said."""
    logprobs, annotations = part.get("logprobs"), part.get("annotations")
    known = logprobs if isinstance(logprobs, list) else []
    waiting = deque(enumerate(annotations if isinstance(annotations, list) else []))
    said = 0
    for piece, sure in _text_pieces(text, known):
        yield {"type": "response.output_text.delta", **inside, "delta": piece, "logprobs": sure}
        said += len(piece)
        while waiting and _place(waiting[0][1], len(text)) <= said:
            yield _noted(*waiting.popleft(), inside)
    yield from (_noted(number, note, inside) for number, note in waiting)
    yield {"type": "response.output_text.done", **inside, "text": text, "logprobs": known}


def _place(note: Any, end: int) -> int:
    """How much of the text a note is about; one that does not say so is about all of it."""
    match note:
        case {"end_index": int(place)} | {"index": int(place)}:
            return place
    return end


def _noted(number: int, note: Json, inside: JsonObject) -> JsonObject:
    kind = "response.output_text.annotation.added"
    return {"type": kind, **inside, "annotation_index": number, "annotation": note}


def _text_pieces(text: str, logprobs: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """A text in pieces: as the log probabilities cut it, if they are of this text."""
    if _is_cut(logprobs, text):
        yield from ((sure["token"], [sure]) for sure in logprobs)
    else:
        yield from ((piece, []) for piece in tokens(text))


def _is_cut(logprobs: Any, text: str) -> bool:
    """Whether log probabilities are of this text, token by token."""
    listed = logprobs if isinstance(logprobs, list) else []
    cut = [sure.get("token") if isinstance(sure, dict) else None for sure in listed]
    known = [piece for piece in cut if isinstance(piece, str)]
    return len(known) == len(cut) and bool(text) and "".join(known) == text
