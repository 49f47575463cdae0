"""Whether an answer still says what was recorded: its details contain a digest of that.

The digest has two halves: one of the exact answer, one of its words alone. A change of only the
first is that of a formatter, which changes markup and white space; a person who edits an answer
changes words.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from rechat.format.blocks import Block
from rechat.format.blocks import blocks_between
from rechat.format.metadata import metadata_blocks
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Span
from rechat.values import Text
from rechat.values import delete
from rechat.values import delete_from_lines
from rechat.values import dump
from rechat.values import has_any

KEY = "digest"
RECORDED = "recorded"
"""When an answer was recorded, where the API does not say when it made it."""

type Change = Literal["formatting", "words"]

_LENGTH = 6
# "1. " at the beginning of a line: formatters renumber lists.
_NUMBER = re.compile(r"^[ \t]*+\d{1,9}[.)](?=[ \t])", re.MULTILINE)
_MARKS = re.compile(r"[\W_]++")
# `digest: "08d0b5-37a914"`, as it was written; the whole YAML is not parsed for that.
_TOLD = re.compile(
    rf"^{KEY}:[ \t]*(?P<quote>[\"']?)(?P<digest>[0-9a-f]{{6}}-[0-9a-f]{{6}})(?P=quote)[ \t]*$",
    re.MULTILINE,
)
_ANY = re.compile(r"\S")


def digest_of(message: Message) -> str:
    """The digest of a message; empty for one without content."""
    texts = [*_texts(message)]
    if not any(has_any(_ANY, text) for text in texts):
        return ""
    return f"{_hash(texts)}-{_hash(map(_words, texts))}"


def changes_in(source: str, span: Span, answer: Answer) -> Iterator[Change]:
    """How the choices of an answer at a place in a source differ from what was recorded."""
    for choice, found in _digests(blocks_between(source, span.start, span.end)):
        if choice >= len(answer.choices):
            continue
        was, now = found.split("-"), digest_of(answer.choices[choice].message).split("-")
        if was != now:
            yield "formatting" if was[-1] == now[-1] else "words"


def _texts(message: Message) -> Iterator[str]:
    yield message.body or ""
    if "content" in message.fields:
        yield dump(message.fields["content"])
    yield from map(_text, message.parts)


def _text(part: Part) -> str:
    match part:
        case Text(text) | Reasoning(text) | Refusal(text):
            return text
        case Call():
            return f"{part.name}\n{part.arguments}"
        case Opaque(value):
            return dump(value)
        case _:
            return part.url


def _words(text: str) -> str:
    """The text without list numbers, punctuation and white space."""
    return delete(_MARKS, delete_from_lines(_NUMBER, text))


def _hash(texts: Iterable[str]) -> str:
    content = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:_LENGTH]


def _digests(answer: Iterable[Block]) -> Iterator[tuple[int, str]]:
    """The numbers of the choices that have a digest, each with that."""
    for choice, block in metadata_blocks(answer):
        if told := _TOLD.search(block.text):
            yield choice, told["digest"]
