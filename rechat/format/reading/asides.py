"""What may have been meant as something else: commentary where a text ends too early, or begins
above its message, and bodies whose marks say more than people see.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rechat.format.blocks import Block
from rechat.format.blocks import blocks
from rechat.format.headings import role_heading
from rechat.format.reading.settings import TELLING
from rechat.values import ROLES

# What GitHub shows as a box.
_ALERT = re.compile(r">[ \t]*\[!\w+\]")
# "  > text", and marks that look like ">".
_QUOTE = re.compile(r">|&gt;|[\uff1e\u203a\u00bb\u276f]")
# "##### Steps": the lower levels have no meaning anywhere.
_HEADING = re.compile(r"#{5,6}[ \t]")
# A line of a quote that is not marked twice.
_LINE_BELOW = re.compile(r"\n(?!>[ \t]?+>)(?!>[ \t]*+$)", re.MULTILINE)
# What an answer has to meet when it is asked for again, and what wraps its metadata.
_MEANT = ("expect:", "<details", "</details", "<summary", "</summary", "<br", "<hr", "<a ", "<img")
_FIELD = re.compile(r"(?:[-*][ \t]+)?(?P<name>[\w-]{1,40})[ \t]*[:=][ \t]*\S")
_FIELDS = TELLING | {"finish_reason", "stop_reason", "usage", "logprobs", "headers", "retry-after"}
_SPEAKER = re.compile(
    r"[*_#]{0,3}(?:user|human|you|assistant|ai|bot|system|chatgpt|claude)[*_]{0,3}:", re.IGNORECASE
)


type AsideKind = Literal[
    "text", "field", "speaker", "heading", "quote", "picture", "alert", "twice", "lost"
]


@dataclass(frozen=True, slots=True)
class Aside:
    """A place in a source. `role` is that of the message it stands in, if it stands in one.

    What is no part of any message looks like a text, a field, the line of a speaker, a heading or
    a quote; of the bodies, a picture is read as a text, an alert as its words, and a quote that is
    marked twice as one with marks.
    """

    line: int
    start: int
    text: str
    role: str = ""
    kind: AsideKind = "text"


def asides(source: str) -> Iterator[Aside]:
    """The first aside of each message, and bodies that belong to none. The source is one that can
    be read.
    """
    role, has_told, is_in_part, has_section = "", False, False, False
    found = blocks(source)
    for block, (level, is_next) in zip(found, _following(found), strict=True):
        kind: AsideKind | Literal[""] = ""
        match block.kind, block.info:
            case "heading", "3":
                role, has_told, is_in_part = role_heading(block.text, block.line).role, False, False
            case "heading", "4":
                is_in_part = bool(role)
            # Above a section or right above a message it is the title of that.
            case "heading", "1" if role and not is_next and level != "2":
                kind = "heading"
            case "heading", own:
                role, has_section = "", has_section or own == "2"
            case (("frame" | "quote"), _) | ("fence", "json") if not role:
                if not _ALERT.match(source, block.start):
                    lost: AsideKind = "lost" if has_section and level != "3" else "text"
                    yield Aside(block.line, block.start, _first_line(block), "", lost)
            case (("quote" | "link"), _) if role and not (is_in_part and block.kind == "link"):
                kind = _kind_of_body(block, source, role)
            case (("note" | "fence"), _) if role:
                kind = "" if block.kind == "fence" and is_in_part else _kind(block)
        if kind and not has_told and (role != "error" or kind == "field"):
            has_told = True
            yield Aside(block.line, block.start, _first_line(block), role, kind)


def _following(found: Sequence[Block]) -> list[tuple[str, bool]]:
    """For each block the level of the next heading below it that is not of level 1, empty if there
    is none, and whether nothing but comments stands between.
    """
    levels: list[tuple[str, bool]] = []
    level, is_next = "", False
    for block in reversed(found):
        levels.append((level, is_next))
        if block.kind == "heading" and block.info != "1":
            level, is_next = block.info, True
        elif block.kind not in ("comment", "heading") and block.text.strip():
            is_next = False
    return levels[::-1]


def _kind_of_body(block: Block, source: str, role: str) -> AsideKind | Literal[""]:
    """What people see in a body that is read as something else; empty for any other."""
    if block.kind == "link":
        is_picture = source.startswith("![", block.start) and role in ROLES
        return "picture" if is_picture else ""
    if _ALERT.match(source, block.start):
        return "alert"
    is_double = source.startswith((">>", "> >"), block.start)
    return "twice" if is_double and not _LINE_BELOW.search(block.text) else ""


def _kind(block: Block) -> AsideKind | Literal[""]:
    """What a note or fence may have been meant as; empty if it is plain commentary."""
    if block.kind == "fence":
        return "" if block.info in ("yaml", "json") else "text"
    if not block.text or block.text.startswith(_MEANT) or not _has_words(block.text):
        return ""
    if _QUOTE.match(block.text):
        return "quote"
    if _HEADING.match(block.text):
        return "heading"
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
    if block.kind == "heading":
        return f"{'#' * int(block.info)} {block.text}"[:40]
    return block.text.strip().partition("\n")[0][:40]
