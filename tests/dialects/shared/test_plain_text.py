"""What chat's words say to APIs that know only text."""

import pytest

from rechat.dialects.shared.plain_text import arguments_of
from rechat.dialects.shared.plain_text import as_text
from rechat.dialects.shared.plain_text import error_text
from rechat.values.conversation import Call
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text

CALLS = (Call("f", "1", '{"a":1}'), Call("g", "2", "[]"))


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (Message("assistant", "Hi"), "Hi"),
        (Message("assistant", None, (Text("a"), Text("b"))), "ab"),
        (Message("assistant", "Hi", CALLS), "Hi"),
        (Message("assistant", None, CALLS), '{"a":1}\n[]'),
        (Message("assistant", None, (Refusal("No."), *CALLS)), "No."),
        (Message("assistant", None, (Reasoning("hm"),)), ""),
    ],
)
def test_a_message_as_one_text(message: Message, text: str) -> None:
    assert as_text(message) == text


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (ErrorAnswer(429, "slow down"), "slow down"),
        (ErrorAnswer(503), "Service Unavailable"),
        (ErrorAnswer(599), "error 599"),
        (ErrorAnswer(502, "<h1>Bad</h1>", (("content-type", "text/html"),)), None),
        (ErrorAnswer(500, ""), None),
        (ErrorAnswer(400, {"error": "no"}), None),
    ],
    ids=["a text", "nothing", "an unknown status", "a page", "no bytes", "JSON"],
)
def test_an_error_that_a_person_wrote_as_text(answer: ErrorAnswer, text: str | None) -> None:
    assert error_text(answer) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", {}), ('{"a": 1}', {"a": 1}), ("[1]", {"input": [1]}), ("x", {"input": "x"})],
)
def test_arguments_are_an_object(text: str, expected: object) -> None:
    assert arguments_of(text) == expected
