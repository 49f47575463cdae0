"""Streams of what was heard, and bodies with it."""

from typing import Any

import pytest

from rechat.dialects.raw.speech import events_of
from rechat.dialects.raw.speech import put_together

DELTAS: list[dict[str, Any]] = [
    {"type": "transcript.text.delta", "delta": "Hello "},
    {"type": "transcript.text.delta", "delta": "you."},
]
DONE = {"type": "transcript.text.done", "text": "Hello you.", "usage": {"total_tokens": 3}}
SEGMENT = {"type": "transcript.text.segment", "id": "s1", "text": "Hello you.", "speaker": "A"}
BODY = {"text": "Hello you.", "usage": {"total_tokens": 3}}


def test_a_stream_is_a_body_and_a_body_a_stream() -> None:
    assert put_together([*DELTAS, DONE]) == BODY
    assert put_together(events_of(BODY) or []) == BODY
    pieces = [event["delta"] for event in events_of(BODY) or [] if "delta" in event]
    assert "".join(pieces) == "Hello you."


def test_segments_and_what_else_is_said_stay() -> None:
    beside = {"type": "transcript.language", "language": "en"}
    body = put_together([beside, *DELTAS, SEGMENT, DONE])
    assert body == BODY | {"segments": [SEGMENT], "side_events": [beside]}
    assert put_together(events_of(body) or []) == body


@pytest.mark.parametrize("body", [None, "x", [], {"text": 1}, {"error": "x"}])
def test_another_body_is_none(body: Any) -> None:
    assert events_of(body) is None


def test_without_its_end_there_is_no_body() -> None:
    assert put_together(DELTAS) is None
    assert put_together([*DELTAS, {"type": "transcript.text.done"}]) is None
