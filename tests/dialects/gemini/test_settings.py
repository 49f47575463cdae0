"""Gemini's settings in the words of Chat Completions."""

from typing import Any

import pytest

from rechat.dialects.gemini.settings import common_of

SCHEMA = {
    "type": "OBJECT",
    "properties": {
        "type": {"type": "STRING", "enum": ["A"]},
        "list": {"type": "ARRAY", "items": {"type": "INTEGER", "nullable": True}},
        "any": {"anyOf": [{"type": "NUMBER"}, {"type": "NULL"}]},
    },
    "required": ["type"],
}
LOWERED = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": ["A"]},
        "list": {"type": "array", "items": {"type": "integer", "nullable": True}},
        "any": {"anyOf": [{"type": "number"}, {"type": "null"}]},
    },
    "required": ["type"],
}
FUNCTION = {"type": "function", "function": {"name": "f", "description": "F.", "parameters": LOWERED}}  # fmt: skip
JSON = {"responseMimeType": "application/json"}


def calling(mode: str, *names: str) -> dict[str, Any]:
    config = {"mode": mode, "allowedFunctionNames": list(names)} if names else {"mode": mode}
    return {"toolConfig": {"functionCallingConfig": config}}


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({"model": "m"}, {}),
    "sampling": (
        {
            "generationConfig": {
                "temperature": 0.5,
                "topP": 0.9,
                "topK": 3,
                "maxOutputTokens": 10,
                "stopSequences": ["."],
                "seed": None,
            }
        },
        {"temperature": 0.5, "top_p": 0.9, "max_tokens": 10, "stop": ["."]},
    ),
    "sampling, with underscores": (
        {"generation_config": {"top_p": 0.9, "max_output_tokens": 10, "stop_sequences": ["."]}},
        {"top_p": 0.9, "max_tokens": 10, "stop": ["."]},
    ),
    "how hard to think": (
        {"generationConfig": {"thinkingConfig": {"thinkingLevel": "HIGH"}}},
        {"reasoning_effort": "high"},
    ),
    "a budget of thoughts says nothing of it": (
        {"generationConfig": {"thinkingConfig": {"thinkingBudget": 1024}}},
        {},
    ),
    "functions": (
        {"tools": [{"functionDeclarations": [{"name": "f", "description": "F.", "parameters": SCHEMA}]}]},
        {"tools": [FUNCTION]},
    ),
    "functions, with underscores": (
        {"tools": [{"function_declarations": [{"name": "f", "description": "F.", "parameters_json_schema": LOWERED, "response": {}}]}]},
        {"tools": [FUNCTION]},
    ),
    "functions and what chat does not know": (
        {"tools": [{"googleSearch": {}}, {"functionDeclarations": [{"name": "g"}], "codeExecution": {}}]},
        {"tools": [{"googleSearch": {}}, {"type": "function", "function": {"name": "g"}}, {"codeExecution": {}}]},
    ),
    "only what chat does not know": ({"tools": [{"googleSearch": {}}]}, {}),
    "any tool": (calling("ANY"), {"tool_choice": "required"}),
    "this tool": (
        calling("ANY", "f"),
        {"tool_choice": {"type": "function", "function": {"name": "f"}}},
    ),
    "one of these tools": (calling("ANY", "f", "g"), {}),
    "a tool or not": (calling("AUTO"), {"tool_choice": "auto"}),
    "no tool": (calling("NONE"), {"tool_choice": "none"}),
    "a mode of its own": (calling("VALIDATED"), {}),
    "JSON": ({"generationConfig": JSON}, {"response_format": {"type": "json_object"}}),
    "JSON of this kind": (
        {"generationConfig": {**JSON, "responseSchema": SCHEMA}},
        {"response_format": {"type": "json_schema", "json_schema": {"schema": LOWERED}}},
    ),
    "text": ({"generationConfig": {"responseMimeType": "text/plain"}}, {}),
    "nonsense": ({"generationConfig": [1], "tools": "x", "toolConfig": 1}, {}),
    "more nonsense": ({"tools": [1, {"functionDeclarations": {}}]}, {}),
    "odd schemas": (
        {"tools": {"functionDeclarations": [{"name": "f", "parameters": {"type": ["STRING"], "items": 1, "properties": [1], "anyOf": ["x"]}}]}},
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": ["STRING"], "items": 1, "properties": [1], "anyOf": ["x"]}}}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_says_the_same_is_said_in_common_words(case: str) -> None:
    settings, common = CASES[case]
    assert common_of(settings) == settings | common
