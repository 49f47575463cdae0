"""Endpoints that answer in two shapes: which they are, and what does not count of a request."""

from typing import Any

import pytest

from rechat.dialects.raw.shapes import asks_for_stream
from rechat.dialects.raw.shapes import shape_of
from rechat.dialects.raw.shapes import shapeless
from rechat.values.conversation import Message
from rechat.values.conversation import Text


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"method": "POST", "path": "/v1/images/generations"}, True),
        ({"method": "POST", "path": "/v1/audio/transcriptions"}, True),
        ({"method": "POST", "path": "/infill"}, True),
        ({"method": "GET", "path": "/v1/images/generations"}, False),
        ({"method": "POST", "path": "/v1/rerank"}, False),
        ({}, False),
        ({"method": "POST", "path": 7}, False),
    ],
)
def test_an_endpoint_is_known_by_its_path(settings: dict[str, Any], expected: bool) -> None:
    assert (shape_of(settings) is not None) is expected


def asked(**content: Any) -> Message:
    return Message("request", None, (), {"content": content})


def form(value: str) -> Message:
    return Message("request", None, (Text("m", {"name": "model"}), Text(value, {"name": "stream"})))


def test_a_stream_is_asked_for_in_json_or_in_a_form() -> None:
    assert asks_for_stream(asked(prompt="a", stream=True))
    assert asks_for_stream(form("true"))
    assert not asks_for_stream(asked(prompt="a", stream=False))
    assert not asks_for_stream(form("false"))
    assert not asks_for_stream(Message("request", "stream"))


def test_the_shape_does_not_count() -> None:
    assert shapeless(asked(prompt="a", stream=True)) == asked(prompt="a")
    assert shapeless(form("true")) == Message("request", None, (Text("m", {"name": "model"}),))
    assert shapeless(Message("request", "a")) == Message("request", "a")


def test_a_stream_that_cannot_be_written_again_is_no_body() -> None:
    shape = shape_of({"method": "POST", "path": "/completion"})
    assert shape
    assert shape.whole([{"content": "a", "stop": False}, {"content": "", "stop": True}])
    assert shape.whole([{"content": "a", "stop": False}]) is None
    assert shape.whole([{"text": "a"}]) is None
