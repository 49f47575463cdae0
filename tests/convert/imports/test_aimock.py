"""Fixtures of aimock."""

import json
from typing import Any

import pytest

from rechat.convert import Conversation
from rechat.convert import Left
from rechat.convert import Source
from rechat.convert import read
from rechat.values import Answer
from rechat.values import Call
from rechat.values import ErrorAnswer
from rechat.values import Given
from rechat.values import Reply


def found(*fixtures: Any) -> list[Any]:
    document = json.dumps({"fixtures": [*fixtures]}).encode()
    return [*read([Source("f.json", document)])]


def fixture(match: Any, response: Any, **more: Any) -> Any:
    return {"match": match, "response": response, **more}


CALLS = {"toolCalls": [{"name": "get_weather", "arguments": {"city": "Oslo"}}]}
SUN = {"content": "Sunny."}


def entries(one: Any) -> list[Any]:
    assert isinstance(one, Conversation)
    return [*one.section.entries]


def test_a_text_that_is_contained_becomes_a_pattern() -> None:
    [one] = found(fixture({"userMessage": "hello", "model": "gpt-5"}, {"content": "Hi!"}))
    asked, said = entries(one)
    assert (asked.pattern, asked.message.body) == ("like", "...\n[..]hello[..]\n...")
    assert said.answer.choices[0].message.body == "Hi!"
    assert one.section.settings == {"model": "gpt-5"}
    assert one.place == "f.json#1"


def test_without_a_text_any_question_is_answered() -> None:
    [one] = found(fixture({}, {"content": {"a": 1}}))
    asked, said = entries(one)
    assert asked.pattern == "any"
    assert said.answer.choices[0].message.body == '{"a":1}'


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"userMessage": "w"}, {"toolCallId": "c1"}),
        ({"userMessage": "w", "hasToolResult": False}, {"userMessage": "w", "hasToolResult": True}),
        ({"userMessage": "w", "turnIndex": 0}, {"userMessage": "w", "turnIndex": 1}),
    ],
)
def test_what_follows_a_call_is_the_next_turn(first: Any, second: Any) -> None:
    [one] = found(fixture(first, CALLS), fixture(second, SUN))
    kinds = [(type(entry), getattr(entry, "pattern", "")) for entry in entries(one)]
    assert kinds == [(Given, "like"), (Reply, ""), (Given, "any"), (Reply, "")]
    [call] = entries(one)[1].answer.choices[0].message.parts_of(Call)
    assert (call.name, call.arguments) == ("get_weather", '{"city":"Oslo"}')
    assert call.id == ("c1" if "toolCallId" in second else "")


def test_one_that_is_met_again_is_another_take() -> None:
    match = {"userMessage": "status"}
    [one] = found(
        fixture({**match, "sequenceIndex": 0}, {"content": "a"}),
        fixture({**match, "sequenceIndex": 1}, {"content": "b"}),
    )
    assert [entry.take for entry in entries(one)[1:]] == [1, 2]


def shape(one: Any) -> list[str]:
    """The roles of a conversation, with what a pattern or a take adds."""
    return [
        f"assistant {entry.take}"
        if isinstance(entry, Reply)
        else f"{entry.message.role} {entry.pattern}"
        for entry in entries(one)
    ]


def test_an_agent_that_asks_again_with_the_result_gets_the_next_answer() -> None:
    match = {"userMessage": "trip"}
    answers = [CALLS, {"toolCalls": [{"name": "book"}, {"name": "pay"}]}, SUN]
    [one] = found(*(fixture({**match, "sequenceIndex": n}, said) for n, said in enumerate(answers)))
    again = ["assistant 2", "assistant 3"]
    first = ["tool any", "assistant 1"]
    second = ["tool any", "tool any", "assistant 1"]
    assert shape(one) == ["user like", "assistant 1", *again, *first, *second]


def test_after_an_answer_without_a_call_only_the_question_is_asked_again() -> None:
    match = {"userMessage": "trip"}
    answers = [SUN, CALLS, {"content": "Booked."}, {"content": "Bye."}]
    [one] = found(*(fixture({**match, "sequenceIndex": n}, said) for n, said in enumerate(answers)))
    takes = [f"assistant {number}" for number in range(1, 5)]
    assert shape(one) == ["user like", *takes, "tool any", "assistant 1"]
    assert entries(one)[-1].answer == entries(one)[3].answer


