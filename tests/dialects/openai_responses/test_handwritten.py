"""Hand-written answers as the Responses API would give them."""

from typing import Any

import pytest
from openai._models import validate_type
from openai.types.responses import Response

from rechat.dialects.openai_responses.handwritten import written
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Part
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Request
from rechat.values.conversation import Text
from rechat.values.jsontext import JsonObject

REQUEST = Request({"model": "gpt-5"}, (Message("user", "Hi there"),))


def answer(*parts: Part, body: str | None = None, **fields: Any) -> JsonObject:
    reason = {key: fields.pop(key) for key in ("finish_reason",) if key in fields}
    return written(Answer((Choice(Message("assistant", body, parts), reason),), fields), REQUEST)


ALL: tuple[Part, ...] = (
    Reasoning("Hm."),
    Text("Hi"),
    Refusal("No."),
    Call("f", "", "{}"),
    Call("g", "", "x", "custom"),
    Media("image", "data:image/png;base64,AAAA"),
    Opaque({"type": "web_search_call", "action": {"type": "search", "query": "x"}}),
)


def test_every_item_has_an_id_of_its_own() -> None:
    output = answer(*ALL)["output"]
    prefixes = [item["id"].partition("_")[0] for item in output]
    assert prefixes == ["rs", "msg", "msg", "fc", "ctc", "ig", "item"]
    assert len({item["id"] for item in output}) == len(ALL)
    assert [item["call_id"] for item in output if "call_id" in item] == ["call_1", "call_2"]


def test_ids_follow_from_what_is_said() -> None:
    one, same, other = answer(body="a"), answer(body="a"), answer(body="b")
    assert one == same
    assert one["id"] != other["id"]
    assert one["id"].startswith("resp_")


def test_ids_that_are_written_stay() -> None:
    item = answer(Opaque({"type": "web_search_call", "id": "ws_1", "status": "failed"}))["output"][
        0
    ]
    assert (item["id"], item["status"]) == ("ws_1", "failed")
    assert answer(Call("f", "c", "{}", "function", {"id": "fc_1"}))["output"][0]["id"] == "fc_1"
    assert answer(Opaque("odd"))["output"] == ["odd"]


@pytest.mark.parametrize(
    ("reason", "status", "details"),
    [
        ("stop", "completed", None),
        ("tool_calls", "completed", None),
        ("length", "incomplete", {"reason": "max_output_tokens"}),
        ("content_filter", "incomplete", {"reason": "content_filter"}),
    ],
)
def test_the_end_is_told_in_its_own_words(reason: str, status: str, details: object) -> None:
    told = answer(body="a", finish_reason=reason)
    assert (told["status"], told["incomplete_details"]) == (status, details)
    assert told["output"][-1]["status"] == status
    assert "finish_reason" not in told["output"][-1]


@pytest.mark.parametrize("parts", [(), (Reasoning("Hm."),), (Opaque("odd"),)])
def test_a_cut_needs_no_text(parts: tuple[Part, ...]) -> None:
    assert answer(*parts, finish_reason="length")["status"] == "incomplete"


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({}, (2, 1, 3, 0, 0)),
        ({"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}, (7, 5, 12, 0, 0)),
        ({"input_tokens": 7}, (7, 1, 8, 0, 0)),
        ({"prompt_tokens_details": {"cached_tokens": 2}}, (2, 1, 3, 2, 0)),
        ({"completion_tokens_details": {"reasoning_tokens": 4}}, (2, 1, 3, 0, 4)),
        ({"prompt_tokens": None}, (None, 1, 0, 0, 0)),
    ],
)
def test_tokens_are_counted_or_as_written(usage: JsonObject, counts: tuple[int, ...]) -> None:
    told = answer(body="Hi", usage=usage)["usage"]
    assert counts == (
        told["input_tokens"],
        told["output_tokens"],
        told["total_tokens"],
        told["input_tokens_details"]["cached_tokens"],
        told["output_tokens_details"]["reasoning_tokens"],
    )
    assert "prompt_tokens" not in told


def test_a_model_and_other_fields_that_are_written_count() -> None:
    told = answer(body="Hi", model="mine", metadata={"a": "b"}, object="chat.completion", created=1)
    assert (told["model"], told["metadata"], told["object"]) == ("mine", {"a": "b"}, "response")
    assert "created" not in told
    assert (
        written(Answer((Choice(Message("assistant", "a")),)), Request({}, ()))["model"] == "rechat"
    )


def test_the_sdk_reads_it_strictly() -> None:
    for parts in (ALL, ()):
        told = answer(*parts)
        read: Any = validate_type(type_=Response, value=told)
        assert read.to_dict() == told
