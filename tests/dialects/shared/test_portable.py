"""Answers without what only their own API understands."""

from rechat.dialects.shared.portable import portable
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text

OWN = {"own": 1}


def test_the_words_and_calls_stay_and_the_envelope_goes() -> None:
    parts = (
        Text("a", OWN),
        Reasoning("b", "thinking", OWN),
        Refusal("c"),
        Media("image", "https://example.com/a.png", OWN),
        Call("f", "1", "{}", "function", OWN),
        Opaque({"type": "web_search_call"}),
    )
    said = Message("assistant", None, parts, OWN, ("content",))
    answer = Answer((Choice(said, {"finish_reason": "length", **OWN}),), {"id": "1", "model": "m"})
    assert portable(answer) == Answer(
        (
            Choice(
                Message(
                    "assistant",
                    None,
                    (
                        Text("a"),
                        Reasoning("b", "thinking"),
                        Refusal("c"),
                        Media("image", "https://example.com/a.png"),
                        Call("f", "1", "{}"),
                    ),
                ),
                {"finish_reason": "length"},
            ),
        ),
        {"model": "m"},
    )


def test_an_error_stays_as_it_is() -> None:
    error = ErrorAnswer(429, "slow")
    assert portable(error) is error
