"""Thoughts in the content of a message, read, written, and streamed."""

from typing import Any

import pytest

from rechat.dialects.openai_chat.chunks import chunks_of
from rechat.dialects.openai_chat.messages import read_message
from rechat.dialects.openai_chat.messages import write_message
from rechat.dialects.openai_chat.stream import assemble
from rechat.dialects.openai_chat.thinking import NAME
from rechat.dialects.openai_chat.thinking import joined
from rechat.dialects.openai_chat.thinking import read_thought
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Text
from rechat.values.jsontext import Json


def thought(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "thinking", "thinking": [{"type": "text", "text": text}], **more}


def text(said: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": said, **more}


REFERENCE = {"type": "reference", "reference_ids": [1]}

MESSAGES: list[tuple[list[Any], Message]] = [
    (
        [thought("Hm, so."), text("Four.")],
        Message("assistant", "Four.", (Reasoning("Hm, so.", NAME),)),
    ),
    (
        [thought("Hm.", closed=True), thought("So."), text("Four.")],
        Message(
            "assistant",
            "Four.",
            (Reasoning("Hm.", NAME, {"closed": True}), Reasoning("So.", NAME)),
        ),
    ),
    ([thought("Hm.")], Message("assistant", None, (Reasoning("Hm.", NAME),))),
    ([thought(""), text("Four.")], Message("assistant", "Four.", (Reasoning("", NAME),))),
    (
        [thought("Hm."), text("")],
        Message("assistant", None, (Reasoning("Hm.", NAME), Text(""))),
    ),
    (
        [thought("Hm."), text("Four.", index=1)],
        Message("assistant", None, (Reasoning("Hm.", NAME), Text("Four.", {"index": 1}))),
    ),
    (
        [text("Well."), thought("Hm."), text("Four.")],
        Message("assistant", None, (Text("Well."), Reasoning("Hm.", NAME), Text("Four."))),
    ),
    (
        [thought("Hm."), text("See"), REFERENCE],
        Message("assistant", None, (Reasoning("Hm.", NAME), Text("See"), Opaque(REFERENCE))),
    ),
]


@pytest.mark.parametrize(("content", "message"), MESSAGES)
def test_thoughts_are_read_and_the_text_after_them_is_the_body(
    content: list[Any], message: Message
) -> None:
    value: dict[str, Any] = {"role": "assistant", "content": content}
    assert read_message(value) == message
    assert write_message(message) == value


@pytest.mark.parametrize(("content", "message"), MESSAGES)
def test_streamed_and_put_together_they_are_the_same(content: list[Any], message: Message) -> None:
    """Neighbouring thoughts are one then."""
    chunks = chunks_of(Answer((Choice(message),)), {"id": "1"}, include_usage=False)
    (choice,) = assemble(chunks)["choices"]
    assert choice["message"]["content"] == joined(content)


def test_they_come_in_pieces_and_before_the_text() -> None:
    message = MESSAGES[0][1]
    chunks = list(chunks_of(Answer((Choice(message),)), {"id": "1"}, include_usage=False))
    deltas = [chunk["choices"][0]["delta"].get("content") for chunk in chunks]
    kinds = [type(delta) for delta in deltas if delta]
    assert deltas[0] == ""
    assert kinds == sorted(kinds, key=lambda kind: kind is str)
    assert kinds.count(list) > 1
    assert kinds.count(str) > 1


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        ([thought("a"), thought("b", closed=True)], [thought("ab", closed=True)]),
        ([text("a"), text("b")], [text("ab")]),
        ([text("a"), text("b", x=1), text("c")], [text("a"), text("b", x=1), text("c")]),
        ([thought("a"), REFERENCE, thought("b")], [thought("a"), REFERENCE, thought("b")]),
        ([thought("a"), text("b"), thought("c")], [thought("a"), text("b"), thought("c")]),
        ([1, None, text("a")], [1, None, text("a")]),
        ([], []),
    ],
)
def test_neighbours_of_one_kind_are_one(pieces: list[Json], whole: list[Json]) -> None:
    assert joined(pieces) == whole


@pytest.mark.parametrize(
    "value",
    [
        None,
        text("a"),
        {"type": "thinking", "thinking": "a"},
        {"type": "thinking", "thinking": []},
        {"type": "thinking", "thinking": [text("a", x=1)]},
        {"type": "thinking", "thinking": [text("a"), REFERENCE]},
    ],
)
def test_another_part_is_no_thought(value: Json) -> None:
    assert read_thought(value) is None
