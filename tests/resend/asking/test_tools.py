import pytest

from rechat.resend.asking.tools import anthropic_tool
from rechat.resend.asking.tools import gemini_tool
from rechat.resend.asking.tools import ollama_tool
from rechat.resend.asking.tools import responses_tool
from rechat.resend.asking.tools import strict_tools
from rechat.resend.asking.tools import with_tools
from rechat.values.jsontext import JsonObject

SCHEMA: JsonObject = {"type": "object", "properties": {"city": {"type": "string"}}}
LOOSE: JsonObject = {"type": "function", "function": {"name": "look", "parameters": SCHEMA}}
STRICT: JsonObject = {
    "type": "function",
    "function": {"name": "look", "parameters": SCHEMA, "strict": True},
}


def test_a_strict_tool_is_strict_where_the_api_has_a_word_for_it() -> None:
    assert responses_tool(STRICT) == {
        "type": "function",
        "name": "look",
        "parameters": SCHEMA,
        "strict": True,
    }
    assert anthropic_tool(STRICT) == {"name": "look", "input_schema": SCHEMA, "strict": True}
    assert gemini_tool(STRICT) == {"name": "look", "parametersJsonSchema": SCHEMA}
    assert ollama_tool(STRICT) == LOOSE
    assert strict_tools({"tools": [LOOSE, STRICT]}) == ["strict schemas of tools"]


def test_a_tool_that_is_not_strict_does_not_become_so() -> None:
    told = responses_tool(LOOSE)
    assert isinstance(told, dict)
    assert told["strict"] is False
    assert anthropic_tool(LOOSE) == {"name": "look", "input_schema": SCHEMA}
    assert strict_tools({"tools": [LOOSE]}) == []


@pytest.mark.parametrize(
    ("tool", "told"),
    [({"type": "web_search"}, "the tool web_search"), ({"name": "x"}, "the tool x"), (3, "a tool")],
)
def test_a_tool_that_a_server_runs_is_named(tool: object, told: str) -> None:
    asked: JsonObject = {"tools": [tool], "tool_choice": "auto"}
    assert with_tools(asked, ollama_tool) == ({}, [told])
