"""Items of the Responses API to the parts of a message: what has a form to read, and that all of it
comes back.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.openai_responses.items import said_of
from rechat.dialects.openai_responses.items import write_items
from rechat.dialects.openai_responses.output import choice_of
from rechat.dialects.openai_responses.output import opaque
from rechat.dialects.openai_responses.output import read_output
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.jsontext import same

TEXT: dict[str, Any] = {"type": "output_text", "text": "Hi", "annotations": [], "logprobs": []}
MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [TEXT],
}
CALL: dict[str, Any] = {
    "id": "fc_1",
    "type": "function_call",
    "status": "completed",
    "call_id": "c",
    "name": "f",
    "arguments": "{}",
}
REFUSAL: dict[str, Any] = {"type": "refusal", "refusal": "No."}
SUMMARY: dict[str, Any] = {"type": "summary_text", "text": "Hm."}


def test_a_text_is_the_body_if_only_calls_come_after_it() -> None:
    call = Call("f", "c", "{}", "function", {"id": "fc_1"})
    assert read_output([MESSAGE, CALL]) == Choice(
        Message("assistant", "Hi", (call,)), {"id": "msg_1"}
    )
    parts = (call, Text("Hi", {"id": "msg_1"}))
    assert read_output([CALL, MESSAGE]) == Choice(Message("assistant", None, parts))


def test_only_what_is_unusual_is_told() -> None:
    cited = TEXT | {"annotations": [{"type": "file_path"}]}
    item = MESSAGE | {"content": [cited], "phase": "commentary", "status": "incomplete", "new": 1}
    del cited["logprobs"]
    assert read_output([item]).fields == {
        "id": "msg_1",
        "status": "incomplete",
        "phase": "commentary",
        "item": {"new": 1},
        "annotations": [{"type": "file_path"}],
        "without": ["logprobs"],
    }


def test_thoughts_are_readable_text_by_text() -> None:
    item = {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [SUMMARY, SUMMARY],
        "content": [{"type": "reasoning_text", "text": "So."}],
        "encrypted_content": "gAAA",
    }
    own = {"id": "rs_1"}
    assert read_output([item]).message.parts == (
        Reasoning("Hm.", "summary", own | {"encrypted_content": "gAAA"}),
        Reasoning("Hm.", "summary", own),
        Reasoning("So.", "content", own),
    )


@pytest.mark.parametrize(
    "item",
    [
        {"type": "reasoning", "summary": []},
        {"type": "reasoning", "summary": [], "content": [], "encrypted_content": "x"},
        {"type": "reasoning", "content": None},
    ],
)
def test_a_thought_without_text_is_no_part_of_the_content(item: Any) -> None:
    choice = read_output([item])
    (part,) = choice.message.parts
    assert isinstance(part, Reasoning)
    assert part.text == ""
    assert same(write_items(said_of(choice)), [item])


def test_ids_stand_apart_from_what_is_opaque() -> None:
    search = {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {}}
    bare = {"type": "web_search_call", "action": {}}
    assert opaque(search) == (Opaque(bare), {"id": "ws_1", "status": "completed"})
    reference = {"type": "item_reference", "id": "msg_1"}
    assert opaque(reference) == (Opaque(reference), {})
    assert opaque("odd") == (Opaque("odd"), {})
    assert read_output([search, bare]).fields == {"items": [{"id": "ws_1", "status": "completed"}, {}]}  # fmt: skip


def test_a_refusal_is_one() -> None:
    choice = read_output([MESSAGE | {"content": [REFUSAL]}])
    assert choice == Choice(Message("assistant", None, (Refusal("No."),)), {"items": [{"id": "msg_1"}]})  # fmt: skip


@pytest.mark.parametrize(
    "items",
    [
        [MESSAGE | {"content": [TEXT, TEXT | {"text": "there"}]}],
        [MESSAGE | {"content": [TEXT, REFUSAL, TEXT]}, MESSAGE | {"id": "msg_2"}],
        [MESSAGE | {"content": []}],
        [MESSAGE | {"content": [TEXT, {"type": "output_audio"}]}],
        [{key: value for key, value in MESSAGE.items() if key not in ("id", "status", "role")}],
        [{"type": "message", "content": [{"type": "output_text", "text": "a"}]}] * 2,
        [{"type": "message", "content": [TEXT, TEXT]}],
        [MESSAGE | {"content": [TEXT | {"id": "own"}]}],
        [MESSAGE | {"status": None}],
        [MESSAGE | {"content": [TEXT | {"annotations": None, "parsed": {"a": 1.50}}]}],
        [{"type": "reasoning", "summary": [SUMMARY, SUMMARY]}],
        [{"type": "reasoning", "summary": [SUMMARY | {"new": 1}], "content": "odd"}],
        [{"type": "reasoning", "summary": "odd"}, {"type": "reasoning", "summary": [{}]}],
        [CALL | {"name": ""}, CALL | {"call_id": 1}, CALL | {"namespace": "n", "status": "x"}],
        [{"type": "function_call", "name": "f", "arguments": "{", "call_id": "c"}],
        [{"type": "custom_tool_call", "id": "1", "call_id": "c", "name": "f", "input": "x"}],
        ["odd", None, 1, [], {}, {"type": 1}, {"type": ["x"]}],
    ],
)
def test_every_item_comes_back(items: list[Any]) -> None:
    assert same(write_items(said_of(read_output(items))), items)


def test_several_texts_of_one_message_stay_readable() -> None:
    choice = read_output([MESSAGE | {"content": [TEXT, TEXT | {"text": "there"}]}])
    assert choice.message.text == "Hi\nthere"


def test_a_text_without_a_call_is_the_body_of_a_choice() -> None:
    assert choice_of([(Text("a"), {})]) == Choice(Message("assistant", "a"))


KEYS = st.sampled_from(["id", "status", "phase", "role", "item", "without", "annotations", "new"])
VALUES = st.none() | st.integers(0, 2) | st.text(max_size=3) | st.lists(st.text(max_size=2), max_size=2)  # fmt: skip
EXTRA = st.dictionaries(KEYS, VALUES, max_size=3)
PARTS = st.lists(
    st.builds(lambda part, more: part | more, st.sampled_from([TEXT, REFUSAL, SUMMARY]), EXTRA),
    max_size=3,
)
MESSAGES = st.builds(lambda more, parts: {**more, "type": "message", "content": parts}, EXTRA, PARTS)  # fmt: skip
THOUGHTS = st.builds(
    lambda more, summary, content: {**more, "type": "reasoning", "summary": summary, **content},
    EXTRA,
    PARTS,
    st.dictionaries(st.just("content"), PARTS),
)
CALLS = EXTRA.map(lambda more: CALL | more)


@given(st.one_of(MESSAGES, THOUGHTS, CALLS))
def test_any_item_comes_back(item: Any) -> None:
    assert same(write_items(said_of(read_output([item]))), [item])
