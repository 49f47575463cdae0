"""Messages of Chat Completions to the model and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.openai_chat.messages import read_message
from rechat.dialects.openai_chat.messages import read_said
from rechat.dialects.openai_chat.messages import write_content
from rechat.dialects.openai_chat.messages import write_message
from rechat.values.conversation import Call
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.errors import BodyError
from rechat.values.jsontext import same

PIXEL = "data:image/png;base64,iVBORw0KGgo="
SOUND = "UklGRgAAAABXQVZF"

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{ }"}}

DRAWN = {"type": "image_url", "image_url": {"url": PIXEL}, "index": 0}

READS: dict[str, tuple[dict[str, Any], Message]] = {
    "another role": (
        {"role": "control", "content": "thinking"},
        Message("user", "thinking", fields={"role": "control"}),
    ),
    "pictures that a model drew": (
        {"role": "assistant", "content": "Here.", "images": [DRAWN, DRAWN | {"index": 1}]},
        Message(
            "assistant",
            None,
            (
                Text("Here."),
                Media("image", PIXEL, {"field": "images", "index": 0}),
                Media("image", PIXEL, {"field": "images", "index": 1}),
            ),
        ),
    ),
    "a picture without a text": (
        {"role": "assistant", "content": None, "images": [DRAWN]},
        Message("assistant", None, (Media("image", PIXEL, {"field": "images", "index": 0}),)),
    ),
    "pictures of another kind": (
        {"role": "assistant", "content": "Here.", "images": ["odd"]},
        Message("assistant", "Here.", fields={"images": ["odd"]}),
    ),
    "a text": ({"role": "user", "content": "Hi"}, Message("user", "Hi")),
    "null": ({"role": "assistant", "content": None}, Message("assistant")),
    "a name": (
        {"role": "user", "content": "Hi", "name": "ada"},
        Message("user", "Hi", fields={"name": "ada"}),
    ),
    "one text part": (
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        Message("user", None, (Text("Hi"),)),
    ),
    "a picture": (
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": {"url": PIXEL, "detail": "low"}}],
        },
        Message("user", None, (Media("image", PIXEL, {"detail": "low"}),)),
    ),
    "a sound": (
        {
            "role": "user",
            "content": [{"type": "input_audio", "input_audio": {"data": SOUND, "format": "wav"}}],
        },
        Message(
            "user", None, (Media("audio", f"data:audio/wav;base64,{SOUND}", {"format": "wav"}),)
        ),
    ),
    "a part of another kind": (
        {"role": "user", "content": [{"type": "input_video", "seconds": 3}]},
        Message("user", None, (Opaque({"type": "input_video", "seconds": 3}),)),
    ),
    "a call": (
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        Message("assistant", None, (Call("f", "c1", "{ }"),)),
    ),
    "a call of a custom tool": (
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c1", "type": "custom", "custom": {"name": "sh", "input": "ls -l"}}
            ],
        },
        Message("assistant", None, (Call("sh", "c1", "ls -l", "custom"),)),
    ),
    "a call without content": (
        {"role": "assistant", "tool_calls": [CALL]},
        Message("assistant", None, (Call("f", "c1", "{ }"),), without=("content",)),
    ),
    "reasoning": (
        {"role": "assistant", "content": "4", "reasoning": "2 and 2"},
        Message("assistant", "4", (Reasoning("2 and 2", "reasoning"),)),
    ),
    "a refusal": (
        {"role": "assistant", "content": None, "refusal": "No."},
        Message("assistant", None, (Refusal("No."),)),
    ),
    "a spoken answer": (
        {"role": "assistant", "content": None, "audio": {"id": "a1", "data": SOUND}},
        Message(
            "assistant", None, (Media("audio", f"data:audio/wav;base64,{SOUND}", {"id": "a1"}),)
        ),
    ),
    "a result": (
        {"role": "tool", "content": "ok", "tool_call_id": "c1"},
        Message("tool", "ok", fields={"tool_call_id": "c1"}),
    ),
}


@pytest.mark.parametrize("case", READS)
def test_reads_and_writes(case: str) -> None:
    value, message = READS[case]
    assert read_message(value) == message
    assert same(write_message(message), value)


@pytest.mark.parametrize("role", ["model", "", None])
def test_what_a_model_said_is_the_assistants_whatever_its_role_is_called(role: Any) -> None:
    value = {"role": role, "content": "Hi"}
    message = read_said(value)
    assert (message.role, message.body, message.fields) == ("assistant", "Hi", {"role": role})
    assert same(write_message(message), value)


def test_the_content_is_a_text_if_there_is_nothing_else() -> None:
    drawn = Media("image", PIXEL, {"field": "images"})
    assert write_content(Message("assistant", None, (Text("Here."), drawn))) == "Here."
    assert write_content(Message("assistant", "Hi")) == "Hi"
    texts: list[Any] = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    assert write_content(Message("assistant", None, (Text("a"), Text("b")))) == texts
    assert write_content(Message("assistant")) is None


def test_a_content_of_another_kind_is_a_field_even_beside_pictures() -> None:
    drawn = [{"type": "image_url", "image_url": {"url": PIXEL}}]
    value: Any = {"role": "assistant", "content": {"answer": 1}, "images": drawn}
    message = read_message(value)
    assert (message.body, message.parts) == (None, ())
    assert same(write_message(message), value)


@pytest.mark.parametrize("value", [None, "Hi", {"role": "", "content": "Hi"}, {"role": 5}])
def test_what_is_no_message_is_an_error(value: Any) -> None:
    with pytest.raises(BodyError):
        read_message(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
odd_calls = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "id": json_values,
            "type": st.sampled_from(["function", "custom", "other"]),
            "function": st.fixed_dictionaries(
                {}, optional={"name": json_values, "arguments": json_values, "more": json_values}
            ),
            "custom": json_values,
        },
    ),
    max_size=3,
)
odd_parts = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["text", "image_url", "input_audio", "file", "new"])},
        optional={"text": json_values, "image_url": json_values, "file": json_values},
    ),
    max_size=3,
)


@given(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "assistant", "tool", "system"])},
        optional={
            "content": json_values | odd_parts,
            "tool_calls": json_values | odd_calls,
            "refusal": json_values,
            "reasoning": json_values,
            "reasoning_content": json_values,
            "audio": json_values,
            "anything": json_values,
        },
    )
)
def test_whatever_fields_a_message_has_it_comes_back_equal(value: dict[str, Any]) -> None:
    assert same(write_message(read_message(value)), value)
