"""Conversations for tests of the folder on the disk."""

from pathlib import Path

from rechat.index.found import Hit
from rechat.store.folder import Store
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Request


def store_of(folder: Path) -> Store:
    """The loaded store of a folder."""
    store = Store([folder])
    store.load()
    return store


def asked(*texts: str) -> Request:
    """A conversation of user and assistant in turn."""
    roles = ("user", "assistant")
    messages = tuple(Message(roles[at % 2], text) for at, text in enumerate(texts))
    return Request({"model": "m"}, messages)


def answer(text: str, number: int = 1) -> Answer:
    """An answer as OpenAI sends it."""
    ending = {"finish_reason": "stop"}
    return Answer((Choice(Message("assistant", text), ending),), {"id": f"chatcmpl-{number}"})


def said(store: Store, request: Request) -> str | None:
    """The words of the answer that a store has for a request; None if it has none."""
    found = store.index.find(request)
    if not isinstance(found, Hit):
        return None
    first = found.exchange.answered[0].answer
    assert isinstance(first, Answer)
    return first.choices[0].message.body
