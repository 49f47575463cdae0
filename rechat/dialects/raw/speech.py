"""What was heard in a sound (`/audio/transcriptions`): in a stream its text comes in pieces, and at
last whole.
"""

from collections.abc import Sequence

from rechat.dialects.shared import side_events
from rechat.dialects.shared import tokens
from rechat.values import Json
from rechat.values import JsonObject

_DELTA, _SEGMENT, _DONE = (f"transcript.text.{what}" for what in ("delta", "segment", "done"))
_OF_EVENT = ("type", "sequence_number")


def put_together(events: Sequence[JsonObject]) -> Json:
    """The body with the text; None if it is not whole."""
    told = [event for event in events if event.get("type") == _DONE]
    if not told or not isinstance(told[-1].get("text"), str):
        return None
    segments: list[Json] = [event for event in events if event.get("type") == _SEGMENT]
    whole = {key: value for key, value in told[-1].items() if key not in _OF_EVENT}
    known = (_DELTA, _SEGMENT, _DONE)
    beside = (event for event in events if event.get("type") not in known)
    return whole | ({"segments": segments} if segments else {}) | side_events.kept(beside)


def events_of(body: Json) -> list[JsonObject] | None:
    """The events that stream a text; None for a body of another form."""
    if not isinstance(body, dict) or not isinstance(text := body.get("text"), str):
        return None
    deltas: list[JsonObject] = [{"type": _DELTA, "delta": piece} for piece in tokens(text)]
    listed = body.get("segments")
    segments: list[JsonObject] = [
        {"type": _SEGMENT} | segment
        for segment in (listed if isinstance(listed, list) else [])
        if isinstance(segment, dict)
    ]
    apart = ("segments", side_events.SIDE_EVENTS)
    rest = {key: value for key, value in body.items() if key not in apart}
    return [*side_events.of_answer(body), *deltas, *segments, {"type": _DONE} | rest]
