"""Vectors between APIs: as they came, in the spelling that is asked for, or made of the text."""

import math
from typing import Any

import pytest

from rechat.dialects.shared import vectors
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.jsontext import Json

MADE_UP = Answer((Choice(Message("embedding", None, (), {"from": "hash"})),))
WRITTEN = Choice(Message("embedding", None, (), {"content": [1, 2]}))


def asked(*texts: str, **settings: Json) -> Request:
    return Request(settings, tuple(Message("input", text) for text in texts))


@pytest.mark.parametrize("value", ["text", [1, 2], [{"parts": []}]])
def test_an_input_comes_back_as_it_was(value: Json) -> None:
    assert vectors.value_of(vectors.input_of(value)) == value


@pytest.mark.parametrize("vector", [[0.5, -1], "AAAAPwAAgL8="])
def test_a_vector_comes_back_as_it_was(vector: Json) -> None:
    choice = vectors.read_vector(vector, {"a": 1})
    assert choice
    assert (vectors.recorded_vector(choice), choice.fields) == (vector, {"a": 1})
    assert vectors.as_numbers(vector) == [0.5, -1]
    assert vectors.as_base64(vector) == "AAAAPwAAgL8="


def test_what_is_no_vector_is_none() -> None:
    assert vectors.read_vector({"a": 1}, {}) is None
    assert vectors.read_vector("no base64", {}) is None
    assert vectors.read_vector("", {}) is None
    assert vectors.recorded_vector(WRITTEN) == [1, 2]


def test_vectors_are_made_of_each_text_and_of_nothing_else() -> None:
    found: list[Any] = [v for _, v in vectors.vectors_for(MADE_UP, asked("a", "b", dimensions=4))]
    assert [len(vector) for vector in found] == [4, 4]
    assert found[0] != found[1]
    assert math.hypot(*found[0]) == pytest.approx(1)
    again: Any = [v for _, v in vectors.vectors_for(MADE_UP, asked("b", model="x", dimensions=4))]
    assert again == found[1:]


def test_the_number_of_dimensions_is_that_of_the_model() -> None:
    (_, usual), *_ = vectors.vectors_for(MADE_UP, asked("a"))
    (_, large), *_ = vectors.vectors_for(MADE_UP, asked("a", model="text-embedding-3-large"))
    assert (len(usual), len(large)) == (1536, 3072)  # type: ignore[arg-type]


def test_written_vectors_are_not_repeated_for_more_inputs() -> None:
    found = [v for _, v in vectors.vectors_for(Answer((WRITTEN,)), asked("a", "b"))]
    assert found == [[1, 2]]
