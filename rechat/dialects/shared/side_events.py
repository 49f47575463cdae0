"""Events beside the answer: what servers and gateways say in a stream that its API does not know
(limits, costs, results of a search). They are kept with the answer, and a stream that is written
from it says them again.
"""

from collections.abc import Iterable

from rechat.values import JsonObject

SIDE_EVENTS = "side_events"
"""The field of an answer for them."""

_OF_ANY = frozenset({"type", "sequence_number", "event_id"})


def tells(event: JsonObject, *places: str) -> bool:
    """Whether an event says more than that it is there, and where (in which of `places`)."""
    return not (_OF_ANY | {*places}).issuperset(event)


def kept(events: Iterable[JsonObject]) -> JsonObject:
    """The field of an answer with these events; nothing for none."""
    side = [
        {key: value for key, value in event.items() if key != "sequence_number"} for event in events
    ]
    return {SIDE_EVENTS: side} if side else {}


def of_answer(answer: JsonObject) -> list[JsonObject]:
    """The side events of an answer."""
    told = answer.get(SIDE_EVENTS)
    listed = told if isinstance(told, list) else []
    return [event for event in listed if isinstance(event, dict) and _is_named(event)]


def _is_named(event: JsonObject) -> bool:
    return isinstance(event.get("type"), str)
