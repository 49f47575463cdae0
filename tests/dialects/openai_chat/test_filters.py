"""Azure's content filter, which tells afterwards what it found."""

from typing import Any

from rechat.dialects.openai_chat.filters import OFFSETS
from rechat.dialects.openai_chat.filters import told_of
from rechat.dialects.openai_chat.filters import with_places
from rechat.dialects.openai_chat.stream import assemble

CALM: dict[str, Any] = {"hate": {"filtered": False, "severity": "safe"}}
LOW: dict[str, Any] = {"hate": {"filtered": False, "severity": "low"}}


def stretch(start: int, end: int, **found: Any) -> dict[str, Any]:
    place = {"check_offset": start, "start_offset": start, "end_offset": end}
    return {"id": "", "choices": [{"index": 0, "finish_reason": None, OFFSETS: place, **found}]}


CHUNKS = [
    {"id": "1", "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]},
    stretch(0, 40, content_filter_results=LOW),
    stretch(40, 50, content_filter_results=CALM),
    stretch(50, 60),
]


def test_what_was_found_stays_with_its_stretch() -> None:
    (choice,) = assemble(CHUNKS)["choices"]
    assert [place.get("content_filter_results") for place in choice[OFFSETS]] == [LOW, CALM, None]
    told = list(told_of(choice))
    assert told == [
        {key: value for key, value in chunk["choices"][0].items() if key in told[0]}
        for chunk in CHUNKS[1:]
    ]


def test_chunks_without_places_stay_as_they_are() -> None:
    for chunk in ({}, {"choices": None}, {"choices": [5, {"index": 0}]}, CHUNKS[0]):
        assert with_places(chunk) is chunk
    assert list(told_of({})) == []
