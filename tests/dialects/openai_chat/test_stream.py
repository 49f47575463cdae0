"""Streams of Chat Completions: put together, and taken apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.openai_chat.stream import assemble
from rechat.dialects.openai_chat.stream import chunks_of
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.jsontext import same


def chunk(delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "1", "choices": [{"index": 0, "delta": delta, **more}]}


def message(*deltas: dict[str, Any]) -> dict[str, Any]:
    """The message that deltas add up to."""
    whole = assemble(map(chunk, deltas))
    found: dict[str, Any] = whole["choices"][0]["message"]
    return found


MESSAGES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "texts are joined": ([{"content": "a"}, {"content": "b"}], {"content": "ab"}),
    "null adds nothing": ([{"content": "a"}, {"content": None}], {"content": "a"}),
    "empty stays empty": ([{"content": ""}], {"content": ""}),
    "no text is null": ([{"role": "assistant"}], {"content": None}),
    "reasoning is joined": (
        [{"reasoning": "a"}, {"reasoning": "b"}],
        {"content": None, "reasoning": "ab"},
    ),
    "a repeated word stays one": (
        [{"channel": "analysis"}, {"channel": "analysis"}],
        {"content": None, "channel": "analysis"},
    ),
    "an empty refusal is none": ([{"refusal": ""}], {"content": None}),
    "calls are joined by index": (
        [
            {"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "f", "arguments": ""}}]},
            {"tool_calls": [{"index": 1, "id": "c2", "function": {"name": "g", "arguments": "{"}}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]},
            {"tool_calls": [{"index": 1, "function": {"arguments": "}"}}]},
        ],
        {
            "content": None,
            "tool_calls": [
                {"id": "c1", "function": {"name": "f", "arguments": "{}"}},
                {"id": "c2", "function": {"name": "g", "arguments": "{}"}},
            ],
        },
    ),
    "calls without an index are told apart by id": (
        [
            {"tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": "{}"}}]},
            {"tool_calls": [{"id": "c2", "function": {"name": "f", "arguments": "[]"}}]},
        ],
        {
            "content": None,
            "tool_calls": [
                {"id": "c1", "function": {"name": "f", "arguments": "{}"}},
                {"id": "c2", "function": {"name": "f", "arguments": "[]"}},
            ],
        },
    ),
    "a repeated name stays one": (
        [
            {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": "{"}}]},
            {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": "}"}}]},
        ],
        {
            "content": None,
            "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}}],
        },
    ),
    "calls that are all numbered 0 are told apart by a new id and name": (
        [
            {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": "}"}}]},
            {"tool_calls": [{"index": 0, "id": "b", "function": {"name": "g", "arguments": ""}}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": "[]"}}]},
        ],
        {
            "content": None,
            "tool_calls": [
                {"id": "a", "function": {"name": "f", "arguments": "{}"}},
                {"id": "b", "function": {"name": "g", "arguments": "[]"}},
            ],
        },
    ),
    "an id that changes by itself is the same call": (
        [
            {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}]},
            {"tool_calls": [{"index": 0, "id": "b", "function": {"arguments": "}"}}]},
        ],
        {
            "content": None,
            "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": "{}"}}],
        },
    ),
    "calls without id and index begin with a name": (
        [
            {
                "tool_calls": [
                    {"function": {"name": "f", "arguments": "{}"}},
                    {"function": {"name": "g", "arguments": ""}},
                ]
            },
            {"tool_calls": [{"function": {"arguments": "[]"}}]},
        ],
        {
            "content": None,
            "tool_calls": [
                {"function": {"name": "f", "arguments": "{}"}},
                {"function": {"name": "g", "arguments": "[]"}},
            ],
        },
    ),
    "a name comes in pieces": (
        [
            {
                "tool_calls": [
                    {"index": 0, "id": "c", "function": {"name": "get_", "arguments": ""}}
                ]
            },
            {"tool_calls": [{"index": 0, "function": {"name": "weather"}}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]},
        ],
        {
            "content": None,
            "tool_calls": [{"id": "c", "function": {"name": "get_weather", "arguments": "{}"}}],
        },
    ),
    "an older call of a function is joined": (
        [
            {"function_call": {"name": "get_", "arguments": ""}},
            {"function_call": {"name": "weather"}},
            {"function_call": {"arguments": "{}"}},
        ],
        {"content": None, "function_call": {"name": "get_weather", "arguments": "{}"}},
    ),
    "a model that thinks in a list and speaks in a text keeps both": (
        [
            {"content": ""},
            {"content": [{"type": "thinking", "thinking": "hm"}]},
            {"content": "It is "},
            {"content": "four."},
        ],
        {
            "content": [
                {"type": "thinking", "thinking": "hm"},
                {"type": "text", "text": "It is four."},
            ]
        },
    ),
    "neighbouring reasoning details are one": (
        [
            {"reasoning_details": [{"type": "text", "index": 0, "text": "a"}]},
            {"reasoning_details": [{"type": "text", "index": 0, "text": "b", "signature": "s"}]},
            {"reasoning_details": [{"type": "summary", "index": 1, "summary": "c"}]},
        ],
        {
            "content": None,
            "reasoning_details": [
                {"type": "text", "index": 0, "text": "ab", "signature": "s"},
                {"type": "summary", "index": 1, "summary": "c"},
            ],
        },
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_a_message_is_put_together(case: str) -> None:
    deltas, expected = MESSAGES[case]
    assert message(*deltas) == {"role": "assistant", **expected}


def test_the_first_id_that_says_something_stays_and_padding_is_dropped() -> None:
    chunks = [
        {"id": "", "choices": [], "prompt_filter_results": [1]},
        {"id": "a", "obfuscation": "xyz", "choices": chunk({"content": "x"})["choices"]},
        {"id": "b", "choices": [], "usage": {"total_tokens": 3}},
    ]
    whole = assemble(chunks)
    assert (whole["id"], whole["usage"], whole["prompt_filter_results"]) == (
        "a",
        {"total_tokens": 3},
        [1],
    )
    assert "obfuscation" not in whole


def test_a_reason_to_stop_stays_when_nothing_is_said_after_it() -> None:
    deltas = [chunk({"content": "a"}, finish_reason="stop"), chunk({}, finish_reason="")]
    assert assemble(deltas)["choices"][0]["finish_reason"] == "stop"


def test_a_message_beside_the_deltas_is_not_said_twice() -> None:
    said = [("It is", "It is"), (" four", "It is four")]
    deltas = [chunk({"content": new}, message={"content": whole}) for new, whole in said]
    assert assemble(deltas)["choices"][0] == {
        "index": 0,
        "message": {"role": "assistant", "content": "It is four"},
    }


def test_a_message_without_deltas_is_the_answer() -> None:
    whole = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "four"}}]}
    assert assemble([whole]) == whole


def test_log_probabilities_are_joined() -> None:
    parts = [chunk({"content": c}, logprobs={"content": [{"token": c}]}) for c in "ab"]
    whole = assemble(parts)
    assert whole["choices"][0]["logprobs"] == {"content": [{"token": "a"}, {"token": "b"}]}


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
