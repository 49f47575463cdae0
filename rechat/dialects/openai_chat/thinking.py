"""Thoughts in the content of a message, as Mistral's models send them: a part with a list of texts,
and one after the other when they are streamed. And LiteLLM's `thinking_blocks`, which repeat
Anthropic's thoughts with their signatures.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from itertools import groupby
from typing import Any, cast

from rechat.dialects.shared import Table
from rechat.dialects.shared import join
from rechat.dialects.shared import last_said
from rechat.dialects.shared import tokens
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Text

_TEXT = "text"

NAME = "content.thinking"
"""What such a thought is called as a `Reasoning`."""

BLOCKS = "thinking_blocks"
BLOCK = Table({"thinking": join, "signature": last_said})
"""How the pieces of one of these blocks fold."""


def read_thought(value: Any) -> Reasoning | None:
    """The thought that a part of the content is; None for one of more than a text."""
    match value:
        case {
            "type": "thinking",
            "thinking": [{"type": "text", "text": str(text), **inner}],
            **rest,
        } if not inner:
            return Reasoning(text, NAME, cast("JsonObject", rest))
    return None


def write_thought(thought: Reasoning) -> JsonObject:
    """The part of the content that a thought is."""
    said: list[Json] = [{"type": "text", "text": thought.text}]
    return {"type": "thinking", "thinking": said, **thought.fields}


def thoughts_of(message: Message) -> list[Reasoning]:
    """The thoughts in the content of a message."""
    return [part for part in message.parts_of(Reasoning) if part.name == NAME]


def body_after(parts: Sequence[Part]) -> tuple[str | None, Sequence[Part]]:
    """The text that follows thoughts as the body, and the thoughts; else None and the parts."""
    match parts:
        case [*thoughts, Text(text, fields)] if thoughts and text and not fields:
            if all(isinstance(part, Reasoning) for part in thoughts):
                return text, thoughts
    return None, parts


def in_pieces(content: Json) -> Iterator[Json]:
    """What each delta says of a content that is more than texts: a text as a text, as models that
    think stream it, all else in a list of one; nothing of any other content.
    """
    parts: list[Any] = content if isinstance(content, list) else []
    if not all(isinstance(part, dict) and "type" in part for part in parts):
        return
    if all(_kind(part) == _TEXT for part in parts):
        return
    for part in parts:
        if thought := read_thought(part):
            *early, last = tokens(thought.text) or [""]
            yield from ([write_thought(Reasoning(piece, NAME))] for piece in early)
            yield [write_thought(replace(thought, text=last))]
        elif _kind(part) == _TEXT and part["text"]:
            yield from tokens(part["text"])
        else:
            yield [part]


def joined(parts: Iterable[Json]) -> list[Json]:
    """The parts of a stream, neighbouring thoughts and neighbouring texts as one."""
    return [
        part
        for kind, run in groupby(parts, _kind)
        for part in (_as_one(list(run)) if isinstance(kind, str) else run)
    ]


def _kind(part: Any) -> object:
    """What goes on in the next part of the same kind; a kind of its own for any other part."""
    match part:
        case {"type": "text", "text": str(), **rest} if not rest:
            return _TEXT
    return "thought" if read_thought(part) else object()


def _as_one(run: list[Any]) -> list[Json]:
    thoughts = [thought for thought in map(read_thought, run) if thought]
    if not thoughts:
        return [{"type": "text", "text": "".join(part["text"] for part in run)}]
    fields: JsonObject = {}
    for thought in thoughts:
        fields |= thought.fields
    return [write_thought(Reasoning("".join(thought.text for thought in thoughts), NAME, fields))]


def blocks_of(lists: Iterable[list[Json]]) -> Iterable[list[Json]]:
    """The pieces of each of `thinking_blocks`: a thought goes on until it is signed."""
    found: list[list[Json]] = []
    is_open = False
    for piece in chain.from_iterable(lists):
        is_thought = isinstance(piece, dict) and piece.get("type") == "thinking"
        if is_thought and is_open:
            found[-1].append(piece)
        else:
            found.append([piece])
        is_open = isinstance(piece, dict) and is_thought and not piece.get("signature")
    return found
