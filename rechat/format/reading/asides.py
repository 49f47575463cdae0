"""Commentary that may have been meant as something else: where a text ends too early, or begins
above its message.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rechat.format.blocks import Block
from rechat.format.blocks import blocks
from rechat.format.headings import role_heading
from rechat.format.reading.settings import TELLING

# What GitHub shows as a box.
_ALERT = re.compile(r">[ \t]*\[!\w+\]")
# What an answer has to meet when it is asked for again, and what wraps its metadata.
_MEANT = ("expect:", "<details", "</details", "<summary", "</summary", "<br", "<hr", "<a ", "<img")
_FIELD = re.compile(r"(?P<name>\w{1,40})[ \t]*[:=][ \t]*\S")
_FIELDS = TELLING | {"finish_reason", "stop_reason", "usage", "logprobs"}
_SPEAKER = re.compile(
    r"[*_#]{0,3}(?:user|human|you|assistant|ai|bot|system|chatgpt|claude)[*_]{0,3}:", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Aside:
    """A text that is no part of any message. `role` is that of the message it stands in, if it
    stands in one; `kind` says whether it looks like a text, a field, or the line of a speaker.
    """

    line: int
    start: int
    text: str
    role: str = ""
    kind: str = "text"


def asides(source: str) -> Iterator[Aside]:
    """The first aside of each message, and bodies that belong to none. The source is one that can
    be read.
    """
    role, has_told, is_in_part = "", False, False
    for block in blocks(source):
        match block.kind, block.info:
            case "heading", "3":
                role, has_told, is_in_part = role_heading(block.text, block.line).role, False, False
            case "heading", "4":
                is_in_part = bool(role)
            case "heading", _:
                role = ""
            case (("frame" | "quote"), _) | ("fence", "json") if not role:
                if not _ALERT.match(source, block.start):
                    yield Aside(block.line, block.start, _first_line(block))
            case (("note" | "fence"), _) if role and not has_told:
                kind = "" if block.kind == "fence" and is_in_part else _kind(block)
                if kind and role != "error":
                    has_told = True
                    yield Aside(block.line, block.start, _first_line(block), role, kind)


def _kind(block: Block) -> str:
    """What a note or fence may have been meant as; empty if it is plain commentary."""
    if block.kind == "fence":
        return "" if block.info in ("yaml", "json") else "text"
    if not block.text or block.text.startswith(_MEANT) or not _has_words(block.text):
        return ""
    if (field := _FIELD.match(block.text)) and field["name"] in _FIELDS:
        return "field"
    return "speaker" if _SPEAKER.match(block.text) else "text"


def _has_words(text: str) -> bool:
    """Whether a line is more than a rule."""
    return any(character.isalnum() for character in text)


def _first_line(block: Block) -> str:
    """The beginning of a block, to show it."""
    if block.kind == "fence":
        return f"```{block.info}"
    return block.text.strip().partition("\n")[0][:40]
