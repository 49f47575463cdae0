"""What may have been meant as something else: commentary where a text ends too early, or begins
above its message, and bodies whose markup has another meaning on the rendered page.
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

# Alerts, which GitHub shows as a box.
_ALERT = re.compile(r">[ \t]*\[!\w+\]")
# "  > text", and marks that look like ">".
_QUOTE = re.compile(r">|&gt;|[\uff1e\u203a\u00bb\u276f]")
# "##### Steps": the lower levels have no meaning in a transcript.
_HEADING = re.compile(r"#{5,6}[ \t]")
# A line of a quote that is not quoted twice.
_LINE_BELOW = re.compile(r"\n(?!>[ \t]?+>)(?!>[ \t]*+$)", re.MULTILINE)
# Expectations for answers that are requested again, and the wrapping of metadata.
_MEANT = ("expect:", "<details", "</details", "<summary", "</summary", "<br", "<hr", "<a ", "<img")
_FIELD = re.compile(r"(?:[-*][ \t]+)?(?P<name>[\w-]{1,40})[ \t]*[:=][ \t]*\S")
_FIELDS = TELLING | {"finish_reason", "stop_reason", "usage", "logprobs", "headers", "retry-after"}
_SPEAKER = re.compile(
    r"[*_#]{0,3}(?:user|human|you|assistant|ai|bot|system|chatgpt|claude)[*_]{0,3}:", re.IGNORECASE
)


type AsideKind = Literal[
    "text",
    "field",
    "speaker",
    "heading",
    "quote",
    "picture",
    "alert",
    "twice",
    "lost",
    "section",
    "setting",
]


@dataclass(frozen=True, slots=True)
class Aside:
    """A place in a source. `role` is that of the message it is in, if any.

    Commentary in a message looks like a text, a field, the line of a speaker, a heading or a quote;
    a section has a text and no messages below others, or a line like a setting above its own. Of
    the bodies, a picture is read as a text, an alert as its words, and a doubly quoted quote as one
    with marks.
    """

    line: int
    start: int
    text: str
    role: str = ""
    kind: AsideKind = "text"


def asides(source: str) -> Iterator[Aside]:
    """The first aside of each message, and of each section without any. The source has to be
    readable.
    """
    place = _Place(source)
    found = blocks(source)
    for block, (level, is_next) in zip(found, _following(found), strict=True):
        if block.kind == "heading":
            # Above a section or right above a message, it is the title of that.
            is_title = block.info != "1" or is_next or level == "2"
            if not (place.role and not is_title):
                place.enter(block, level)
                continue
        if place.role:
            yield from place.in_message(block)
        else:
            yield from place.outside(block, level)


@dataclass(slots=True)
class _Place:
    """The state of the scan: the open message (its `role`, and whether a part of it is open), the
    last one `above`, and the heading of a section that has none, until that is reported.
    """

    source: str
    role: str = ""
    above: str = ""
    is_in_part: bool = False
    has_told: bool = False
    has_section: bool = False
    untold: Block | None = None

    def enter(self, heading: Block, below: str) -> None:
        """Process a heading; the next one is of the level `below`."""
        match heading.info:
            case "3":
                self.role = self.above = role_heading(heading.text, heading.line).role
                self.has_told = self.is_in_part = False
            case "4":
                self.is_in_part = bool(self.role)
            case level:
                self.role = ""
                self.has_section |= level == "2"
                is_bare = level == "2" and self.above and below != "3"
                self.untold = heading if is_bare else None

    def in_message(self, block: Block) -> Iterator[Aside]:
        """What a block in the open message may have been meant as, if nothing in that message has
        been reported yet.
        """
        kind = self._kind_in_message(block)
        if kind and not self.has_told and (self.role != "error" or kind == "field"):
            self.has_told = True
            yield Aside(block.line, block.start, _first_line(block), self.role, kind)

    def _kind_in_message(self, block: Block) -> AsideKind | Literal[""]:
        match block.kind:
            case "heading":
                return "heading"
            case "quote":
                return _kind_of_body(block, self.source, self.role)
            case "link" if not self.is_in_part:
                return _kind_of_body(block, self.source, self.role)
            case "note":
                return _kind(block)
            case "fence" if not self.is_in_part:
                return _kind(block)
        return ""

    def outside(self, block: Block, below: str) -> Iterator[Aside]:
        """What a block outside all messages may have been meant as."""
        line = block.line, block.start, _first_line(block)
        match block.kind, block.info:
            case (("frame" | "quote"), _) | ("fence", "json"):
                if not _ALERT.match(self.source, block.start):
                    yield Aside(*line, "", "lost" if self.has_section and below != "3" else "text")
            case (("note" | "fence"), _) if self.untold:
                if _kind(block):
                    title = self.untold
                    yield Aside(title.line, title.start, _first_line(title), self.above, "section")
                    self.untold = None
            case "note", _ if self.has_section and below == "3":
                field = _FIELD.match(block.text)
                if field and field["name"] in TELLING:
                    yield Aside(*line, "", "setting")


def _following(found: Sequence[Block]) -> list[tuple[str, bool]]:
    """For each block, the level of the next heading below it that is not of level 1 (empty if there
    is none), and whether only comments stand between.
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
