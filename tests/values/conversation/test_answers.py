"""What may come back, and what it says of itself."""

import pytest

from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.jsontext import JsonObject


def test_an_answer_with_an_id_was_recorded() -> None:
    choices = (Choice(Message("assistant", "Hi")),)
    assert Answer(choices, {"id": "1"}).is_recorded
    assert not Answer(choices, {"model": "m"}).is_recorded


@pytest.mark.parametrize(
    ("status", "is_lasting"), [(400, True), (404, True), (429, False), (503, False)]
)
def test_an_error_lasts_if_it_says_something_about_the_request(
    status: int, is_lasting: bool
) -> None:
    assert ErrorAnswer(status).is_lasting == is_lasting


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
