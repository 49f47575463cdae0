"""What compatible servers leave out of a stream of the Responses API, put back.

Some call their events as they were called before, some name no `output_index`, some begin no item
and no part before its text, and some say a text only when it is done. An event then belongs to the
item of its `item_id`, else to the last one; an item that nobody began follows from what is said of
it. Events that lack nothing pass as they are.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rechat.values import Json
from rechat.values import JsonObject

# An item, and the part of one that a text is in.
type _Place = tuple[int, int | None, int | None]

_ADDED, _DONE = "response.output_item.added", "response.output_item.done"
# How events were called once, or are in Realtime.
_RENAMED = {
    "response.reasoning": "response.reasoning_text",
    "response.reasoning_summary": "response.reasoning_summary_text",
    "response.output_audio": "response.audio",
    "response.audio_transcript": "response.audio.transcript",
    "response.output_audio_transcript": "response.audio.transcript",
    "response.mcp_call.arguments": "response.mcp_call_arguments",
    "response.code_interpreter_call.code": "response.code_interpreter_call_code",
}
_OLD = re.compile(r"(response\.\w{1,40}(?:\.(?:arguments|code))?)[._](delta|done)")
_MESSAGE: JsonObject = {"type": "message", "role": "assistant", "content": []}
# How events begin, and of what item they are, beside its id.
_ITEMS: dict[str, JsonObject] = {
    "response.output_text": _MESSAGE,
    "response.refusal": _MESSAGE,
    "response.content_part": _MESSAGE,
    "response.audio": _MESSAGE,
    "response.audio.transcript": _MESSAGE,
    "response.reasoning_text": {"type": "reasoning", "summary": []},
    "response.reasoning_summary_text": {"type": "reasoning", "summary": []},
    "response.reasoning_summary_part": {"type": "reasoning", "summary": []},
    "response.function_call_arguments": {"type": "function_call", "arguments": ""},
}
# The same of a part: where it is counted, what adds it, and how it begins.
_CONTENT = ("content_index", "response.content_part.added")
_SUMMARY = ("summary_index", "response.reasoning_summary_part.added")
_SOUND: JsonObject = {"type": "output_audio", "data": "", "transcript": ""}
_PARTS: dict[str, tuple[tuple[str, str], JsonObject]] = {
    "response.output_text": (_CONTENT, {"type": "output_text", "text": "", "annotations": []}),
    "response.refusal": (_CONTENT, {"type": "refusal", "refusal": ""}),
    "response.reasoning_text": (_CONTENT, {"type": "reasoning_text", "text": ""}),
    "response.reasoning_summary_text": (_SUMMARY, {"type": "summary_text", "text": ""}),
    "response.audio": (_CONTENT, _SOUND),
    "response.audio.transcript": (_CONTENT, _SOUND),
}
_TEXTS = ("text", "refusal", "arguments", "input", "code")


class Gaps:
    """The events of the items of one stream. `status` is that of an item which nobody began."""

    def __init__(self, status: str) -> None:
        self._status = status
        self._last = 0
        self._named: dict[str, int] = {}
        self._items: set[int] = set()
        self._parts: set[_Place] = set()
        self._said: set[_Place] = set()

    def filled(self, events: Iterable[JsonObject]) -> Iterator[JsonObject]:
        """The events, each with the `output_index` of its item, and those that are missing."""
        for event in map(renamed, events):
            stem, _, what = str(event.get("type")).rpartition(".")
            if event.get("type") in (_ADDED, _DONE):
                yield self._item(event)
            elif stem in _ITEMS or isinstance(event.get("output_index"), int):
                index = self._index(event, event.get("item_id"), self._last)
                placed = event | {"output_index": index}
                if index not in self._items and stem in _ITEMS:
                    yield self._item(placed | {"type": _ADDED, "item": self._made(event, stem)})
                if stem in _PARTS:
                    (counted, added), part = _PARTS[stem]
                    placed = {counted: 0} | placed
                    if _place(placed) not in self._parts:
                        yield self._part(placed | {"type": added, "part": part})
                yield from self._inside(placed, stem, what)

    def _index(self, event: JsonObject, name: Json, last: int) -> int:
        """Which item an event is of: as it says, as its id says, or the last one."""
        index = event.get("output_index")
        if not isinstance(index, int):
            index = self._named.get(name, last) if isinstance(name, str) else last
        if isinstance(name, str):
            self._named[name] = index
        self._last = index
        return index

    def _item(self, event: JsonObject) -> JsonObject:
        item = event.get("item")
        known: JsonObject = item if isinstance(item, dict) else {}
        is_new = event["type"] == _ADDED or not self._items
        index = self._index(event, known.get("id"), len(self._items) if is_new else self._last)
        self._items.add(index)
        if _has_text(known):
            self._said.add((index, None, None))
        for name in ("content", "summary"):
            listed = known.get(name)
            for number, part in enumerate(listed if isinstance(listed, list) else []):
                self._part({"output_index": index, f"{name}_index": number, "part": part})
        return event | {"output_index": index}

    def _part(self, event: JsonObject) -> JsonObject:
        self._parts.add(_place(event))
        if _has_text(event.get("part")):
            self._said.add(_place(event))
        return event

    def _inside(self, event: JsonObject, stem: str, what: str) -> Iterator[JsonObject]:
        """The event; a text that is only said when it is done comes as its one piece too."""
        place = _place(event)
        if what == "added":
            self._part(event)
        elif what == "delta":
            self._said.add(place)
        elif what == "done" and place not in self._said and _has_text(event):
            text = next(event[name] for name in _TEXTS if event.get(name))
            yield event | {"type": f"{stem}.delta", "delta": text}
        yield event

    def _made(self, event: JsonObject, stem: str) -> JsonObject:
        """The item that an event is of."""
        name = event.get("item_id")
        named = {"id": name} if isinstance(name, str) else {}
        item = _ITEMS[stem] | named | {"status": self._status}
        if item["type"] == "function_call":
            told = {key: event[key] for key in ("call_id", "name") if key in event}
            item |= {"call_id": name} | told
        return item


def renamed(event: JsonObject) -> JsonObject:
    """The event under the name that it has today, and with a text as its delta."""
    found = _OLD.fullmatch(str(event.get("type")))
    if not found or found[1] not in _RENAMED:
        return event
    match event.get("delta"):
        case {"text": str(text)}:
            event = event | {"delta": text}
    return event | {"type": f"{_RENAMED[found[1]]}.{found[2]}"}


def _place(event: JsonObject) -> _Place:
    """Where a text stands; none of an event that names no part."""
    content, summary = event.get("content_index"), event.get("summary_index")
    return (
        event["output_index"],
        content if isinstance(content, int) else None,
        summary if isinstance(summary, int) else None,
    )


def _has_text(value: Any) -> bool:
    return isinstance(value, dict) and any(
        isinstance(value.get(name), str) and value[name] for name in _TEXTS
    )
