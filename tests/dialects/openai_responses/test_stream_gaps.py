"""Events that compatible servers leave out, and what the others add up to all the same."""

from typing import Any

import pytest

from rechat.dialects.openai_responses.stream_read import assemble

CREATED = {"type": "response.created", "response": {"id": "r", "model": "m", "status": "x"}}
ENDED = {"type": "response.completed", "response": {"status": "completed", "output": []}}


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"response.{kind}", **fields}


def output(*events: dict[str, Any]) -> Any:
    return assemble([CREATED, *events, ENDED])["output"]


def message(text: str, **fields: Any) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": []}
    told = {"type": "message", "role": "assistant", "content": [part], "status": "completed"}
    return told | fields


def test_what_a_response_was_called_at_first_stays() -> None:
    whole = assemble([CREATED, ENDED])
    assert whole == {"id": "r", "model": "m", "status": "completed", "output": []}


@pytest.mark.parametrize(
    "events",
    [
        [event("output_text.delta", delta="It is "), event("output_text.delta", delta="so.")],
        [event("output_text.done", text="It is so.")],
        [event("output_text.delta", delta="It is so."), event("output_text.done", text="It is so.")],
        [
            event("content_part.added", part={"type": "output_text", "text": "", "annotations": []}),
            event("output_text.delta", delta="It is so."),
        ],
        [
            event("output_item.added", item={k: v for k, v in message("").items() if k != "content"}),
            event("output_text.delta", delta="It is so."),
        ],
        [
            event("output_item.added", item=message("") | {"content": []}),
            event("output_text.delta", output_index=0, content_index=0, delta="It is so."),
        ],
        [event("output_item.done", item=message("It is so."))],
    ],
    ids=["deltas", "done", "both", "part", "item", "item without part", "item done"],
)  # fmt: skip
def test_a_text_is_there_however_little_was_said_of_it(events: list[Any]) -> None:
    assert output(*events) == [message("It is so.")]


def test_events_go_to_the_item_of_their_id() -> None:
    events = [
        event("output_item.added", item={"type": "message", "id": "a", "content": []}),
        event("output_item.added", item={"type": "message", "id": "b", "content": []}),
        event("output_text.delta", item_id="b", delta="two"),
        event("output_text.delta", item_id="a", delta="one"),
    ]
    assert [item["content"][0]["text"] for item in output(*events)] == ["one", "two"]


def test_a_thought_before_a_text_is_another_item() -> None:
    thought, text = output(
        event("reasoning_summary_text.delta", item_id="t", output_index=0, delta="Hm."),
        event("output_text.delta", item_id="m", output_index=1, delta="So."),
    )
    assert thought["summary"] == [{"type": "summary_text", "text": "Hm."}]
    assert text == message("So.", id="m")


def test_a_call_that_nobody_began_has_what_is_known_of_it() -> None:
    done = event("function_call_arguments.done", item_id="c", name="f", arguments='{"a":1}')
    (call,) = output(event("function_call_arguments.delta", item_id="c", delta='{"a":'), done)
    assert (call["call_id"], call["arguments"]) == ("c", '{"a":')
    (call,) = output(done)
    assert (call["name"], call["arguments"]) == ("f", '{"a":1}')


def test_arguments_that_came_with_their_item_are_said_once() -> None:
    item = {"type": "function_call", "name": "f", "call_id": "c", "arguments": "{}"}
    done = event("function_call_arguments.done", output_index=0, arguments="{}")
    assert output(event("output_item.added", output_index=0, item=item), done) == [item]


@pytest.mark.parametrize(
    ("old", "name"),
    [
        ("reasoning.delta", "content"),
        ("reasoning_summary.delta", "summary"),
        ("reasoning_text.delta", "content"),
    ],
)
def test_events_have_the_names_they_had_before(old: str, name: str) -> None:
    (item,) = output(event(old, delta={"text": "Hm"} if name == "summary" else "Hm"))
    assert item["type"] == "reasoning"
    assert [part["text"] for part in item[name]] == ["Hm"]


@pytest.mark.parametrize("kind", ["audio", "output_audio"])
def test_sound_is_a_part_of_the_message(kind: str) -> None:
    said = [event(f"{kind}.delta", delta="QUJD"), event(f"{kind}_transcript.delta", delta="Ah")]
    (item,) = output(*said, event(f"{kind}.delta", delta="REVG"), event(f"{kind}.done"))
    assert item["content"] == [{"type": "output_audio", "data": "QUJDREVG", "transcript": "Ah"}]


def test_done_ends_a_stream_that_said_something() -> None:
    whole = assemble([CREATED, event("output_text.delta", delta="So.")], is_done=True)
    assert (whole["status"], whole["output"]) == ("completed", [message("So.")])


def test_a_stream_that_fails_keeps_what_was_said_before() -> None:
    failed = {"type": "error", "code": "invalid_prompt"}
    whole = assemble([CREATED, event("output_text.delta", delta="So."), failed])
    assert whole["output"] == [message("So.", status="in_progress")]
