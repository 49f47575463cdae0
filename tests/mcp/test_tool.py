"""Tools as they are declared and called."""

from typing import Any

import pytest

from rechat.mcp.tool import Parameter
from rechat.mcp.tool import Tool
from rechat.values import UsageError


def _run(**given: Any) -> dict[str, Any]:
    return given


TOOL = Tool(
    "look",
    "Look",
    "Looks.",
    _run,
    (
        Parameter("at", "string", "What.", is_required=True),
        Parameter("often", "integer", "How often."),
        Parameter("long", "boolean", "Whether for long."),
    ),
)


def test_a_tool_tells_what_it_takes_and_whether_it_changes_something() -> None:
    told = TOOL.declared()
    assert told["inputSchema"] == {
        "type": "object",
        "properties": {
            "at": {"type": "string", "description": "What."},
            "often": {"type": "integer", "description": "How often."},
            "long": {"type": "boolean", "description": "Whether for long."},
        },
        "required": ["at"],
        "additionalProperties": False,
    }
    assert told["annotations"]["readOnlyHint"]
    assert "required" not in Tool("a", "A", "A.", _run).declared()["inputSchema"]


def test_json_is_taken_for_the_text_of_it_and_null_for_nothing() -> None:
    assert TOOL.call({"at": {"a": [1]}, "often": None}) == {"at": '{"a":[1]}'}
    assert TOOL.call({"at": "a", "often": 2, "long": True}) == {"at": "a", "often": 2, "long": True}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "look needs the argument at"),
        ({"at": None}, "look needs the argument at"),
        ({"at": 1}, "at: expected a string, not a number"),
        ({"at": "a", "often": True}, "often: expected an integer, not a boolean"),
        ({"at": "a", "long": "yes"}, "long: expected a boolean, not a string"),
        ({"at": "a", "far": 1}, "look has no argument far: it takes at, often, long"),
    ],
)
def test_what_a_tool_does_not_take_is_told(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError) as raised:
        TOOL.call(given)
    assert str(raised.value) == problem
