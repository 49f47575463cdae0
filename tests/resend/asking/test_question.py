import json
from dataclasses import replace

from asking import CAPITAL
from asking import questions

from rechat.resend.asking.question import Asked
from rechat.resend.asking.question import ask_in
from rechat.resend.asking.question import outgoing
from rechat.resend.questions.question import Unasked
from rechat.resend.target import parse_target
from rechat.values.conversation import Message
from rechat.values.conversation import Request


def test_a_question_is_streamed_with_the_model_of_the_target() -> None:
    target = parse_target("http://localhost:1/v1:large")
    asked = ask_in(questions()[0], target)
    assert isinstance(asked, Asked)
    sent = outgoing(asked, target, "secret")
    head, _, body = sent.data.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost:1\r\n")
    assert b"authorization: Bearer secret" in head
    assert json.loads(body) == {
        "model": "large",
        "messages": [{"role": "user", "content": "What is the capital of France?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert (sent.scheme, sent.host, sent.port) == ("http", "localhost", 1)


def test_the_recorded_model_is_asked_if_no_other_is_named() -> None:
    asked = ask_in(questions()[0], parse_target("http://localhost"))
    assert isinstance(asked, Asked)
    assert asked.request.model == "small"


def test_without_any_model_nothing_can_be_asked() -> None:
    (question, _) = questions(CAPITAL.replace("model: small", "seed: 1"))
    found = ask_in(question, parse_target("http://localhost"))
    assert isinstance(found, Unasked)
    assert "--to URL:MODEL" in found.reason


IN_ANTHROPIC = Request(
    {
        "model": "small",
        "max_tokens": 9,
        "tools": [{"name": "look", "input_schema": {"type": "object"}}],
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
        "output_config": {"effort": "low", "odd": 1},
    },
    (Message("user", "Look."),),
    api="anthropic.messages",
)


def test_what_an_api_says_in_its_own_words_is_said_in_those_of_the_target() -> None:
    question = replace(questions()[0], request=IN_ANTHROPIC)
    asked = ask_in(question, parse_target("http://a:m,api=chat"))
    assert isinstance(asked, Asked)
    settings = asked.request.settings
    assert (settings["tool_choice"], settings["parallel_tool_calls"]) == ("required", False)
    assert settings["reasoning_effort"] == "low"
    assert asked.unsaid == ("output_config.odd",)
    own = ask_in(question, parse_target("http://a:m,api=anthropic"))
    assert isinstance(own, Asked)
    assert own.request.settings == question.request.settings | {"model": "m"}
