"""Items of the Responses API from the parts of a message."""

from typing import Any

import pytest

from rechat.dialects.openai_responses.items import said_of
from rechat.dialects.openai_responses.items import write_items
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Part
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.jsontext import JsonObject


def items(*parts: Part, body: str | None = None, **fields: Any) -> list[Any]:
    return write_items(said_of(Choice(Message("assistant", body, parts), fields)))


def message(*content: JsonObject, **more: Any) -> JsonObject:
    return {
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [*content],
        **more,
    }


def output_text(text: str, **more: Any) -> JsonObject:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": [], **more}


def test_a_body_comes_after_the_thoughts() -> None:
    thought, call = Reasoning("Hm."), Call("f", "c", "{}")
    kinds = [item["type"] for item in items(call, thought, body="Hi")]
    assert kinds == ["reasoning", "message", "function_call"]


def test_the_fields_of_the_choice_are_those_of_the_body() -> None:
    (item,) = items(body="Hi", id="msg_1", phase="final_answer", finish_reason="stop")
    assert item == message(output_text("Hi"), id="msg_1", phase="final_answer")


def test_neighbours_of_one_id_are_one_item() -> None:
    one, two = {"id": "1"}, {"id": "2"}
    parts = (Text("a", one), Text("b", one), Text("c", two), Reasoning("d", "summary", two))
    assert [item["type"] for item in items(*parts)] == ["message", "message", "reasoning"]
    assert len(items(Text("a"), Text("b"))) == 2


def test_thoughts_stand_in_the_list_they_are_named_after() -> None:
    own: JsonObject = {"id": "rs_1"}
    parts = (Reasoning("a", "summary", own), Reasoning("b", "content", own))
    assert items(*parts) == [
        {
            "id": "rs_1",
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": "a"}],
            "content": [{"type": "reasoning_text", "text": "b"}],
        }
    ]
    (item,) = items(Reasoning("a", "reasoning_content"))
    assert item["summary"] == [{"type": "summary_text", "text": "a"}]


def test_what_an_item_lacks_is_left_out() -> None:
    (item,) = items(Text("a", {"without": ["status", "logprobs"]}))
    assert "status" not in item
    assert item["content"] == [{"type": "output_text", "text": "a", "annotations": []}]
    assert items(Reasoning("", "reasoning", {"without": ["summary"]})) == [{"type": "reasoning"}]


def test_parts_that_hold_no_fields_have_them_apart() -> None:
    search: JsonObject = {"type": "web_search_call"}
    apart = [{"id": "ws_1"}, {"id": "msg_1"}]
    written = items(Opaque(search), Refusal("No."), Opaque(search), items=apart)
    refusal: JsonObject = {"type": "refusal", "refusal": "No."}
    assert written == [search | {"id": "ws_1"}, message(refusal, id="msg_1"), search]


@pytest.mark.parametrize("apart", [None, "odd", ["odd"]])
def test_odd_fields_do_no_harm(apart: Any) -> None:
    assert items(Opaque("x"), items=apart) == ["x"]


def test_calls_of_both_kinds() -> None:
    function, custom = items(Call("f", "c", "{}"), Call("g", "d", "x", "custom", {"id": "ctc_1"}))
    assert (function["type"], function["call_id"], function["arguments"]) == ("function_call", "c", "{}")  # fmt: skip
    assert (custom["type"], custom["input"], custom["id"]) == ("custom_tool_call", "x", "ctc_1")


def test_a_picture_is_an_item_and_other_media_are_told_by_their_url() -> None:
    picture, sound = items(
        Media("image", "data:image/png;base64,AAAA", {"id": "ig_1"}),
        Media("audio", "https://example.com/a.wav", {"id": "msg_1"}),
    )
    assert (picture["type"], picture["result"], picture["id"]) == ("image_generation_call", "AAAA", "ig_1")  # fmt: skip
    assert sound == message(output_text("https://example.com/a.wav"), id="msg_1")
