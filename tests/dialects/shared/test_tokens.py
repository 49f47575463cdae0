"""Texts in pieces of about a token."""

from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.shared.tokens import asked_tokens
from rechat.dialects.shared.tokens import said_tokens
from rechat.dialects.shared.tokens import tokens
from rechat.dialects.shared.tokens import used_tokens
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Request


@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


def test_all_that_is_said_counts() -> None:
    parts = (Reasoning("two and two"), Refusal("I am sorry"), Call("add", "1", "{}"))
    bare, full = (Answer((Choice(Message("assistant", "4", found)),)) for found in ((), parts))
    assert said_tokens(bare) == 1
    assert said_tokens(full) > 7
    assert asked_tokens([Message("user", "Hi there"), Message("user")]) == 2


def test_used_tokens_are_those_that_were_written_else_counted() -> None:
    request = Request({}, (Message("user", "Hi there"),))
    said = (Choice(Message("assistant", "Hello")),)
    assert used_tokens(Answer(said), request) == (2, 1)
    assert used_tokens(Answer(said, {"usage": {"prompt_tokens": 7}}), request) == (7, 1)
    assert used_tokens(Answer(said, {"usage": "none"}), request) == (2, 1)
