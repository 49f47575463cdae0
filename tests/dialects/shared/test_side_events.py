"""Events that an API does not know stand beside the answer."""

from typing import Any

import pytest

from rechat.dialects.shared import side_events


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "keepalive"}, False),
        ({"type": "ping", "sequence_number": 3}, False),
        ({"type": "trace", "item_id": "i"}, False),
        ({"type": "trace", "item_id": "i", "id": "t"}, True),
        ({"type": "ping", "cost": "0.1"}, True),
    ],
)
def test_an_event_that_only_says_where_it_is_tells_nothing(
    event: dict[str, Any], expected: bool
) -> None:
    assert side_events.tells(event, "item_id") is expected


def test_they_are_kept_without_their_numbers() -> None:
    kept = side_events.kept([{"type": "trace", "sequence_number": 3, "id": "t"}])
    assert kept == {"side_events": [{"type": "trace", "id": "t"}]}
    assert side_events.of_answer(kept) == [{"type": "trace", "id": "t"}]
    assert side_events.kept([]) == {}


@pytest.mark.parametrize("told", [None, "x", [1, "a"], [{"id": "no type"}], [{"type": 1}]])
def test_what_a_person_breaks_is_none(told: Any) -> None:
    assert side_events.of_answer({"side_events": told}) == []
