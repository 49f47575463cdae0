"""Both names of the API's fields."""

from typing import Any

import pytest

from rechat.dialects.gemini.spelling import camel_keys
from rechat.dialects.gemini.spelling import in_camel_case
from rechat.dialects.gemini.spelling import in_snake_case


@pytest.mark.parametrize(
    ("snake", "camel"),
    [
        ({"usage_metadata": {"prompt_token_count": 1}}, {"usageMetadata": {"promptTokenCount": 1}}),
        ({"parts": [{"inline_data": {}}, "a_b", None]}, {"parts": [{"inlineData": {}}, "a_b", None]}),
        ({"top_2_p": 1, "index": 0}, {"top_2P": 1, "index": 0}),
        ({"function_call": {"args": {"a_b": 1}}}, {"functionCall": {"args": {"a_b": 1}}}),
        ({"function_response": {"response": {"aB": 1}}}, {"functionResponse": {"response": {"aB": 1}}}),
        ({}, {}),
    ],
)  # fmt: skip
def test_all_keys_of_the_api_have_two_spellings(snake: Any, camel: Any) -> None:
    assert in_camel_case(snake) == camel
    assert in_camel_case(camel) == camel
    assert in_snake_case(camel) == snake


def test_the_keys_of_one_object_are_those_of_the_api() -> None:
    assert camel_keys({"a_b": {"c_d": 1}, "e": None}) == {"aB": {"c_d": 1}}
    assert camel_keys(["a_b"]) == {}
