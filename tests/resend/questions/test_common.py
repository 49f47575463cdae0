from typing import Any

import pytest

from rechat.resend.questions.common import common_settings
from rechat.resend.questions.common import wanted_schema
from rechat.values.conversation import Message
from rechat.values.conversation import Request

SCHEMA = {"type": "object", "required": ["city"]}
HI = (Message("user", "Hi"),)


def request(api: str, settings: dict[str, Any]) -> Request:
    """A request of an API."""
    return Request({"model": "m"} | settings, HI, api=api)


@pytest.mark.parametrize(
    ("api", "settings"),
    [
        (
            "openai.chat",
            {"response_format": {"type": "json_schema", "json_schema": {"schema": SCHEMA}}},
        ),
        (
            "openai.responses",
            {"text": {"format": {"type": "json_schema", "name": "c", "schema": SCHEMA}}},
        ),
        ("ollama.chat", {"format": SCHEMA}),
    ],
)
def test_the_schema_that_is_asked_for_is_found_in_each_api(
    api: str, settings: dict[str, Any]
) -> None:
    assert wanted_schema(request(api, settings)) == SCHEMA


def test_any_json_has_the_empty_schema_and_words_have_none() -> None:
    plain = {"response_format": {"type": "json_object"}}
    assert wanted_schema(request("openai.chat", plain)) == {}
    assert wanted_schema(request("openai.chat", {})) is None
    assert wanted_schema(request("anthropic.messages", {"max_tokens": 5})) is None


def test_settings_of_other_apis_are_told_in_the_words_of_chat() -> None:
    found = common_settings(request("ollama.chat", {"options": {"temperature": 0}}))
    assert found["temperature"] == 0
