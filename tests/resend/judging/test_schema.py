from typing import Any

import pytest

from rechat.resend.judging.schema import breaks

PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": ["integer", "null"]},
        "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
        "boss": {"$ref": "#"},
        "way": {"anyOf": [{"const": 1}, {"type": "string"}]},
    },
    "required": ["name"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"name": "x", "age": None, "tags": ["a"], "boss": {"name": "y"}, "way": 1}, None),
        ([], "$ is a list, not object"),
        ({}, "$.name is missing"),
        ({"name": 1}, "$.name is a number, not string"),
        ({"name": "x", "age": 1.5}, "$.age is a number, not integer or null"),
        ({"name": "x", "tags": ["a", "c"]}, '$.tags[1] is none of ["a", "b"]'),
        ({"name": "x", "boss": {}}, "$.boss.name is missing"),
        ({"name": "x", "way": 2}, "$.way fits none of the alternatives"),
        ({"name": "x", "more": 1}, "$.more is not allowed"),
    ],
)
def test_the_first_thing_that_is_not_allowed_is_told(value: Any, told: str | None) -> None:
    assert breaks(value, PERSON) == told


def test_a_schema_that_refers_to_itself_ends() -> None:
    assert breaks(1, {"$ref": "#"}) is None
    assert breaks(True, {"type": "integer"}) == "$ is a boolean, not integer"
