"""What surrounds a conversation in Ollama's APIs."""

from typing import Any

import pytest

from rechat.dialects.ollama.envelope import common_of
from rechat.dialects.ollama.envelope import is_recorded
from rechat.dialects.ollama.envelope import read_answer
from rechat.dialects.ollama.envelope import settings_of
from rechat.dialects.ollama.envelope import write_answer
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.jsontext import JsonObject

ASKED = Request({"model": "llama3"}, (Message("user", "Hi there"),))
SAID: JsonObject = {"message": {"role": "assistant", "content": "Hello."}}


def written(answer: Answer) -> JsonObject:
    return write_answer(answer, SAID, ASKED)


def hand_written(fields: JsonObject, **ending: Any) -> Answer:
    return Answer((Choice(Message("assistant", "Hello."), ending),), fields)


def test_settings_are_all_that_became_no_message_and_says_something() -> None:
    asked = {"model": "m", "messages": [], "stream": False, "options": {}, "tools": [], "format": "", "keep_alive": 0, "think": False}  # fmt: skip
    assert settings_of(asked, "messages") == {"model": "m", "keep_alive": 0, "think": False}


@pytest.mark.parametrize(
    ("settings", "mapped"),
    [
        ({"options": {"temperature": 0, "top_p": 0.5, "num_ctx": 9}}, {"temperature": 0, "top_p": 0.5}),
        ({"options": {"num_predict": 7, "stop": ["."]}}, {"max_tokens": 7, "stop": ["."]}),
        ({"options": {"num_predict": -1}}, {}),
        ({"options": None}, {}),
        ({"format": "json"}, {"response_format": {"type": "json_object"}}),
        (
            {"format": {"type": "object"}},
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}},
        ),
        ({"think": "high"}, {"reasoning_effort": "high"}),
        ({"think": True}, {}),
        ({"tools": [{"type": "function"}]}, {}),
    ],
)  # fmt: skip
def test_settings_are_said_in_common_words_too(
    settings: dict[str, Any], mapped: dict[str, Any]
) -> None:
    assert common_of(settings) == settings | mapped


def test_a_recorded_answer_comes_back_with_nothing_added() -> None:
    body = {"model": "m", "created_at": "t", **SAID, "done": True, "done_reason": "load", "logprobs": []}  # fmt: skip
    answer = read_answer(body, Message("assistant", "Hello."), "message")
    assert is_recorded(answer)
    assert answer.choices[0].fields == {"finish_reason": "load", "logprobs": []}
    assert answer.fields == {"model": "m", "created_at": "t", "done": True}
    assert written(answer) == body
    assert list(written(answer))[:3] == ["model", "created_at", "message"]


def test_a_vendor_s_own_finish_reason_stays_where_it_was() -> None:
    body = {"done": True, "done_reason": "stop", "finish_reason": "eos", **SAID}
    assert written(read_answer(body, Message("assistant", "Hello."), "message")) == body


def test_a_hand_written_answer_gets_all_that_clients_read() -> None:
    answer = hand_written({})
    assert not is_recorded(answer)
    assert written(answer) == {
        "model": "llama3",
        "created_at": "1970-01-01T00:00:00Z",
        **SAID,
        "done": True,
        "done_reason": "stop",
        "total_duration": 50_000_000,
        "load_duration": 10_000_000,
        "prompt_eval_count": 2,
        "prompt_eval_duration": 20_000_000,
        "eval_count": 2,
        "eval_duration": 20_000_000,
    }


@pytest.mark.parametrize(
    ("reason", "native"),
    [("length", "length"), ("tool_calls", "stop"), ("content_filter", "stop"), ("load", "load")],
)
def test_a_reason_in_chat_s_words_is_ollama_s(reason: str, native: str) -> None:
    assert written(hand_written({}, finish_reason=reason))["done_reason"] == native


def test_what_a_person_wrote_counts() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 9}
    whole = written(hand_written({"usage": usage, "model": "mine", "x": 1, "id": "chatcmpl-1"}))
    assert (whole["prompt_eval_count"], whole["eval_count"]) == (7, 9)
    assert (whole["model"], whole["x"]) == ("mine", 1)
    assert not {"usage", "id"} & whole.keys()


def test_log_probabilities_of_chat_have_no_place() -> None:
    assert "logprobs" not in written(hand_written({}, logprobs={"content": []}))
    assert written(hand_written({}, logprobs=[]))["logprobs"] == []
