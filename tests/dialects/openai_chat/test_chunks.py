"""Chat Completions, taken apart into chunks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.openai_chat.chunks import chunks_of
from rechat.dialects.openai_chat.messages import read_message
from rechat.dialects.openai_chat.stream import assemble
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.jsontext import same

THOUGHT = {"type": "thinking", "thinking": "a plain text"}
REFERENCE = {"type": "reference", "reference_ids": [1]}


def text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": said}


def streamed(message: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    """The choices of the chunks that stream a message."""
    answer = Answer((Choice(read_message({"role": "assistant"} | message), fields),))
    chunks = chunks_of(answer, {"id": "1"}, include_usage=False)
    return [chunk["choices"][0] for chunk in chunks]


def deltas(message: dict[str, Any], name: str) -> list[Any]:
    """What the deltas say of a field."""
    said = [choice["delta"].get(name) for choice in streamed(message)]
    return [value for value in said if value not in (None, "")]


texts = st.text(max_size=30)
messages = st.builds(
    Message,
    st.just("assistant"),
    st.none() | texts,
    st.lists(
        st.builds(
            Call,
            st.sampled_from(["f", "g"]),
            st.uuids().map(str),
            texts,
            st.sampled_from(["function", "custom"]),
        )
        | st.builds(Refusal, texts.filter(bool)),
        max_size=3,
    ).map(lambda parts: tuple(sorted(parts, key=lambda part: isinstance(part, Call)))),
)
endings = st.fixed_dictionaries({"finish_reason": st.sampled_from(["stop", "length"])})
envelopes = st.fixed_dictionaries(
    {"id": st.just("1"), "model": st.just("m"), "object": st.just("chat.completion.chunk")},
    optional={"usage": st.just({"total_tokens": 1}), "timings": st.just({"ms": 1.5}), "x": texts},
)


@given(
    st.lists(st.builds(Choice, messages, endings), min_size=1, max_size=3), envelopes, st.booleans()
)
def test_taken_apart_and_put_together_an_answer_is_the_same(
    choices: list[Choice], envelope: dict[str, Any], include_usage: bool
) -> None:
    chosen = []
    for choice in choices:
        refusals = choice.message.parts_of(Refusal)
        calls = choice.message.parts_of(Call)
        chosen.append(
            Choice(
                Message("assistant", choice.message.body, (*refusals[:1], *calls)), choice.fields
            )
        )
    answer = Answer(tuple(chosen), envelope)
    once = assemble(chunks_of(answer, envelope, include_usage=include_usage))
    for choice, written in zip(chosen, once["choices"], strict=True):
        assert written["message"]["content"] == choice.message.body
        ids = [call["id"] for call in written["message"].get("tool_calls", [])]
        assert ids == [call.id for call in choice.message.parts_of(Call)]
        assert written["finish_reason"] == choice.fields["finish_reason"]
    assert same(once.get("usage"), envelope.get("usage"))
    assert same(once.get("timings"), envelope.get("timings"))


def test_reasoning_comes_before_the_text() -> None:
    said = Message("assistant", "four", (Reasoning("two and two"),))
    answer = Answer((Choice(said, {"finish_reason": "stop"}),))
    deltas = [c["choices"][0]["delta"] for c in chunks_of(answer, {}, include_usage=False)]
    kinds = [next(iter(delta), "") for delta in deltas]
    assert kinds.index("reasoning_content") < kinds.index("content", 1)


def test_what_surrounds_the_choices_comes_with_the_first_and_the_last_chunk() -> None:
    answer = Answer((Choice(Message("assistant", "one two")),))
    envelope = {"id": "1", "citations": ["a"], "verbose": {"content": "x"}}
    chunks = list(chunks_of(answer, envelope, include_usage=False))
    assert [chunk.get("citations") for chunk in chunks] == [["a"], None, None, ["a"]]
    assert [chunk.get("verbose") for chunk in chunks[:-1]] == [None] * 3  # it would be "xx"
    assert assemble(chunks)["verbose"] == {"content": "x"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([text("See "), REFERENCE, text(".")], ["See", " ", [REFERENCE], "."]),
        ([THOUGHT, text("Yes.")], [[THOUGHT], "Yes", "."]),
        ([text("a"), text("b")], [[text("a"), text("b")]]),
        ([text(""), REFERENCE], [[text("")], [REFERENCE]]),
    ],
)
def test_a_text_among_other_parts_is_streamed_as_a_text(
    content: list[Any], expected: list[Any]
) -> None:
    assert deltas({"content": content}, "content") == expected


def test_what_is_said_of_a_piece_comes_with_it() -> None:
    message = {"content": "a b", "token_id": [1, 2, 3, 4]}
    assert deltas(message, "token_id") == [1, 2, 3, 4]
    cited = {"content": "a", "extra": {"citation": [{"at": 1}, {"at": 2}]}}
    assert deltas(cited, "extra") == [{"citation": {"at": 1}}, {"citation": {"at": 2}}]


def test_a_text_beside_the_delta_comes_in_pieces() -> None:
    twice = streamed({"content": "a b"}, text="a b")
    assert [choice.get("text") for choice in twice if choice["delta"].get("content")] == ["a", " b"]
    alone = streamed({"content": None}, text="a b")
    assert [choice["text"] for choice in alone if "text" in choice] == ["a", " b", ""]
