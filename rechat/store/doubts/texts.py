"""Texts that were changed on their way into a file, or say more to people than to rechat."""

import re
from collections.abc import Iterator

from rechat.store.doubts.conversations import Doubt
from rechat.store.doubts.conversations import is_recorded
from rechat.values import Answer
from rechat.values import Given
from rechat.values import Media
from rechat.values import Message
from rechat.values import Reply
from rechat.values import Section
from rechat.values import assets

_BLANKS = (" ", "\t", "\u00a0")
# UTF-8 that was read as Windows-1252: an apostrophe, a quote, an accent.
_GARBLED = re.compile(
    "\u00e2\u20ac[\u2122\u0153\u02dc\u00a6\u201c\u201d\u009d]|\u00c3[\u00a9\u00a8\u00a4\u00b6\u00bc\u00b1]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
# "snake\_case", as some editors save it.
_ESCAPED = re.compile(r"\w\\_\w")
# What HTML has for marks and blanks.
_ENTITY = re.compile("&(?:amp|lt|gt|quot|nbsp|#39);")
_PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\((?!https?:)([^()\s:]{1,200})\)")
_TYPES = {"image": "image/", "audio": "audio/"}


def doubts_about_texts(section: Section) -> Iterator[Doubt]:
    """The line of a message, and what in its text was hardly written so."""
    for message, line in _messages(section):
        text = message.text
        if garbled := _GARBLED.search(text):
            yield (
                line,
                (
                    f"{garbled[0]!r} is what becomes of a character that was saved in one encoding "
                    "and read in another: write the character, and save the file as UTF-8"
                ),
            )
        if control := _CONTROL.search(text):
            yield (
                line,
                (
                    f"the text has a character U+{ord(control[0]):04X}, which no editor shows: "
                    "take it out, or write the text as a `json` fence"
                ),
            )
        for part in message.parts_of(Media):
            found = assets.split_data_url(part.url)
            kind = _TYPES.get(part.kind, "")
            if found and not found[0].startswith(kind):
                yield line, f"`#### {part.kind}` links to a file of {found[0]}: write `#### file`"


def remarks_on_texts(section: Section) -> Iterator[Doubt]:
    """What is read as it stands, and that is worth a look."""
    for message, line in _messages(section):
        text = message.text
        if text.strip() and text[0] in (*_BLANKS, "\n"):
            yield (
                line,
                (
                    f"the text of `### {message.role}` begins with {_shown(text[0])}, which is "
                    "sent and compared (after `>` one space is not)"
                ),
            )
        elif text.strip() and text[-1] in _BLANKS:
            yield (
                line,
                (
                    f"the text of `### {message.role}` ends with {_shown(text[-1])}, which is sent "
                    "and compared"
                ),
            )
        if escaped := _ESCAPED.search(text):
            yield line, f"{escaped[0]!r} keeps its backslash: a text has no escapes"
        if entity := _ENTITY.search(text):
            yield line, f"{entity[0]!r} is sent and compared as it stands: a text has no escapes"
        if message.role == "user" and (picture := _PICTURE.search(text)):
            yield (
                line,
                (
                    f"{picture[0]!r} is text: to send the picture, write `#### image` below, and "
                    "the link alone in its line"
                ),
            )


def _messages(section: Section) -> Iterator[tuple[Message, int]]:
    """Those that were written by hand, as far as that can be told."""
    for entry in section.entries:
        match entry:
            case Given(message, line=line):
                yield message, line
            case Reply(Answer() as answer, line=line) if not is_recorded(answer):
                for choice in answer.choices:
                    yield choice.message, line


def _shown(character: str) -> str:
    return {" ": "a blank", "\t": "a tab", "\n": "an empty line"}.get(
        character, f"U+{ord(character):04X}"
    )
