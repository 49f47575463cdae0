"""Anthropic's messages in the words of a transcript, and back."""

from typing import Any

import pytest

from rechat.dialects.anthropic.blocks import read_block
from rechat.dialects.anthropic.blocks import read_messages
from rechat.dialects.anthropic.blocks import read_system
from rechat.dialects.anthropic.blocks import write_block
from rechat.dialects.anthropic.blocks import write_content
from rechat.dialects.anthropic.blocks import write_messages
from rechat.values.conversation import Call
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Part
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.errors import BodyError
from rechat.values.jsontext import Json

PIXEL = "iVBORw0KGgo="
MARK = {"cache_control": {"type": "ephemeral"}}


def text(words: str, **more: Any) -> Any:
    return {"type": "text", "text": words, **more}


@pytest.mark.parametrize(
    ("value", "messages"),
    [
        (None, ()),
        ("", ()),
        ("Be brief.", (Message("system", "Be brief."),)),
        ([text("Be brief.")], (Message("system", "Be brief."),)),
        (
            [text("a", **MARK), text("b")],
            (Message("system", None, (Text("a", MARK), Text("b"))),),
        ),
    ],
)
def test_the_system_prompt_is_the_first_message(value: Json, messages: object) -> None:
    assert read_system(value) == messages


def test_results_are_messages_of_the_tool() -> None:
    turn = [
        {"type": "tool_result", "tool_use_id": "1", "content": "one", "is_error": False},
        {
            "type": "tool_result",
            "tool_use_id": "2",
            "is_error": True,
            "content": [
                text("two"),
                {
                    "type": "image",
                    "source": {"type": "base64", "media_type": "image/png", "data": PIXEL},
                },
            ],
        },
        text("And now?"),
    ]
    picture = Media("image", f"data:image/png;base64,{PIXEL}")
    assert read_messages([{"role": "user", "content": turn}]) == (
        Message("tool", "one", (), {"tool_call_id": "1"}),
        Message("tool", None, (Text("two"), picture), {"tool_call_id": "2", "is_error": True}),
        Message("user", "And now?"),
    )


def test_words_before_a_result_stay_before_it() -> None:
    turn = [text("Look:"), {"type": "tool_result", "tool_use_id": "1"}]
    roles = [message.role for message in read_messages([{"role": "user", "content": turn}])]
    assert roles == ["user", "tool"]


def test_turns_of_the_model_in_a_row_are_one_message() -> None:
    call = {"type": "tool_use", "id": "1", "name": "f", "input": {"a": 1}}
    assert read_messages(
        [{"role": "assistant", "content": "a"}, {"role": "assistant", "content": [call]}]
    ) == (Message("assistant", None, (Text("a"), Call("f", "1", '{"a":1}'))),)


def test_a_system_message_may_stand_in_the_conversation() -> None:
    assert read_messages([{"role": "system", "content": "Now."}]) == (Message("system", "Now."),)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("Hi", "no list of `messages`"),
        (["Hi"], "has a role and content"),
        ([{"role": "", "content": "Hi"}], "has a role and content"),
        ([{"role": "user", "content": 1}], "a text or a list"),
    ],
)
def test_what_is_no_conversation_is_an_error(value: Json, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        read_messages(value)


@pytest.mark.parametrize(
    ("block", "part"),
    [
        (text("a"), Text("a")),
        (text("a", citations=None), Text("a", {"citations": None})),
        (
            {"type": "thinking", "thinking": "Hm", "signature": "s"},
            Reasoning("Hm", "thinking", {"signature": "s"}),
        ),
        (
            {"type": "tool_use", "id": "1", "name": "f", "input": {}},
            Call("f", "1", "{}"),
        ),
        (
            {"type": "document", "source": {"type": "url", "url": "https://a.b/c"}, "title": "T"},
            Media("file", "https://a.b/c", {"title": "T"}),
        ),
        ({"type": "redacted_thinking", "data": "x"}, Opaque({"type": "redacted_thinking", "data": "x"})),
        ({"type": "text", "text": 1}, Opaque({"type": "text", "text": 1})),
        ("odd", Opaque("odd")),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "?"}},
            Opaque({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "?"}}),
        ),
    ],
)  # fmt: skip
def test_a_block_comes_back(block: Json, part: Part) -> None:
    assert read_block(block) == part
    assert write_block(part) == block


def test_hand_written_calls_get_an_id_and_an_object() -> None:
    parts = (Call("f", "", "{}"), Refusal("No."), Call("g", "", "not JSON"), Call("h", "x", ""))
    assert write_content(Message("assistant", "a", parts)) == [
        text("a"),
        {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}},
        text("No."),
        {"type": "tool_use", "id": "toolu_2", "name": "g", "input": {"input": "not JSON"}},
        {"type": "tool_use", "id": "x", "name": "h", "input": {}},
    ]


def test_a_conversation_is_written_as_the_api_takes_it() -> None:
    conversation = (
        Message("user", "Hi"),
        Message("assistant", None, (Call("f", "1", "{}"),)),
        Message("tool", "one", (), {"tool_call_id": "1"}),
        Message("user", "And now?"),
    )
    written = write_messages(conversation)
    assert [turn["role"] for turn in written] == ["user", "assistant", "user"]  # type: ignore[call-overload, index]
    assert read_messages(written) == conversation
