"""The settings of the Responses API in the words of Chat Completions."""

from typing import Any

import pytest

from rechat.dialects.openai_responses.settings import common_of

SCHEMA = {"type": "object", "properties": {}}


@pytest.mark.parametrize(
    ("settings", "common"),
    [
        ({"max_output_tokens": 9}, {"max_tokens": 9}),
        ({"reasoning": {"effort": "low", "summary": "auto"}}, {"reasoning_effort": "low"}),
        ({"tool_choice": "required"}, {"tool_choice": "required"}),
        (
            {"tool_choice": {"type": "function", "name": "f"}},
            {"tool_choice": {"type": "function", "function": {"name": "f"}}},
        ),
        (
            {"tool_choice": {"type": "custom", "name": "f"}},
            {"tool_choice": {"type": "custom", "custom": {"name": "f"}}},
        ),
        ({"text": {"verbosity": "low"}}, {"verbosity": "low"}),
        ({"text": {"format": {"type": "json_object"}}}, {"response_format": {"type": "json_object"}}),
        (
            {"text": {"format": {"type": "json_schema", "name": "n", "schema": SCHEMA}}},
            {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}}},
        ),
    ],
)  # fmt: skip
def test_what_has_a_common_word(settings: Any, common: Any) -> None:
    assert common_of(settings) == settings | common


@pytest.mark.parametrize(
    "settings",
    [
        {"text": {"format": {"type": "text"}}},
        {"tool_choice": {"type": "file_search"}},
        {"tools": "odd", "text": "odd", "reasoning": {"effort": None}},
        {"include": ["reasoning.encrypted_content"], "background": True},
    ],
)
def test_what_has_none_stays_as_it_is(settings: Any) -> None:
    assert common_of(settings) == settings


def test_tools_have_their_fields_one_level_deeper() -> None:
    function = {"name": "f", "parameters": SCHEMA, "strict": True, "description": "d"}
    grammar = {"syntax": "lark", "definition": "a: b"}
    custom = {"type": "custom", "name": "g", "format": {"type": "grammar", **grammar}}
    server = {"type": "web_search"}
    common = common_of({"tools": [{"type": "function", **function}, custom, server, "odd"]})
    assert common["tools"] == [
        {"type": "function", "function": function},
        {
            "type": "custom",
            "custom": {"name": "g", "format": {"type": "grammar", "grammar": grammar}},
        },
        server,
        "odd",
    ]
