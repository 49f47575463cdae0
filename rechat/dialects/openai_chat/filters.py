"""Azure's content filter when it does not keep the text waiting: it says afterwards what it found,
in a chunk of its own for each stretch of the text.
"""

from collections.abc import Iterator

from rechat.values import Json
from rechat.values import JsonObject

OFFSETS = "content_filter_offsets"
"""Where a stretch begins and ends; in an answer the list of all, each with what was found there."""

_FOUND = "content_filter_results"


def with_places(chunk: JsonObject) -> JsonObject:
    """The chunk with what was found in a stretch beside the place of the stretch."""
    choices = chunk.get("choices")
    if not isinstance(choices, list) or not any(map(_tells_of_place, choices)):
        return chunk
    return chunk | {"choices": list(map(_with_place, choices))}


def _tells_of_place(choice: Json) -> bool:
    return isinstance(choice, dict) and isinstance(choice.get(OFFSETS), dict)


def _with_place(choice: Json) -> Json:
    if not isinstance(choice, dict) or not _tells_of_place(choice):
        return choice
    found: JsonObject = {_FOUND: choice[_FOUND]} if _FOUND in choice else {}
    return choice | {OFFSETS: [choice[OFFSETS] | found]}


def told_of(ending: JsonObject) -> Iterator[JsonObject]:
    """What is said of each stretch, one after the other."""
    listed = ending.get(OFFSETS)
    for place in listed if isinstance(listed, list) else []:
        if isinstance(place, dict) and _FOUND in place:
            rest = {key: value for key, value in place.items() if key != _FOUND}
            yield {_FOUND: place[_FOUND], OFFSETS: rest}
        else:
            yield {OFFSETS: place}
