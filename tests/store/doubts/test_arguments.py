"""Arguments that a tool does not take."""

import pytest

from rechat.store.doubts.arguments import misfits
from rechat.values import Json

SCHEMA: Json = {
    "type": "object",
    "required": ["city"],
    "properties": {
        "city": {"type": "string", "enum": ["Oslo", "Bern"]},
        "days": {"type": "integer"},
        "exact": {"type": "BOOLEAN"},
        "note": {"type": "string", "nullable": True},
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("{}", "lacks `city`"),
        ('{"city": "Rome"}', "takes one of"),
        ('{"city": "Oslo", "days": "3"}', "a value of type integer"),
        ('{"city": "Oslo", "days": 1.5}', "a value of type integer"),
        ('{"city": "Oslo", "days": true}', "a value of type integer"),
        ('{"city": "Oslo", "exact": 1}', "a value of type BOOLEAN"),
        ('{"city": "Oslo", "day": 3}', "did you mean `days`?"),
        ('{"city": "Oslo", "planet": 3}', "does not allow: it names city, days, exact, note"),
    ],
)
def test_what_a_tool_does_not_take_is_told(arguments: str, words: str) -> None:
    (told,) = misfits(arguments, SCHEMA)
    assert words in told


@pytest.mark.parametrize(
    ("arguments", "schema"),
    [
        ('{"city": "Oslo", "days": 3, "exact": true, "note": null}', SCHEMA),
        ('{"city": "Oslo", "days": 3.0}', SCHEMA),
        ('{"city": "{{city}}"}', SCHEMA),
        ('{"city": {{city}}}', SCHEMA),
        ("", SCHEMA),
        ("[]", SCHEMA),
        ('{"a": 1}', {"properties": {"b": {}}}),
        ('{"a": 1}', {"properties": {"a": {"type": ["string", "integer"]}}}),
        ('{"a": 1}', {"required": "a", "properties": []}),
        ('{"a": 1}', None),
    ],
)
def test_what_it_takes_is_not(arguments: str, schema: Json) -> None:
    assert list(misfits(arguments, schema)) == []
