"""Entries of the journal as the page shows them: a hit and a miss on one small transcript."""

from typing import Any

from conversations import ask
from conversations import index_of
from conversations import missed

from rechat.observe.entry import JournalEntry
from rechat.observe.history import Logged
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message

URL = "http://localhost:8910"
TARGET = "POST /v1/chat/completions"
FILE = "---\nmodel: gpt-5\n---\n\n### user\n\n> Hi\n\n### assistant\n\n> Ho\n"


def logged(entry: JournalEntry) -> Logged:
    return Logged(7, 1_790_000_000.5, entry, 12.34)


def hit(message: Message, **fields: Any) -> JournalEntry:
    found = Answer((Choice(message),), fields)
    return JournalEntry("hit", TARGET, ask("Hi", model="gpt-5"), found, "a.md:9", "listed")


def miss() -> JournalEntry:
    request = ask("Hello", model="gpt-5")
    found = missed(index_of(a=FILE), request)
    return JournalEntry("miss", TARGET, request, reason="no", miss=found)
