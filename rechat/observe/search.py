"""The search language for exchanges: `model:gpt-5 verdict:miss role:tool some words`.

1. Words are searched in the whole conversation and in the reason of a miss; `"two words"` have to
   be adjacent.
2. `NAME:VALUE` searches one field: `model`, `verdict`, `api`, `path` (the transcript), `rule`,
   `target` (method and path), `upstream`, `session`, `role` (a message with that role exists),
   `status` (of HTTP), `is` (the outcome in a word: `is:hit`, `is:limited`, `is:failed`), `tool` (a
   tool that was called).
3. `-` before a term negates it. All terms have to match; case does not matter.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rechat.explain import readable
from rechat.observe.entry import JournalEntry
from rechat.observe.entry import said
from rechat.observe.signs import sign_of
from rechat.observe.signs import status_of
from rechat.values import Call
from rechat.values import Message

_TERM = re.compile(r'(?P<not>-)?(?:(?P<name>[a-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>\S+))')

_FIELDS: dict[str, Callable[[JournalEntry], Iterator[str]]] = {
    "model": lambda entry: iter((entry.model,)),
    "verdict": lambda entry: iter((entry.verdict,)),
    "api": lambda entry: iter((entry.request.api if entry.request else "",)),
    "path": lambda entry: iter((entry.place,)),
    "rule": lambda entry: iter((entry.rule,)),
    "target": lambda entry: iter((entry.target,)),
    "upstream": lambda entry: iter((entry.upstream,)),
    "session": lambda entry: iter((entry.session,)),
    "role": lambda entry: iter(
        [message.role for message in entry.request.messages] if entry.request else ()
    ),
    "status": lambda entry: iter((str(status_of(entry) or ""),)),
    "is": lambda entry: iter((sign_of(entry).word, sign_of(entry).tone)),
    "tool": lambda entry: (
        call.name for message in _messages(entry) for call in message.parts_of(Call)
    ),
}
NAMES = tuple(_FIELDS)
"""The fields that can be searched."""


@dataclass(frozen=True, slots=True)
class Term:
    """One search term, in lower case; an empty `name` means everywhere."""

    text: str
    name: str = ""
    is_not: bool = False

    def holds(self, entry: JournalEntry) -> bool:
        """Whether an entry matches the term."""
        found = _FIELDS[self.name](entry) if self.name else _words(entry)
        return any(self.text in text.lower() for text in found) is not self.is_not


def parse(query: str) -> tuple[Term, ...]:
    """The terms of a query. An unknown name is part of the word: `http://…`."""
    terms = []
    for match in _TERM.finditer(query):
        name, text = match["name"] or "", match["quoted"] or match["word"] or ""
        if name not in _FIELDS:
            text, name = f"{name}:{text}" if name else text, ""
        terms.append(Term(text.lower(), name, bool(match["not"])))
    return tuple(term for term in terms if term.text)


def matches(terms: tuple[Term, ...], entry: JournalEntry) -> bool:
    """Whether an entry matches all terms."""
    return all(term.holds(entry) for term in terms)


def _words(entry: JournalEntry) -> Iterator[str]:
    yield entry.reason
    yield entry.model
    for message in _messages(entry):
        yield readable(message)


def _messages(entry: JournalEntry) -> Iterator[Message]:
    yield from entry.request.messages if entry.request else ()
    yield from said(entry.answer)
