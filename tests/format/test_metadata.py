"""The metadata of an answer: what is written of it, and what stands for what was said before."""

import pytest

from rechat.format import yaml
from rechat.format.metadata import Context
from rechat.format.metadata import own_metadata
from rechat.format.metadata import resolved
from rechat.values import Answer
from rechat.values import Choice
from rechat.values import Entry
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Reply
from rechat.values import TranscriptError

TOOLS: list[Json] = [
    {"type": "function", "name": "look", "description": "Look at " + "something " * 5}
]
PROMPT = "Be brief, and say only what you know to be true. " * 2
SYSTEM = Given(Message("system", PROMPT))
ABOVE = Context([SYSTEM, Given(Message("user", "Hi"))], {"model": "m", "tools": TOOLS})


def answer(**fields: Json) -> Answer:
    return Answer((Choice(Message("assistant", "Hi")),), fields)


@pytest.mark.parametrize(
    ("fields", "own"),
    [
        ({"id": "x", "tools": TOOLS}, {"id": "x", "echoed": ["tools"]}),
        ({"instructions": PROMPT}, {"echoed": ["instructions"]}),
        ({"tools": []}, {"tools": []}),
        ({"tools": [1, *TOOLS]}, {"tools": [1, *TOOLS]}),
        ({"model": "m"}, {"model": "m"}),
        ({"instructions": PROMPT + "!"}, {"instructions": PROMPT + "!"}),
        ({"echoed": 1, "tools": TOOLS}, {"answer": {"echoed": 1}, "echoed": ["tools"]}),
    ],
)
def test_long_fields_that_say_what_the_request_said_are_only_named(
    fields: JsonObject, own: JsonObject
) -> None:
    written = own_metadata(answer(**fields), 0, ABOVE)
    assert written == own
    read, _ = resolved(yaml.read(yaml.write(written), 1), ABOVE, 1, 1)
    assert read == ({"answer": {"echoed": 1}, "tools": TOOLS} if "echoed" in fields else fields)


def test_an_echo_and_the_rest_are_both_as_they_were() -> None:
    first, second = answer(id="x", provider="p" * 80), answer(provider="p" * 80, tools=TOOLS)
    above = Context([*ABOVE.entries, Reply(first)], ABOVE.settings)
    written = own_metadata(second, 0, above)
    assert written == {"rest": "as above", "without": ["id"], "echoed": ["tools"]}
    assert resolved(written, above, 1, 1) == (second.fields, [])


def test_what_is_read_is_a_value_of_its_own() -> None:
    read, _ = resolved({"echoed": "tools"}, ABOVE, 1, 1)
    assert read == {"tools": TOOLS}
    assert read["tools"] is not TOOLS


@pytest.mark.parametrize(
    ("echoed", "told"),
    [
        (["seed"], "`echoed:` names 'seed', which is no setting of this section"),
        (["instructions"], "`echoed:` names 'instructions', which is no setting"),
        (7, "`echoed:` is a list of keys, read 7"),
    ],
)
def test_what_no_request_says_cannot_be_echoed(echoed: Json, told: str) -> None:
    said: list[Entry] = [Given(Message("user", "Hi")), Reply(answer()), SYSTEM]
    with pytest.raises(TranscriptError, match=told) as caught:
        resolved({"echoed": echoed}, Context(said), 1, 5)
    assert (caught.value.line, caught.value.code) == (5, "invalid-echoed")
