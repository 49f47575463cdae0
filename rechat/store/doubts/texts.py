"""Texts that were changed on their way into a file, or say more to people than to rechat.

Nearly all texts have nothing of this. A plain search for what an expression needs, such as a `&`,
is much quicker than the expression, so it comes first.
"""

import re
from collections.abc import Iterator

from rechat.store.doubts.conversations import Doubt
from rechat.store.doubts.conversations import is_recorded
from rechat.values import ROLES
from rechat.values import Answer
from rechat.values import Given
from rechat.values import JsonError
from rechat.values import Media
from rechat.values import Message
from rechat.values import Reply
from rechat.values import Section
from rechat.values import assets
from rechat.values import jsontext

_BLANKS = (" ", "\t", "\u00a0")
# UTF-8 that was read as Windows-1252: an apostrophe, a quote, an accent.
_GARBLED = re.compile(
    "\u00e2\u20ac[\u2122\u0153\u02dc\u00a6\u201c\u201d\u009d]|\u00c3[\u00a9\u00a8\u00a4\u00b6\u00bc\u00b1]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
# Those of ASCII that editors show.
_PLAIN = bytes(code for code in range(127) if not _CONTROL.match(chr(code)))
# "snake\_case", as some editors save it.
_ESCAPED = re.compile(r"\w\\_\w")
# What HTML has for marks and blanks.
_ENTITY = re.compile("&(?:amp|lt|gt|quot|nbsp|#39);")
# "```python", "~~~": what opens a block of code, or closes it.
_FENCE = re.compile(
    r"[ \t>]{0,8}(?:[-*+][ \t]+|\d{1,4}[.)][ \t]+)?(?P<mark>`{3,}+|~{3,}+)(?P<info>[^`\n]*)"
)
_COMMENT = re.compile(r"<!--[^\n]{0,200}?-->")
# "### assistant" alone in its line, with blank lines around it and a text below.
_HEADING = re.compile(rf"\n\n(#{{1,4}}[ \t]+(?:{'|'.join(ROLES)}))[ \t]*\n\n\S")
# "**User:** ", "ChatGPT said: ": who speaks, where the heading says it.
_SPEAKER = re.compile(
    r"(?:\*\*(?P<bold>user|human|you|assistant|ai|bot|chatgpt|claude|gemini)(?::\*\*|\*\*:)"
    r"|(?P<plain>you said|assistant|ai|bot|(?:chatgpt|claude|gemini)(?: said)?):)(?=\s)",
    re.IGNORECASE,
)
# What comes along when an answer is copied from a page.
_COPIED = re.compile(
    r"^[\w+#. -]{0,20}Copy code$|:contentReference\[oaicite:\d{1,3}\]|oai_citation"
)
_OF_COPIED = ("Copy code", "oai")
# Members by which a text is JSON of an API and not what somebody says.
_OF_AN_API = {
    "user": ({"messages"}, {"contents"}, {"role", "content"}, {"role", "parts"}),
    "assistant": (
        *({"choices"}, {"candidates"}, {"tool_calls"}, {"role", "content"}, {"type", "function"}),
        {"object", "output"},
    ),
}
_PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\((?!https?:)([^()\s:]{1,200})\)")
_PICTURE_ALONE = re.compile(r"!\[[^\]\n]{0,200}\]\(https?:[^()\s]{1,2000}\)")
# What no editor shows, and some programs write.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
# "data: {", "event: message_start": the stream of an API.
_EVENT = re.compile(r"(?:event: [\w.]{1,60}\n)?data: ?\{")
_BASE64 = re.compile(r"data:[^,]{0,200};base64,")
_LONGEST = 1_000_000
_TYPES = {"image": "image/", "audio": "audio/"}


def doubts_about_texts(section: Section) -> Iterator[Doubt]:
    """The line of a message, and what in its text was hardly written so."""
    for message, line, is_cut in _messages(section):
        text = message.text
        if not text.isascii() and (garbled := _GARBLED.search(text)):
            yield (
                line,
                (
                    f"{garbled[0]!r} is what becomes of a character that was saved in one encoding "
                    "and read in another: write the character, and save the file as UTF-8"
                ),
            )
        if control := _control_in(text):
            yield (
                line,
                (
                    f"the text has a character U+{ord(control):04X}, which no editor shows: "
                    "take it out, or write the text as a `json` fence"
                ),
            )
        for words in _doubts_about_lines(message, is_cut=is_cut):
            yield line, words
        if words := _doubt_about_json(message):
            yield line, words
        for part in message.parts_of(Media):
            found = assets.split_data_url(part.url)
            if not found and _BASE64.match(part.url):
                yield (
                    line,
                    (
                        f"the data of `#### {part.kind}` is no base64: write the whole of it, or "
                        "link to a file"
                    ),
                )
            kind = _TYPES.get(part.kind, "")
            if found and not found[0].startswith(kind):
                yield line, f"`#### {part.kind}` links to a file of {found[0]}: write `#### file`"


def _doubts_about_lines(message: Message, *, is_cut: bool) -> Iterator[str]:
    """What the lines of a text outside of code say to people."""
    text = message.text
    lines, opening = _outside_code(text)
    if opening and not is_cut:
        yield (
            f"the code below {opening!r} never ends, and is sent so: write its last line, of the "
            "same marks, behind `> ` too"
        )
    if "\n#" in text and (role := _HEADING.search("\n".join(lines))):
        yield (
            f"{role[1]!r} is a line of this text and opens no message: take out the `>` before it, "
            "and before the blank line above it"
        )
    if _is_shown_frame(text):
        yield "the lines <blockquote> and </blockquote> are a part of this quote: take out the `>`"
    if message.role == "user" and _PICTURE_ALONE.fullmatch(text):
        yield (
            f"{text[:60]!r} is a text: to send the picture, write `#### image`, and the "
            "link without `>` below it"
        )
    spoken = _SPEAKER.match(text)
    if spoken and _is_of((spoken["bold"] or spoken["plain"]).lower(), message.role):
        yield (
            f"{spoken[0]!r} is a part of this text, which is sent and compared: the heading says "
            "who speaks"
        )
    if any(words in text for words in _OF_COPIED):
        copied = next(filter(None, map(_COPIED.search, text.split("\n"))), None)
        if copied:
            yield f"{copied[0]!r} came along from the page that this was copied from: take it out"


def _control_in(text: str) -> str:
    """The first character that no editor shows; empty if there is none."""
    if text.isascii() and not text.encode().translate(None, _PLAIN):
        return ""
    found = _CONTROL.search(text)
    return found[0] if found else ""


def _is_shown_frame(text: str) -> bool:
    return text.startswith("<blockquote>\n") and text.endswith("\n</blockquote>")


def _is_of(who: str, role: str) -> bool:
    is_user = who in ("user", "human", "you", "you said")
    return role == ("user" if is_user else "assistant")


def _outside_code(text: str) -> tuple[list[str], str]:
    """The lines of a text that are in no block of code, and the first line of a block that has
    some, but no end. (With words behind its marks a line ends none, but is meant to.)
    """
    if "```" not in text and "~~~" not in text:
        return text.split("\n"), ""
    lines: list[str] = []
    opening, mark, has_lines = "", "", False
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if not mark:
            opening, mark = (line.strip(), found["mark"]) if found else ("", "")
            lines += [] if found else [line]
            has_lines = False
        elif found and found["mark"].startswith(mark) and found["info"][:1] in ("", " "):
            opening, mark = "", ""
        else:
            has_lines |= bool(line.strip())
    return lines, opening if has_lines else ""


def _doubt_about_json(message: Message) -> str:
    """Why a text is not what was said, but what an API wraps around it."""
    text = message.text
    if message.role == "assistant" and _EVENT.match(text):
        return (
            "this text is a stream as an API sends it, and is sent as it stands: write only what "
            "is said in it"
        )
    if text[:1] not in ("{", "[") or text[-1:] not in ("}", "]") or len(text) > _LONGEST:
        return ""
    try:
        found = jsontext.parse(text)
    except JsonError:
        return ""
    first = found[0] if isinstance(found, list) and found else found
    kinds = _OF_AN_API.get(message.role, ())
    if not isinstance(first, dict) or not any(names <= first.keys() for names in kinds):
        return ""
    return (
        "this text is JSON as an API has it, and is sent as it stands: write what is said below "
        "`### user` or `### assistant`, and each call as a part `#### call NAME, ID`"
    )


def remarks_on_texts(section: Section) -> Iterator[Doubt]:
    """What is read as it stands, and that is worth a look."""
    for message, line, _ in _messages(section):
        text = message.text
        if text == "" and message.body is not None and message.role == "assistant":
            yield line, "this answer is the empty text: one that is still to be written has no `>`"
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
        if not text.isascii() and (invisible := _INVISIBLE.search(text)):
            yield (
                line,
                (
                    f"the text has a character {_shown(invisible[0])}, which nobody sees: it is "
                    "sent and compared"
                ),
            )
        if "\\_" in text and (escaped := _ESCAPED.search(text)):
            yield line, f"{escaped[0]!r} keeps its backslash: a text has no escapes"
        if "&" in text and (entity := _ENTITY.search(text)):
            yield line, f"{entity[0]!r} is sent and compared as it stands: a text has no escapes"
        if "<!--" in text and (comment := _comment_in(text)):
            yield (
                line,
                (
                    f"{comment[:40]!r} is a part of this text: a remark stands in a line of its "
                    "own without `>`"
                ),
            )
        if message.role == "user" and "](" in text and (picture := _PICTURE.search(text)):
            yield (
                line,
                (
                    f"{picture[0]!r} is text: to send the picture, write `#### image` below, and "
                    "the link alone in its line"
                ),
            )


def _comment_in(text: str) -> str:
    """The first comment of HTML outside of code; empty if there is none."""
    found = next(filter(None, map(_COMMENT.search, _outside_code(text)[0])), None)
    return found[0] if found else ""


def _messages(section: Section) -> Iterator[tuple[Message, int, bool]]:
    """Those that were written by hand, as far as that can be told, with their lines, and whether
    they end where the model had to stop.
    """
    for entry in section.entries:
        match entry:
            case Given(message, line=line):
                yield message, line, False
            case Reply(Answer() as answer, line=line) if not is_recorded(answer):
                for choice in answer.choices:
                    is_cut = choice.fields.get("finish_reason") in ("length", "max_tokens")
                    yield choice.message, line, is_cut


def _shown(character: str) -> str:
    return {" ": "a blank", "\t": "a tab", "\n": "an empty line"}.get(
        character, f"U+{ord(character):04X}"
    )
