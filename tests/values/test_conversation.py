"""Values: equal by what they say, wherever it stood."""

import pytest

from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Given
from rechat.values.conversation import Message
from rechat.values.conversation import Refusal
from rechat.values.conversation import Reply
from rechat.values.conversation import Request
from rechat.values.conversation import Span
from rechat.values.conversation import Text
from rechat.values.conversation import history_of
from rechat.values.jsontext import JsonObject


def test_values_are_equal_wherever_they_stood() -> None:
    hello = Message("user", "Hello")
    assert Given(hello, line=3) == Given(hello, line=9)
    assert Reply(None, line=3, span=Span(1, 2)) == Reply(None, line=9, span=Span(5, 6))
    assert Reply(None, take=1) != Reply(None, take=2)


def test_the_text_of_a_message_is_its_body_and_text_parts() -> None:
    message = Message("assistant", "one", (Text("two"), Refusal("no"), Call("f", "c", "{}")))
    assert message.text == "one\ntwo"
    assert [call.name for call in message.parts_of(Call)] == ["f"]


def test_an_answer_with_an_id_was_recorded() -> None:
    choices = (Choice(Message("assistant", "Hi")),)
    assert Answer(choices, {"id": "1"}).is_recorded
    assert not Answer(choices, {"model": "m"}).is_recorded


def test_an_answer_leaves_its_choices_in_the_history_and_an_error_nothing() -> None:
    said = tuple(Choice(Message("assistant", text)) for text in ("a", "b"))
    assert [message.body for message in history_of(Reply(Answer(said)))] == ["a", "b"]
    assert history_of(Reply(ErrorAnswer(500))) == ()
    assert history_of(Reply(None)) == ()


def test_a_request_knows_its_model() -> None:
    assert Request({"model": "m"}, ()).model == "m"
    assert Request({"model": 7}, ()).model == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"usage": {"prompt_tokens": 3, "completion_tokens": 4}},
        {"usage": {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 1}},
        {"usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 4}},
        {"prompt_eval_count": 3, "eval_count": 4},
    ],
)
def test_tokens_are_found_in_every_apis_words(fields: JsonObject) -> None:
    assert Answer((), fields).tokens == (3, 4)


@pytest.mark.parametrize("fields", [{}, {"usage": None}, {"usage": {"prompt_tokens": 3}}])
def test_tokens_that_are_not_told_are_none(fields: JsonObject) -> None:
    assert Answer((), fields).tokens is None
