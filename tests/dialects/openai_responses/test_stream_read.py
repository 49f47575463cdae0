"""Streams of the Responses API put together: whole ones, and those that end in an error."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.openai_responses.stream_read import assemble
from rechat.dialects.openai_responses.stream_read import ends_in_error
from rechat.dialects.openai_responses.stream_write import events_of
from rechat.values.errors import BodyError
from rechat.values.jsontext import same

START: dict[str, Any] = {"id": "resp_1", "object": "response", "status": "in_progress", "output": []}  # fmt: skip
CREATED = {"type": "response.created", "response": START}
ERROR = {"type": "error", "code": "server_error", "message": "Sorry.", "param": None}
ITEM = {"id": "msg_1", "type": "message", "status": "in_progress", "content": []}


def done(**more: Any) -> dict[str, Any]:
    return {"type": "response.completed", "response": START | {"status": "completed"} | more}


def item_event(kind: str, item: Any, index: int = 0) -> dict[str, Any]:
    return {"type": f"response.output_item.{kind}", "output_index": index, "item": item}


def test_the_last_word_counts() -> None:
    told = item_event("done", ITEM | {"encrypted_content": "early"})
    late = ITEM | {"encrypted_content": "late"}
    assert assemble([CREATED, told, done(output=[late])])["output"] == [late]


def test_items_count_if_the_end_has_none() -> None:
    events = [CREATED, item_event("done", ITEM, 1), item_event("done", {"id": "0"})]
    for end in (done(), {"type": "response.incomplete", "response": {"id": "resp_1"}}):
        assert assemble([*events, end])["output"] == [{"id": "0"}, ITEM]


@pytest.mark.parametrize("kind", ["completed", "incomplete", "failed"])
def test_each_end_is_an_end(kind: str) -> None:
    assert assemble([CREATED, {"type": f"response.{kind}", "response": START}]) == START


@pytest.mark.parametrize(
    ("kind", "status"),
    [("completed", "completed"), ("incomplete", "incomplete"), ("done", "completed")],
)
def test_an_end_without_an_answer_ends_what_was_said(kind: str, status: str) -> None:
    created = {"type": "response.created", "response": {"id": "r", "status": "in_progress"}}
    said = {"type": "response.output_text.delta", "delta": "Hi"}
    bits: list[dict[str, Any]] = [{}, {"response": None}, {"response": "r"}]
    for bit in (*bits, {"response": {"model": "m"}}):
        whole = assemble([created, said, {"type": f"response.{kind}", **bit}])
        assert (whole["id"], whole["object"], whole["status"]) == ("r", "response", status)
        assert whole["output"][0]["content"][0]["text"] == "Hi"
        assert ("model" in whole) is (bit == {"response": {"model": "m"}})


def test_what_stands_beside_such_an_end_is_kept() -> None:
    end = {"type": "response.completed", "sequence_number": 9, "response_id": "r", "usage": 1}
    assert assemble([end]) == {
        "object": "response",
        "output": [],
        "id": "r",
        "status": "completed",
        "usage": 1,
    }


@pytest.mark.parametrize("events", [[], [CREATED], [CREATED, item_event("done", ITEM)]])
def test_a_stream_without_an_end_broke_off(events: list[Any]) -> None:
    with pytest.raises(BodyError, match="was truncated"):
        assemble(events)


def test_what_comes_after_the_end_does_not_count() -> None:
    assert assemble([done(), CREATED, ERROR]) == done()["response"]


@pytest.mark.parametrize("error", [ERROR, {"error": {"message": "Sorry."}}])
def test_an_error_ends_an_answer_too(error: dict[str, Any]) -> None:
    whole = assemble([CREATED, error | {"sequence_number": 1}])
    assert whole == START | {"status": "failed", "error": {"type": "error"} | error}
    assert ends_in_error(whole)
    assert not ends_in_error(done()["response"])


def test_a_failure_after_an_error_is_the_end() -> None:
    failed = {"type": "response.failed", "response": START | {"status": "failed"}}
    assert assemble([CREATED, ERROR, failed]) == failed["response"]


def test_what_was_said_before_an_error_is_kept() -> None:
    place = {"output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    text = {"type": "response.output_text.delta", **place}
    noted = {"type": "response.output_text.annotation.added", **place, "annotation": {"a": 1}}
    events = [
        CREATED,
        item_event("added", ITEM),
        {"type": "response.content_part.added", **place, "part": part},
        text | {"delta": "Hel", "logprobs": [{"token": "Hel"}]},
        text | {"delta": "lo", "logprobs": [{"token": "lo"}]},
        noted,
        ERROR,
    ]
    (item,) = assemble(events)["output"]
    assert item["content"] == [
        part
        | {
            "text": "Hello",
            "annotations": [{"a": 1}],
            "logprobs": [{"token": "Hel"}, {"token": "lo"}],
        }
    ]
    assert (part["text"], part["annotations"], ITEM["content"]) == ("", [], [])


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "response.mcp_call_arguments.delta", "output_index": 7, "delta": "x"},
        {"type": "response.output_text.delta", "output_index": 0, "content_index": 5, "delta": "x"},
        {"type": "response.content_part.added", "output_index": 0, "content_index": 5, "part": {}},
        {"type": "response.content_part.added", "output_index": 0, "part": {}},
        {"type": ["x"], "output_index": 0},
        {"type": "response.web_search_call.searching", "output_index": 0},
        {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": 1},
        {"type": "keepalive"},
    ],
)
def test_odd_events_are_passed_over(odd: dict[str, Any]) -> None:
    whole = assemble([CREATED, item_event("added", ITEM), odd, ERROR])
    assert whole["output"] == [ITEM]


def test_texts_of_an_item_itself_are_joined() -> None:
    call = {"type": "function_call", "arguments": "", "status": "in_progress"}
    delta = {"type": "response.function_call_arguments.delta", "output_index": 0}
    events = [item_event("added", call), delta | {"delta": "{"}, delta | {"delta": "}"}, ERROR]
    assert assemble(events)["output"][0]["arguments"] == "{}"
    code = {"type": "code_interpreter_call"}
    delta = {"type": "response.code_interpreter_call_code.delta", "output_index": 0, "delta": "1"}
    assert assemble([item_event("added", code), delta, ERROR])["output"] == [code | {"code": "1"}]


def test_a_part_that_is_done_replaces_its_pieces() -> None:
    place = {"output_index": 0, "content_index": 0}
    events = [
        item_event("added", ITEM),
        {"type": "response.content_part.added", **place, "part": {"type": "output_text", "text": ""}},
        {"type": "response.content_part.done", **place, "part": {"type": "output_text", "text": "a"}},
        ERROR,
    ]  # fmt: skip
    assert assemble(events)["output"][0]["content"] == [{"type": "output_text", "text": "a"}]


TEXTS = st.text(max_size=12)
LOGPROBS = st.lists(st.fixed_dictionaries({"token": st.text(max_size=3)}), max_size=3)
OUTPUT_TEXT = st.builds(
    lambda text, notes, sure: {
        "type": "output_text",
        "text": text,
        "annotations": notes,
        "logprobs": sure,
    },
    TEXTS,
    st.lists(st.just({"type": "file_path"}), max_size=2),
    LOGPROBS,
)
REFUSALS = TEXTS.map(lambda text: {"type": "refusal", "refusal": text})
SUMMARIES = st.lists(TEXTS.map(lambda text: {"type": "summary_text", "text": text}), max_size=2)
THOUGHTS = st.lists(TEXTS.map(lambda text: {"type": "reasoning_text", "text": text}), max_size=2)
OTHERS = st.fixed_dictionaries({}, optional={"type": st.just("future"), "text": st.integers()})
STATUS = st.fixed_dictionaries(
    {"id": st.text(max_size=3)},
    optional={"status": st.sampled_from(["completed", "in_progress", "incomplete"])},
)
ITEMS = st.one_of(
    st.builds(
        lambda own, content: own | {"type": "message", "role": "assistant", "content": content},
        STATUS,
        st.lists(OUTPUT_TEXT | REFUSALS | OTHERS, max_size=3),
    ),
    st.builds(
        lambda own, summary, content: own | {"type": "reasoning", "summary": summary} | content,
        STATUS,
        SUMMARIES,
        st.dictionaries(st.just("content"), THOUGHTS | st.none()),
    ),
    st.builds(
        lambda own, text: own | {"type": "function_call", "name": "f", "arguments": text},
        STATUS,
        TEXTS,
    ),
    st.builds(
        lambda own, text: own | {"type": "custom_tool_call", "name": "f", "input": text},
        STATUS,
        TEXTS,
    ),
    st.builds(lambda own: own | {"type": "mcp_call", "arguments": "{}"}, STATUS),
)
ANSWERS = st.builds(
    lambda output, more: {"id": "resp_1", "object": "response", "output": output} | more,
    st.lists(ITEMS, max_size=3),
    st.fixed_dictionaries(
        {"status": st.sampled_from(["completed", "incomplete", "failed", "queued"])},
        optional={
            "error": st.sampled_from([None, {"code": "x", "message": "m"}, ERROR]),
            "usage": st.none() | st.just({"total_tokens": 3}),
        },
    ),
)


@given(ANSWERS)
def test_put_together_a_streamed_answer_is_the_same(answer: dict[str, Any]) -> None:
    assert same(assemble(list(events_of(answer))), answer)


def test_an_id_that_only_the_beginning_has_stays() -> None:
    completed = {"type": "response.completed", "response": {"status": "completed", "output": []}}
    started = {"type": "response.created", "response": {"id": "r1", "status": "in_progress"}}
    assert assemble([started, completed]) == {"id": "r1", "status": "completed", "output": []}


@pytest.mark.timeout(60)
def test_a_long_text_is_put_together_in_linear_time() -> None:
    """Joined piece by piece, it would be copied half a million times."""
    part = {"type": "output_text", "text": "", "annotations": []}
    place = {"output_index": 0, "content_index": 0}
    added = [
        {"type": "response.output_item.added", "output_index": 0, "item": {"content": [part]}},
        *[{"type": "response.output_text.delta", **place, "delta": "abcd"}] * 500_000,
    ]
    (item,) = assemble([*added, ERROR])["output"]
    assert len(item["content"][0]["text"]) == 2_000_000
