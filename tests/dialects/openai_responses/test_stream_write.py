"""The events that stream an answer: their order, their numbers, and what the SDK says to them."""

from typing import Any

import pytest
from openai._models import validate_type
from openai.types.responses import ResponseStreamEvent

from rechat.dialects.openai_responses.handwritten import written
from rechat.dialects.openai_responses.stream_write import events_of
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Part
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Request
from rechat.values.conversation import Text

REQUEST = Request({"model": "gpt-5"}, (Message("user", "Hi"),))
BEGIN = ["created", "in_progress"]


def events(*parts: Part, **fields: Any) -> list[dict[str, Any]]:
    answer = Answer((Choice(Message("assistant", None, parts), fields),))
    return list(events_of(written(answer, REQUEST)))


def kinds(*parts: Part, **fields: Any) -> list[str]:
    """The types of the events, runs collapsed."""
    found = [event["type"].removeprefix("response.") for event in events(*parts, **fields)]
    return [kind for at, kind in enumerate(found) if not at or found[at - 1] != kind]


def of_text(kind: str, name: str) -> list[str]:
    """The events of an item with one text in it."""
    return [
        "output_item.added",
        f"{kind}.added",
        f"{name}.delta",
        f"{name}.done",
        f"{kind}.done",
        "output_item.done",
    ]


@pytest.mark.parametrize(
    ("part", "middle"),
    [
        (Text("Hi there."), of_text("content_part", "output_text")),
        (Refusal("No way."), of_text("content_part", "refusal")),
        (Reasoning("Hm, so."), of_text("reasoning_summary_part", "reasoning_summary_text")),
        (Reasoning("Hm, so.", "content"), of_text("content_part", "reasoning_text")),
        (
            Call("f", "c", '{"a": 1}'),
            [
                "output_item.added",
                "function_call_arguments.delta",
                "function_call_arguments.done",
                "output_item.done",
            ],
        ),
        (
            Call("f", "c", "a b", "custom"),
            [
                "output_item.added",
                "custom_tool_call_input.delta",
                "custom_tool_call_input.done",
                "output_item.done",
            ],
        ),
        (Opaque({"type": "computer_call"}), ["output_item.added", "output_item.done"]),
    ],
)
def test_the_order_is_that_of_real_streams(part: Part, middle: list[str]) -> None:
    assert kinds(part) == [*BEGIN, *middle, "completed"]


def test_several_items_follow_each_other() -> None:
    found = events(Reasoning("Hm."), Text("Hi"), Call("f", "c", "{}"))
    places = [event["output_index"] for event in found if "output_index" in event]
    assert places == sorted(places)
    assert [event["sequence_number"] for event in found] == [*range(len(found))]
    assert {event["item_id"][:3] for event in found if "item_id" in event} == {"rs_", "msg", "fc_"}


def test_what_comes_in_pieces_is_empty_at_first() -> None:
    found = events(Text("Hi there."))
    first, added, part = found[0]["response"], found[2]["item"], found[3]["part"]
    assert (first["status"], first["output"], first["usage"]) == ("in_progress", [], None)
    assert (added["status"], added["content"], part["text"]) == ("in_progress", [], "")
    deltas = [event["delta"] for event in found if event["type"].endswith(".delta")]
    assert len(deltas) > 1
    assert "".join(deltas) == found[-1]["response"]["output"][0]["content"][0]["text"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("completed", "completed"),
        ("incomplete", "incomplete"),
        ("failed", "failed"),
        ("queued", "completed"),
        (None, "completed"),
    ],
)
def test_the_end_is_told_by_the_status(status: str | None, kind: str) -> None:
    *_, last = events_of({"id": "1", "status": status, "output": []})
    assert last["type"] == f"response.{kind}"
    assert kinds(Text("a"), finish_reason="length")[-1] == "incomplete"


def test_log_probabilities_come_with_their_letters() -> None:
    sure = [{"token": "Hi ", "logprob": -1}, {"token": "there", "logprob": -2}]
    found = events(Text("Hi there", {"logprobs": sure}))
    deltas = [event for event in found if event["type"].endswith("delta")]
    assert [(event["delta"], event["logprobs"]) for event in deltas] == [
        (token["token"], [token]) for token in sure
    ]
    found = events(Text("Other words", {"logprobs": [*sure, "odd"]}))
    assert all(not event["logprobs"] for event in found if event["type"].endswith("delta"))


def test_annotations_come_before_the_text_is_done() -> None:
    note = {"type": "file_path", "file_id": "f", "index": 0}
    found = kinds(Text("Hi", {"annotations": [note]}))
    assert found.index("output_text.annotation.added") == found.index("output_text.done") - 1


def test_a_note_comes_as_soon_as_its_words_are_said() -> None:
    cited = {"type": "url_citation", "url": "https://a.b", "title": "A", "start_index": 0}
    found = kinds(Text("Hi there, you two.", {"annotations": [cited | {"end_index": 2}]}))
    note = found.index("output_text.annotation.added")
    assert found[note - 1] == found[note + 1] == "output_text.delta"


def test_an_answer_in_the_background_waits_in_a_queue_first() -> None:
    found = list(events_of({"id": "1", "status": "completed", "background": True, "output": []}))
    assert [event["type"].removeprefix("response.") for event in found] == [
        "created",
        "queued",
        "in_progress",
        "completed",
    ]
    states = [event["response"]["status"] for event in found]
    assert states == ["queued", "queued", "in_progress", "completed"]


def test_an_item_in_which_the_stream_broke_off_is_never_done() -> None:
    part = {"type": "output_text", "text": "Hel", "annotations": [], "logprobs": []}
    item = {"id": "m", "type": "message", "status": "in_progress", "content": [part]}
    error = {"type": "error", "code": None, "message": "Sorry.", "param": None}
    found = list(events_of({"id": "1", "status": "failed", "error": error, "output": [item]}))
    assert not [event for event in found if event["type"].endswith(".done")]
    assert found[-1] == error | {"sequence_number": len(found) - 1}


@pytest.mark.parametrize("output", [None, ["odd"], [{"type": "message", "content": "odd"}]])
def test_odd_answers_are_streamed_too(output: Any) -> None:
    *_, last = events_of({"output": output})
    assert last["response"] == {"output": output}


@pytest.mark.parametrize("reason", ["stop", "length", "content_filter"])
def test_the_sdk_reads_each_event_strictly(reason: str) -> None:
    parts = (Reasoning("Hm."), Reasoning("a", "content"), Text("b"), Refusal("No."), Call("f", "", "{}"))  # fmt: skip
    for event in events(*parts, Call("g", "", "x y", "custom"), finish_reason=reason):
        kinds: Any = ResponseStreamEvent
        read: Any = validate_type(type_=kinds, value=event)
        assert read.to_dict() == event
