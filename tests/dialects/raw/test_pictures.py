"""Streams of pictures, and bodies with them."""

from functools import partial
from typing import Any

import pytest

from rechat.dialects.raw.pictures import events_of
from rechat.dialects.raw.pictures import put_together

AROUND = {"created_at": 7, "output_format": "png", "usage": {"total_tokens": 3}}
PREVIEW = {"type": "image_generation.partial_image", "b64_json": "QQ==", "partial_image_index": 0}
DONE = {"type": "image_generation.completed", "b64_json": "QUI="} | AROUND
BODY = {
    "created": 7,
    "data": [{"b64_json": "QUI="}],
    "output_format": "png",
    "usage": {"total_tokens": 3},
}
generated = partial(events_of, kind="image_generation")


def test_a_stream_is_a_body_with_its_previews_beside_it() -> None:
    assert put_together([DONE]) == BODY
    assert put_together([PREVIEW, DONE]) == BODY | {"side_events": [PREVIEW]}
    assert generated(put_together([PREVIEW, DONE])) == [PREVIEW, DONE]


def test_each_picture_has_its_event() -> None:
    other = DONE | {"b64_json": "QUJD"}
    body = put_together([DONE, other])
    assert body == BODY | {"data": [{"b64_json": "QUI="}, {"b64_json": "QUJD"}]}
    assert generated(body) == [DONE, other]


def test_a_body_is_streamed_under_the_name_of_its_kind() -> None:
    body = {"data": [{"url": "https://a.example/p.png", "revised_prompt": "a cat"}]}
    assert events_of(body, "image_edit") == [{"type": "image_edit.completed"} | body["data"][0]]


@pytest.mark.parametrize("body", [None, "x", [], {"data": []}, {"data": ["x"]}, {"error": "x"}])
def test_another_body_is_none(body: Any) -> None:
    assert generated(body) is None


def test_without_a_whole_picture_there_is_no_body() -> None:
    assert put_together([PREVIEW]) is None


def test_many_pictures_are_put_together_in_linear_time() -> None:
    many = [
        {"type": f"image_generation.{kind}", "b64_json": "x"}
        for kind in ("partial_image", "completed")
        for _ in range(40_000)
    ]
    body: Any = put_together(many)
    assert len(body["data"]) == 40_000
