"""The events that stream an answer of the Responses API.

What comes in pieces is empty at first: the answer has no `output`, an item no texts, a text no
letters. Then the pieces follow, then `…done` says each of them whole, from the inside out. Items of
a type that has no pieces are only added and done. All events are numbered.
"""

from collections.abc import Iterator
from typing import Any

from rechat.dialects.openai_responses.stream_read import ends_in_error
from rechat.dialects.shared import tokens
from rechat.values import Json
from rechat.values import JsonObject

# What is not known before the end.
_AT_END = ("completed_at", "error", "incomplete_details", "usage")
_ENDS = {"incomplete": "response.incomplete", "failed": "response.failed"}
# The text of an item that comes in pieces, and what its events are called.
_OWN_TEXTS = {
    "function_call": ("arguments", "response.function_call_arguments"),
    "custom_tool_call": ("input", "response.custom_tool_call_input"),
}
# The same of a part of an item.
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
    is_error = ends_in_error(answer)
    empty: JsonObject = {key: None for key in _AT_END if key in answer}
    if is_error:
        empty = {"error": None}
    start = answer | empty | {"status": "in_progress", "output": []}
    if not is_error or "id" in answer:
        yield {"type": "response.created", "response": start}
        yield {"type": "response.in_progress", "response": start}
    output = answer.get("output")
    for index, item in enumerate(output if isinstance(output, list) else []):
        yield from _of_item(item, index, has_broken_off=is_error)
    if is_error:
        yield answer["error"]
    else:
        kind = _ENDS.get(str(answer.get("status")), "response.completed")
        yield {"type": kind, "response": answer}


def _of_item(item: Any, index: int, *, has_broken_off: bool) -> Iterator[JsonObject]:
    """The events of an item. One in which the stream was truncated is never done."""
    is_done = not (
        has_broken_off and isinstance(item, dict) and item.get("status") == "in_progress"
    )
    place: JsonObject = {"output_index": index}
    yield {"type": "response.output_item.added", **place, "item": _started(item)}
    if isinstance(item, dict):
        where = {"item_id": item.get("id", ""), **place}
        for event in _inside(item, where):
            if is_done or not event["type"].endswith(".done"):
                yield event
    if is_done:
        yield {"type": "response.output_item.done", **place, "item": item}


def _started(item: Any) -> Json:
    """An item before its texts."""
    if not isinstance(item, dict):
        return item  # type: ignore[no-any-return]
    empty: JsonObject = {"status": "in_progress"} if "status" in item else {}
    match item.get("type"):
        case "message" | "reasoning":
            names = ("content", "summary")
            empty |= {name: [] for name in names if isinstance(item.get(name), list)}
        case "function_call" | "custom_tool_call" as kind:
            name = _OWN_TEXTS[kind][0]
            empty |= {name: ""} if isinstance(item.get(name), str) else {}
    return item | empty


def _inside(item: JsonObject, where: JsonObject) -> Iterator[JsonObject]:
    match item.get("type"):
        case "message" | "reasoning":
            yield from _parts(item, "summary", "response.reasoning_summary_part", where)
            yield from _parts(item, "content", "response.content_part", where)
        case "function_call" | "custom_tool_call" as kind:
            name, events = _OWN_TEXTS[kind]
            if isinstance(text := item.get(name), str):
                for piece in tokens(text):
                    yield {"type": f"{events}.delta", **where, "delta": piece}
                yield {"type": f"{events}.done", **where, name: text}


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
            lists = ("annotations", "logprobs") if kind == "output_text" else ()
            empty: JsonObject = {key: [] for key in lists if isinstance(part.get(key), list)}
            return {**part, _TEXTS[kind][0]: "", **empty}
    return part  # type: ignore[no-any-return]


def _pieces(part: Any, inside: JsonObject) -> Iterator[JsonObject]:
    match part:
        case {"type": "output_text", "text": str(text)}:
            logprobs = part.get("logprobs")
            known = logprobs if isinstance(logprobs, list) else []
            for piece, sure in _text_pieces(text, known):
                yield {
                    "type": "response.output_text.delta",
                    **inside,
                    "delta": piece,
                    "logprobs": sure,
                }
            annotations = part.get("annotations")
            for number, noted in enumerate(annotations if isinstance(annotations, list) else []):
                yield {
                    "type": "response.output_text.annotation.added",
                    **inside,
                    "annotation_index": number,
                    "annotation": noted,
                }
            yield {"type": "response.output_text.done", **inside, "text": text, "logprobs": known}
        case {"type": str(kind)} if kind in _TEXTS:
            name, events = _TEXTS[kind]
            if isinstance(text := part.get(name), str):
                for piece in tokens(text):
                    yield {"type": f"{events}.delta", **inside, "delta": piece}
                yield {"type": f"{events}.done", **inside, name: text}


def _text_pieces(text: str, logprobs: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """A text in pieces: as the log probabilities cut it, if they are of this text."""
    cut = [sure.get("token") if isinstance(sure, dict) else None for sure in logprobs]
    known = [piece for piece in cut if isinstance(piece, str)]
    if known and len(known) == len(cut) and "".join(known) == text:
        yield from ((piece, [sure]) for piece, sure in zip(known, logprobs, strict=True))
    else:
        yield from ((piece, []) for piece in tokens(text))
