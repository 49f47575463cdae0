"""Conversations as listed sections."""

from rechat.convert.conversation import CHAT
from rechat.convert.conversation import conversation_of
from rechat.convert.found import Conversation
from rechat.convert.found import Left
from rechat.values import Given
from rechat.values import Options
from rechat.values import Reply


def kinds(*roles: str) -> list[type]:
    messages = [{"role": role, "content": role} for role in roles]
    found = conversation_of("p", CHAT, {"messages": messages})
    assert isinstance(found, Conversation)
    assert found.section.options == Options()
    return [type(entry) for entry in found.section.entries]


def test_what_replies_to_somebody_is_an_answer() -> None:
    assert kinds("user", "assistant", "user", "assistant") == [Given, Reply, Given, Reply]


def test_what_the_model_says_before_anyone_asks_or_twice_is_given() -> None:
    assert kinds("system", "assistant", "user", "assistant") == [Given, Given, Given, Reply]
    assert kinds("user", "assistant", "assistant") == [Given, Reply, Given]


def test_what_has_no_answer_or_cannot_be_read_is_left() -> None:
    ask = [{"role": "user", "content": "Hi"}]
    assert isinstance(conversation_of("p", CHAT, {"messages": ask}), Left)
    assert isinstance(conversation_of("p", CHAT, {"messages": 5}), Left)
