"""Settings that no request has: misspelled, of another type, or not read as settings at all."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from rechat.format import NUMBERS
from rechat.format import SETTINGS
from rechat.format import TELLING
from rechat.store.doubts.conversations import Doubt
from rechat.values import Json
from rechat.values import Section
from rechat.values import dump

# Our own options, which stand below `rechat:`.
_OPTIONS = ("match", "takes", "ignore", "normalise", "api", "delay", "pace")
# What is a message in a transcript, whatever the API calls it.
_MESSAGES = {
    "system": "### system",
    "systemInstruction": "### system",
    "system_instruction": "### system",
    "instructions": "### system",
    "messages": "### user",
    "contents": "### user",
}
_QUOTES = re.compile("[\u2018-\u201f\u00ab\u00bb\u2039\u203a]")
_KEY = re.compile(r"[ \t]{0,3}(?P<key>\w{1,40})[ \t]*[:=][ \t]*\S")


def doubts_about_settings(section: Section, source: str) -> Iterator[Doubt]:
    """The line of a setting in a source, what is odd about it and how to write it."""
    for name, value in section.settings.items():
        if words := _doubt(name, value):
            yield _line_of(name, section, source), words


def _line_of(name: str, section: Section, source: str) -> int:
    """Where a setting stands: below the heading of its section, or else in the front matter."""
    own = source[section.span.start : section.span.end]
    key = re.compile(rf"^[\"']?{re.escape(name)}[\"']?[ \t]*:", re.MULTILINE)
    above = own.partition("\n### ")[0] if section.title else ""
    if found := key.search(above):
        return source.count("\n", 0, section.span.start + found.start()) + 1
    found = key.search(source.partition("\n### ")[0])
    return source.count("\n", 0, found.start()) + 1 if found else section.line


def _doubt(name: str, value: Json) -> str:
    if _QUOTES.search(name) or (isinstance(value, str) and _QUOTES.match(value)):
        return f'`{name}: {value}` has typographic quotes, which are part of it: write " or none'
    if name in NUMBERS and isinstance(value, str):
        return (
            f"`{name}: {dump(value)}` is a text, and APIs have a number there: leave out the quotes"
        )
    if name == "model" and isinstance(value, int | float | bool):
        return f"`model: {dump(value)}` is no text, and no request has that: put it in quotes"
    if name in _OPTIONS:
        return (
            f"`{name}` is an option of rechat and no setting of a request: write it below `rechat:`"
            f", as in `rechat: {{{name}: {dump(value)}}}`"
        )
    if name in _MESSAGES:
        heading = _MESSAGES[name]
        return f"`{name}` is no setting: write it as a message, below a line `{heading}`"
    if name in SETTINGS or name.startswith("x_"):
        return ""
    close = get_close_matches(name, SETTINGS, 1)
    hint = f"did you mean `{close[0]}`? " if close else ""
    return (
        f"no API that rechat knows has a setting `{name}`: {hint}only requests that have it match"
    )


def unread_settings(source: str) -> Iterator[Doubt]:
    """Lines of commentary above the first message that look like settings of the request."""
    lines = source.split("\n")
    start = _below_front_matter(lines)
    for number, line in enumerate(lines[start:], start + 1):
        if line.startswith(("### ", "```", "~~~", "<", "## ")):
            return
        found = _KEY.match(line)
        if found and found["key"] in TELLING:
            yield (
                number,
                (
                    f"{line.strip()[:40]!r} is commentary and sets nothing: settings stand between "
                    "two lines `---`, the first of which is the first line of the file"
                ),
            )


def _below_front_matter(lines: list[str]) -> int:
    if lines[0].rstrip() != "---":
        return 0
    return next((at + 1 for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
