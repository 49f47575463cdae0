import pytest

from rechat.resend.asking.own_words import from_own_words
from rechat.values.jsontext import JsonObject

SCHEMA: JsonObject = {"type": "object"}
WANTED: JsonObject = {"type": "json_schema", "json_schema": {"schema": SCHEMA}}
CALLING: JsonObject = {"mode": "ANY", "allowedFunctionNames": ["a", "b"]}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"tool_choice": {"disable_parallel_tool_use": True}}, {"parallel_tool_calls": False}),
        ({"output_config": {"effort": "low"}}, {"reasoning_effort": "low"}),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
            {"response_format": WANTED},
        ),
        ({"generation_config": {"top_k": 5}}, {"top_k": 5}),
        ({"options": {"top_k": 5}}, {"top_k": 5}),
    ],
)
def test_what_has_a_common_word_is_said_in_it(settings: JsonObject, said: JsonObject) -> None:
    assert from_own_words(settings, {}) == (said, [])


def test_several_functions_that_may_be_called_are_allowed_tools() -> None:
    found, unsaid = from_own_words({"toolConfig": {"functionCallingConfig": CALLING}}, {})
    assert unsaid == []
    assert str(found["tool_choice"]).count("'function': {'name'") == 2


@pytest.mark.parametrize(
    ("settings", "unsaid"),
    [
        (
            {"generationConfig": {"topP": 1, "thinkingConfig": {"thinking_budget": 9}}},
            ["thinkingConfig.thinkingBudget"],
        ),
        ({"generationConfig": {"mediaResolution": "LOW"}}, ["generationConfig.mediaResolution"]),
        ({"options": {"num_ctx": 9, "temperature": 1, "mirostat": None}}, ["options.num_ctx"]),
        ({"reasoning": {"effort": "low", "context": "auto"}}, ["reasoning.context"]),
        ({"tool_config": {"functionCallingConfig": {"mode": "VALIDATED"}}}, ["toolConfig"]),
        ({"think": False}, ["think"]),
        ({"options": "odd", "text": None}, []),
    ],
)
def test_what_has_no_common_word_is_named(settings: JsonObject, unsaid: list[str]) -> None:
    assert from_own_words(settings, {})[1] == unsaid
