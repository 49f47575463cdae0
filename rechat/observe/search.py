"""What a person types to find exchanges: `model:gpt-5 verdict:miss role:tool some words`.

1. Words are looked for in all that was said and in the reason of a miss; `"two words"` stand
   together.
2. `NAME:VALUE` looks in one field: `model`, `verdict`, `api`, `path` (the transcript), `rule`,
   `target` (method and address), `role` (somebody of that role spoke), `status` (of an error).
3. `-` before a term turns it round. All terms have to hold; case does not count.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rechat.explain import readable
from rechat.observe.entry import Entry, said
from rechat.values import ErrorAnswer

_TERM = re.compile(r'(?P<not>-)?(?:(?P<name>[a-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>\S+))')

_FIELDS: dict[str, Callable[[Entry], Iterator[str]]] = {
    "model": lambda entry: iter((entry.model,)),
    "verdict": lambda entry: iter((entry.verdict,)),
    "api": lambda entry: iter((entry.request.api if entry.request else "",)),
    "path": lambda entry: iter((entry.place,)),
    "rule": lambda entry: iter((entry.rule,)),
    "target": lambda entry: iter((entry.target,)),
    "role": lambda entry: iter(
        [message.role for message in entry.request.messages] if entry.request else ()
    ),
    "status": lambda entry: iter(
        [str(entry.answer.status)] if isinstance(entry.answer, ErrorAnswer) else ()
    ),
}
NAMES = tuple(_FIELDS)
"""The fields that can be named."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for, in lower case; `name` empty is everywhere."""

    text: str
    name: str = ""
    is_not: bool = False

    def holds(self, entry: Entry) -> bool:
        """Whether it is found in an entry, or not found if that is what was asked for."""
        found = _FIELDS[self.name](entry) if self.name else _words(entry)
        return any(self.text in text.lower() for text in found) is not self.is_not


def parse(query: str) -> tuple[Term, ...]:
    """The terms of a query. A name that is none is part of the word: `http://…`."""
    terms = []
    for match in _TERM.finditer(query):
        name, text = match["name"] or "", match["quoted"] or match["word"] or ""
        if name not in _FIELDS:
            text, name = f"{name}:{text}" if name else text, ""
        terms.append(Term(text.lower(), name, bool(match["not"])))
    return tuple(term for term in terms if term.text)


def matches(terms: tuple[Term, ...], entry: Entry) -> bool:
    """Whether all terms hold."""
    return all(term.holds(entry) for term in terms)


def _words(entry: Entry) -> Iterator[str]:
    yield entry.reason
    yield entry.model
    for message in (*(entry.request.messages if entry.request else ()), *said(entry.answer)):
        yield readable(message)
