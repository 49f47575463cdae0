"""Fixtures of aimock that are written come back by import, as far as aimock can say it."""

import json
from typing import Any

from exported import CALLED
from exported import record

from rechat.convert import Conversation
from rechat.convert import Record
from rechat.convert import Source
from rechat.convert import read
from rechat.convert.exports import aimock
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import ErrorAnswer
from rechat.values import Given
from rechat.values import Message
from rechat.values import Reasoning
from rechat.values import Reply


def fixtures(*records: Record) -> list[Any]:
    written: list[Any] = json.loads(aimock.write(records))["fixtures"]
    return written


def test_a_question_is_matched_by_its_words_its_turn_and_its_model() -> None:
    [first, second] = fixtures(record(), record(*CALLED))
    assert first == {
        "match": {
            "userMessage": "What is the capital of France?",
            "turnIndex": 0,
            "hasToolResult": False,
            "model": "gpt-5",
        },
        "response": {"content": "Paris"},
    }
    assert second["match"] == {
        "userMessage": "Sun?",
        "turnIndex": 1,
        "hasToolResult": True,
        "model": "gpt-5",
    }


def test_answers_are_told_with_calls_reasoning_and_errors() -> None:
    parts = (Reasoning("Hm."), Call("f", "c1", '{"a":1}'), Call("g", "", "no JSON"))
    called = Answer((Choice(Message("assistant", "So", parts)),))
    slow = ErrorAnswer(429, {"error": {"message": "slow"}})
    told = [one["response"] for one in fixtures(record(answer=called), record(answer=slow))]
    assert told == [
        {
            "content": "So",
            "toolCalls": [
                {"id": "c1", "name": "f", "arguments": {"a": 1}},
                {"name": "g", "arguments": "no JSON"},
            ],
            "reasoning": "Hm.",
        },
        {"error": {"message": "slow"}, "status": 429},
    ]


def test_a_conversation_with_a_call_comes_back() -> None:
    call = Answer((Choice(Message("assistant", None, (Call("look", "c1", '{"at":1}'),))),))
    text = aimock.write([record(*CALLED[:2], answer=call), record(*CALLED)])
    [found] = read([Source("f.json", text.encode())])
    assert isinstance(found, Conversation)
    assert [type(entry) for entry in found.section.entries] == [Given, Reply, Given, Reply]
    assert found.section.settings == {"model": "gpt-5"}
