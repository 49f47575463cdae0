"""Events of a stream of Responses that add nothing to its answer."""

from typing import Any

import pytest

from rechat.dialects.openai_responses.dialect import Responses
from rechat.dialects.openai_responses.stream_read import assemble
from rechat.dialects.openai_responses.stream_side import kept
from rechat.dialects.openai_responses.stream_side import without_steps
from rechat.dialects.openai_responses.stream_write import events_of
from rechat.values import jsontext
from rechat.values.conversation import Message
from rechat.values.conversation import Request

TOOL = {"type": "image_generation", "partial_images": 2}
PICTURE = {"id": "ig_1", "type": "image_generation_call", "status": "completed", "result": "QUJD"}
WHOLE = {"id": "r", "object": "response", "status": "completed", "tools": [TOOL]}
PREVIEW = "response.image_generation_call.partial_image"


def stream(*inside: dict[str, Any]) -> list[dict[str, Any]]:
    started = WHOLE | {"status": "in_progress", "output": []}
    return [
        {"type": "response.created", "response": started},
        *inside,
        {"type": "response.output_item.done", "output_index": 0, "item": PICTURE},
        {"type": "response.completed", "response": WHOLE | {"output": [PICTURE]}},
    ]


def shown(number: int, picture: str) -> dict[str, Any]:
    return {
        "type": PREVIEW,
        "item_id": "ig_1",
        "output_index": 0,
        "partial_image_index": number,
        "partial_image_b64": picture,
    }


def types(events: Any) -> list[str]:
    return [event["type"] for event in events]


def test_previews_of_a_picture_come_again_before_it_is_whole() -> None:
    whole = assemble(stream(shown(0, "QQ=="), shown(1, "QUI=")))
    assert "side_events" not in whole
    assert [one["partial_image_b64"] for one in whole["output"][0]["partial_images"]] == [
        "QQ==",
        "QUI=",
    ]
    told = [event for event in events_of(whole) if event["type"] == PREVIEW]
    assert [event["partial_image_b64"] for event in told] == ["QQ==", "QUI="]
    after = types(events_of(whole))
    assert after.index(PREVIEW) < after.index("response.image_generation_call.completed")
    assert assemble(events_of(whole)) == whole


def test_the_picture_itself_is_no_preview_of_it() -> None:
    whole = assemble(stream(shown(0, "QUJD")))
    assert whole == WHOLE | {"output": [PICTURE]}
    assert types(events_of(whole)).count(PREVIEW) == 1


def test_who_goes_on_sends_no_previews() -> None:
    dialect = Responses()
    whole = assemble(stream(shown(0, "QQ==")))
    (answer, *_) = dialect.readings(whole)
    said = answer.choices[0].message
    body = dialect.write_request(Request({"model": "m"}, (Message("user", "a"), said)))
    (_, item) = jsontext.parse_object(body)["input"]
    assert item == {"type": "image_generation_call", "result": "QUJD"}


def test_who_asks_for_all_at_once_gets_no_steps() -> None:
    trace = {"type": "vendor.trace", "id": "t"}
    whole = assemble(stream({"type": "response.queued", "response": {}}, shown(0, "QQ=="), trace))
    assert without_steps(whole) == WHOLE | {"output": [PICTURE], "side_events": [trace]}
    assert without_steps(assemble(stream(shown(0, "QQ==")))) == WHOLE | {"output": [PICTURE]}
    assert without_steps(WHOLE) == WHOLE
    assert list(events_of(whole))[-1]["response"] == WHOLE | {"output": [PICTURE]}


@pytest.mark.parametrize("told", [None, "x", [1, "a"], {}])
def test_previews_that_a_person_breaks_are_none(told: Any) -> None:
    whole = WHOLE | {"tools": [], "output": [PICTURE | {"partial_images": told}, "odd"]}
    assert PREVIEW not in types(events_of(whole))


def test_what_a_gateway_says_beside_the_answer_comes_after_its_opening() -> None:
    told = {"type": "response.reasoning.search_results", "results": [{"url": "https://a.example"}]}
    whole = assemble(stream(told, {"type": "keepalive"}, shown(0, "QQ==")))
    assert whole["side_events"] == [told]
    assert types(events_of(whole))[:3] == [
        "response.created",
        "response.in_progress",
        "response.reasoning.search_results",
    ]
    assert assemble(events_of(whole)) == whole


def test_an_answer_that_was_queued_is_queued_again() -> None:
    queued = {"type": "response.queued", "response": WHOLE | {"status": "queued", "output": []}}
    whole = assemble(stream(queued))
    assert types(events_of(whole))[:2] == ["response.created", "response.queued"]
    in_background = assemble(
        [queued, {"type": "response.completed", "response": WHOLE | {"background": True}}]
    )
    assert "side_events" not in in_background


@pytest.mark.parametrize(
    "event",
    [
        {"type": "response.web_search_call.searching", "item_id": "a", "output_index": 0, "x": 1},
        {"type": "response.new_call_code.delta", "item_id": "a", "delta": "x"},
        {"type": "response.reasoning_summary_delta", "delta": "x"},
        {"type": "response.completed"},
        {"type": "error", "message": "x"},
        {"data": "x"},
    ],
    ids=lambda event: str(event.get("type")),
)
def test_what_the_answer_says_is_not_beside_it(event: dict[str, Any]) -> None:
    assert kept({}, [event]) == {}


def test_many_previews_are_kept_in_linear_time() -> None:
    picture = {"type": "image_generation_call", "id": "ig_1", "result": "whole"}
    preview = {
        "type": "response.image_generation_call.partial_image",
        "output_index": 0,
        "partial_image_b64": "x",
    }
    whole: Any = kept({"output": [picture]}, [preview] * 200_000)
    assert len(whole["output"][0]["partial_images"]) == 200_000
