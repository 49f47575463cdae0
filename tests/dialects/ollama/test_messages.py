"""Messages of Ollama: read as far as they come back the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.ollama.messages import content_of
from rechat.dialects.ollama.messages import read_images
from rechat.dialects.ollama.messages import read_message
from rechat.dialects.ollama.messages import read_messages
from rechat.dialects.ollama.messages import with_images
from rechat.dialects.ollama.messages import write_message
from rechat.matching.spelling import canonical_message
from rechat.values.conversation import Call
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.errors import BodyError
from rechat.values.jsontext import same

PNG, JPEG, GIF, WEBP = (
    "iVBORw0KGgoAAAANSUhEUg==",
    "/9j/4AAQSkZJRg==",
    "R0lGODlhAQABAA==",
    "UklGRiQAAABXRUJQVlA4",
)

READ: dict[str, tuple[dict[str, Any], Message]] = {
    "a text": ({"role": "user", "content": "Hi"}, Message("user", "Hi")),
    "a system prompt": ({"role": "system", "content": "Be brief."}, Message("system", "Be brief.")),
    "a picture": (
        {"role": "user", "content": "What is it?", "images": [PNG]},
        Message("user", None, (Text("What is it?"), Media("image", f"data:image/png;base64,{PNG}"))),
    ),
    "a picture without a word": (
        {"role": "user", "content": "", "images": [GIF]},
        Message("user", None, (Media("image", f"data:image/gif;base64,{GIF}"),)),
    ),
    "a picture and null": (
        {"role": "user", "content": None, "images": ["https://a.b/c.png"]},
        Message("user", None, (Media("image", "https://a.b/c.png"),), {"content": None}),
    ),
    "thoughts": (
        {"role": "assistant", "content": "4", "thinking": "2 and 2"},
        Message("assistant", "4", (Reasoning("2 and 2", "thinking"),)),
    ),
    "a call": (
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]},
        Message("assistant", "", (Call("f", "", '{"a":1}'),)),
    ),
    "a call with an id and an index": (
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c1", "function": {"index": 0, "name": "f", "arguments": {}}}]},
        Message("assistant", "", (Call("f", "c1", "{}", "function", {"function": {"index": 0}}),)),
    ),
    "a call with fields of its own": (
        {"role": "assistant", "content": "", "tool_calls": [{"id": "", "type": "function", "function": {"name": "f", "arguments": {}}}]},
        Message("assistant", "", (Call("f", "", "{}", "function", {"id": "", "type": "function"}),)),
    ),
    "a result": (
        {"role": "tool", "tool_name": "f", "content": "9 C"},
        Message("tool", "9 C", (), {"tool_name": "f"}),
    ),
    "a result with an id": (
        {"role": "tool", "tool_call_id": "c1", "content": "9 C"},
        Message("tool", "9 C", (), {"tool_call_id": "c1"}),
    ),
    "arguments that are no object": (
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]},
        Message("assistant", "", (), {"tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}),
    ),
    "pictures that are none": (
        {"role": "user", "content": "x", "images": [1]},
        Message("user", "x", (), {"images": [1]}),
    ),
    "a list for a text": (
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        Message("user", None, (), {"content": [{"type": "text", "text": "Hi"}]}),
    ),
    "a role that nobody knows": (
        {"role": "control", "content": "thinking"},
        Message("user", None, (Opaque({"role": "control", "content": "thinking"}),)),
    ),
    "no content": ({"role": "assistant"}, Message("assistant", None, (), {}, ("content",))),
    "null": ({"role": "assistant", "content": None}, Message("assistant", None)),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_a_message_is_read_and_comes_back(case: str) -> None:
    wire, message = READ[case]
    assert read_message(wire) == message
    assert same(write_message(message), wire)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (WEBP, "image/webp"),
        ("UklGRiQAAABXQVZF", "application/octet-stream"),
        ("AAAA", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(content: str, media_type: str) -> None:
    assert read_images([content]) == [Media("image", f"data:{media_type};base64,{content}")]


def test_a_picture_by_url_stays_one() -> None:
    assert read_images(["https://a.b/c.png"]) == [Media("image", "https://a.b/c.png")]


@pytest.mark.parametrize("value", [1, "x", None, [{"role": "user"}]])
def test_what_is_no_message_is_an_error(value: Any) -> None:
    with pytest.raises(BodyError, match="a message is an object"):
        read_message(value)


def test_what_the_model_said_in_a_row_is_one_message() -> None:
    parts: list[Any] = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "thinking": "hm", "content": ""},
        {"role": "assistant", "content": "Let me look."},
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {}}}]},
        {"role": "tool", "content": "1"},
        {"role": "assistant", "content": "One."},
    ]  # fmt: skip
    turn = Message("assistant", "Let me look.", (Reasoning("hm", "thinking"), Call("f", "", "{}")))
    user, said, _, last = read_messages(parts)
    assert (user.body, said, last.body) == ("Hi", turn, "One.")


def test_two_texts_in_a_row_are_not_one_text() -> None:
    said = [{"role": "assistant", "content": text} for text in "ab"]
    (message,) = read_messages(said)
    assert message == Message("assistant", None, (Text("a"), Text("b")))
    assert canonical_message(message) != canonical_message(Message("assistant", "ab"))


def test_no_field_is_lost_when_messages_are_joined() -> None:
    said: list[Any] = [{"role": "assistant", "content": "a", "x": at} for at in (1, 2)]
    assert [message.fields for message in read_messages(said)] == [{"x": 1}, {"x": 2}]


@pytest.mark.parametrize(
    ("arguments", "written"),
    [("", {}), ('{"a": 1.50}', {"a": 1.5}), ("[1]", {"input": [1]}), ("Paris", {"input": "Paris"})],
)
def test_arguments_are_an_object(arguments: str, written: Any) -> None:
    message = write_message(Message("assistant", None, (Call("f", "", arguments),)))
    assert message["tool_calls"] == [{"function": {"name": "f", "arguments": written}}]


def test_a_refusal_is_a_text() -> None:
    assert content_of(Message("assistant", None, (Refusal("No."),))) == "No."
    assert content_of(Message("assistant", None)) is None


def test_pictures_stand_after_the_text() -> None:
    picture = Media("image", "https://a.b/c.png")
    assert with_images(Message("user", "x"), []) == Message("user", "x")
    assert with_images(Message("user", "x"), [picture]).parts == (Text("x"), picture)
    assert with_images(Message("user", ""), [picture]) == Message("user", None, (picture,))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip
functions = st.dictionaries(st.sampled_from(["name", "arguments", "index"]), values)
wild_calls = st.fixed_dictionaries({"function": functions}, optional={"id": values, "x": values})
wild = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(["system", "user", "assistant", "tool", "control"]),
        "content": st.text() | values,
        "thinking": st.text() | values,
        "images": values | st.lists(st.sampled_from([PNG, JPEG, "data:x,y", "a:b", ""])),
        "tool_calls": values | st.lists(wild_calls),
        "tool_name": values,
    },
)


@given(wild)
def test_any_message_comes_back(wire: dict[str, Any]) -> None:
    assert same(write_message(read_message(wire)), wire)