def test_a_later_turn_comes_after_any_messages() -> None:
    first, second, third = found(
        fixture({"userMessage": "trip", "turnIndex": 0}, SUN),
        fixture({"userMessage": "trip", "turnIndex": 1}, CALLS),
        fixture({"userMessage": "Bye", "turnIndex": 2}, SUN),
        fixture({"userMessage": "trip", "turnIndex": 2, "hasToolResult": True}, SUN),
    )
    one = ["user any", "assistant any"]
    assert shape(first) == ["user like", "assistant 1"]
    assert shape(second) == [*one, "user like", "assistant 1", "tool any", "assistant 1"]
    assert shape(third) == [*one, *one, "user like", "assistant 1"]


def test_a_turn_after_calls_has_their_results_before_it() -> None:
    _, last = found(
        fixture({"systemMessage": "s", "userMessage": "trip"}, CALLS),
        fixture({"systemMessage": "s", "userMessage": "trip", "hasToolResult": True}, SUN),
        fixture({"systemMessage": "s", "userMessage": "Bye", "turnIndex": 2}, SUN),
    )
    before = ["user any", "assistant any", "tool any", "assistant any"]
    assert shape(last) == ["system like", *before, "user like", "assistant 1"]


def test_an_error_is_an_answer() -> None:
    error = {"message": "Rate limited", "type": "rate_limit_error"}
    [one] = found(fixture({"userMessage": "a"}, {"error": error, "status": 429}))
    answer = entries(one)[1].answer
    assert answer == ErrorAnswer(429, {"error": error})


@pytest.mark.parametrize("endpoint", [{"endpoint": "embedding"}, {}])
def test_an_embedding_is_one_though_the_fixture_names_no_endpoint(endpoint: Any) -> None:
    match = {"inputText": "gravity"} | endpoint
    [one] = found(fixture(match, {"embedding": [0.5, 0.25]}))
    asked, said = entries(one)
    assert (asked.pattern, asked.message.role) == ("like", "input")
    assert said.answer.choices[0].message.fields == {"content": [0.5, 0.25]}


def test_blocks_keep_their_order() -> None:
    blocks = [{"type": "toolCall", "name": "f", "arguments": "{}"}, {"type": "text", "text": "x"}]
    [one] = found(fixture({"userMessage": "a"}, {"blocks": blocks, "content": "ignored"}))
    answer = entries(one)[1].answer
    assert isinstance(answer, Answer)
    assert [type(part).__name__ for part in answer.choices[0].message.parts] == ["Call", "Text"]


@pytest.mark.parametrize(
    ("match", "response", "reason"),
    [
        ({"toolName": "f"}, CALLS, "offer the tool f among others"),
        ({"inputText": "a", "endpoint": "embedding"}, SUN, "for the endpoint embedding"),
        ({"userMessage": "a", "endpoint": "chat"}, {"embedding": [1]}, "for the endpoint chat"),
        ({"userMessage": "a", "endpoint": "image"}, SUN, "endpoint image"),
        ({"userMessage": "a"}, {"image": {"url": "x"}}, "image, which is no message"),
        ({"userMessage": "a [..] b"}, SUN, "wild card"),
        ({"userMessage": "a", "responseFormat": "json_schema"}, SUN, "whose schema"),
        ({"systemMessage": ["a", "b"]}, SUN, "several texts"),
        ({"toolCallId": "c9"}, SUN, "which no fixture makes"),
        ({"userMessage": "a", "hasToolResult": True}, SUN, "no fixture begins"),
        ({"userMessage": "zzz", "hasToolResult": True}, SUN, "is not given"),
        ({"userMessage": "a", "sequenceIndex": 1}, SUN, "no fixture begins"),
        ({"userMessage": "a", "toolResultContains": "x"}, SUN, "toolResultContains"),
        ({"userMessage": "a"}, {"error": {}, "status": 200}, "status 200"),
        ({"userMessage": "a"}, {"toolCalls": [{"arguments": {}}]}, "without a name"),
        ({"userMessage": "a"}, {"blocks": [{"type": "x"}]}, "neither text nor a call"),
    ],
)
def test_what_no_transcript_says_is_left(match: Any, response: Any, reason: str) -> None:
    [left] = found(fixture({"userMessage": "zzz"}, SUN), fixture(match, response))[:1]
    assert isinstance(left, Left)
    assert reason in left.reason


def test_the_first_of_two_that_match_the_same_is_the_one_that_is_met() -> None:
    match = {"userMessage": "a", "model": "m"}
    again = {"model": "m", "userMessage": "a"}
    _, left = sorted(found(fixture(match, SUN), fixture(again, CALLS)), key=lambda one: one.place)
    assert left == Left("f.json#2", "is never met: f.json#1 matches the same and comes first")


def test_what_is_not_kept_of_an_answer_is_told() -> None:
    told = found(fixture({"userMessage": "a"}, {**SUN, "usage": {}}, latency=5))
    assert told[0] == Left("f.json#1", "answers, but without its latency, usage")
    assert isinstance(told[1], Conversation)
