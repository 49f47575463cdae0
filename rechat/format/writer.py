"""Sections as Markdown, and changes to a file that preserve every other byte (except for the
metadata of the next answer, if it refers to one that changes).

What is written reads back as equal; the store compares before it changes a file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from rechat.format import answers
from rechat.format import body
from rechat.format import parts
from rechat.format import yaml
from rechat.format.blocks import Block
from rechat.format.blocks import blocks
from rechat.format.headings import is_word
from rechat.format.metadata import Context
from rechat.format.metadata import metadata_blocks
from rechat.format.metadata import own_metadata
from rechat.format.reading.recorded import KEY
from rechat.format.reading.recorded import RECORDED
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Entry
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Options
from rechat.values import Reply
from rechat.values import Section
from rechat.values import assets
from rechat.values import dump
from rechat.values import dump_visible

# A settings value or a system prompt that is longer than this is stored in a file and linked.
LONG = 4096

_ENDS_IN_MARKS = re.compile(r"(?:^|[ \t])#+\Z")
_QUALIFIER = {"tool": "tool_call_id", "function": "name"}


@dataclass(frozen=True, slots=True)
class Edit:
    """A new source of a file, and the files that it links to, by path relative to the folder."""

    source: str
    stored: dict[str, bytes] = field(default_factory=dict)


def new_file(
    settings: JsonObject, options: Options, entries: Sequence[Entry], note: str | None = None
) -> Edit:
    """The source of a file with one section."""
    stored: dict[str, bytes] = {}
    front = _settings(settings, options, stored)
    head = f"---\n{yaml.write(front)}---\n\n" if front else ""
    return Edit(f"{head}{_entries(Context((), settings), entries, stored, note)}\n", stored)


def add_section(source: str, section: Section, note: str | None = None) -> Edit:
    """The source with one more section at its end."""
    own = new_section(section, note)
    above = f"{source.rstrip(chr(10))}\n\n" if source.strip() else ""
    return Edit(above + own.source, own.stored)


def new_section(section: Section, note: str | None = None) -> Edit:
    """The source of a section with its title, as one of several in a file."""
    stored: dict[str, bytes] = {}
    own = _settings(section.settings, section.options, stored)
    pieces = [
        f"## {section.title}{_closing(section.title)}".rstrip(" "),
        parts.write_fields(own),
        _entries(Context((), section.settings), section.entries, stored, note),
    ]
    return Edit("\n\n".join(piece for piece in pieces if piece) + "\n", stored)


def _closing(title: str) -> str:
    """Marks after a title that ends with `#`, which would otherwise be read as closing marks."""
    return " #" if _ENDS_IN_MARKS.search(title) else ""


def _settings(settings: JsonObject, options: Options, stored: dict[str, bytes]) -> JsonObject:
    own = _options(options)
    shown = {key: short(value, stored) for key, value in settings.items()}
    return shown | ({"rechat": own} if own else {})


def append(
    source: str, section: Section, entries: Sequence[Entry], note: str | None = None
) -> Edit:
    """The source with entries added at the end of a section."""
    stored: dict[str, bytes] = {}
    text = _entries(Context(section.entries, section.settings), entries, stored, note)
    end = len(source[: section.span.end].rstrip("\n"))
    return Edit(f"{source[:end]}\n\n{text}{source[end:] or chr(10)}", stored)


def insert(
    source: str, section: Section, position: int, takes: Sequence[tuple[Reply, str | None]]
) -> Edit:
    """The source with more takes after the entry at `position`, which is a reply; each has a note
    for people. Everything above that entry stays in place.
    """
    stored: dict[str, bytes] = {}
    before = section.entries[position]
    assert isinstance(before, Reply)
    above = [*section.entries[: position + 1]]
    texts: list[str] = []
    for reply, note in takes:
        texts.append(_reply(Context(above, section.settings), reply, stored, note))
        above.append(reply)
    end = len(source[: before.span.end].rstrip("\n"))
    below = _below(source, section, position, above)
    return Edit("\n\n".join([source[:end], *texts]) + below[end:], stored)


def replace(
    source: str,
    section: Section,
    position: int,
    answer: AnyAnswer,
    note: str | None = None,
    recorded: str = "",
) -> Edit:
    """The source with another answer in the reply at `position`, and the day on which it was
    recorded; notes inside the reply are moved behind it.
    """
    stored: dict[str, bytes] = {}
    old = section.entries[position]
    assert isinstance(old, Reply)
    above, new = section.entries[:position], Reply(answer, old.take, recorded=recorded)
    text = _reply(Context(above, section.settings), new, stored, note)
    start, end = old.span.start, len(source[: old.span.end].rstrip("\n"))
    told = notes(source[start:end])
    below = _below(source, section, position, [*above, new])
    return Edit(source[:start] + "\n\n".join([text, *told]) + below[end:], stored)


def notes(text: str) -> list[str]:
    """The commentary in the source of a reply, paragraph by paragraph."""
    found: list[str] = []
    is_open = has_parts = False
    for block in blocks(text):
        has_parts |= block.kind == "heading" and block.info == "4"
        is_note = _is_note(block) or (
            block.kind == "fence" and block.info not in ("yaml", "json") and not has_parts
        )
        if is_note:
            note = text[block.start : block.end].rstrip("\n")
            found.append(f"{found.pop()}\n{note}" if is_open else note)
        is_open = is_note
    return found


def _is_note(block: Block) -> bool:
    match block.kind:
        case "note":
            wrapping = ("<details", "</details>", "<summary", "</summary")
            return bool(block.text) and not block.text.startswith(wrapping)
        case "heading":
            return block.info == "1"
        case kind:
            return kind == "comment"


def _below(source: str, section: Section, position: int, above: Sequence[Entry]) -> str:
    """The source, corrected so that the next answer below a position keeps its meaning: its `rest:
    as above` is recomputed for what is now above it.
    """
    for reply in section.entries[position + 1 :]:
        if isinstance(reply, Reply) and isinstance(reply.answer, Answer):
            start, end = reply.span.start, reply.span.end
            again = retold(source[start:end], reply.answer, above, section.settings)
            return source[:start] + again + source[end:]
    return source


def retold(text: str, answer: Answer, entries: Sequence[Entry], settings: JsonObject) -> str:
    """The text of an answer below these entries in a section with these settings: its `rest: as
    above` is recomputed for what is now above it.
    """
    above = Context(entries, settings)
    pieces: list[str] = []
    done = 0
    for choice, block in metadata_blocks(blocks(text)):
        told = yaml.read(block.text, block.line)
        if "rest" in told:
            own = own_metadata(answer, choice, above)
            own |= {key: told[key] for key in (RECORDED, KEY) if key in told}
            pieces += [text[done : block.start], parts.write_fields(own), "\n"]
            done = block.end
    return "".join(pieces) + text[done:]


def as_take(text: str, take: int) -> str:
    """The text of an answer, numbered as another take."""
    pieces: list[str] = []
    done = 0
    for block in blocks(text):
        if block.kind == "heading" and block.info == "3":
            role, *qualifiers = (word.strip() for word in block.text.split(","))
            others = [word for word in qualifiers if not word.startswith("take ")]
            heading = ", ".join([role, *([f"take {take}"] if take > 1 else []), *others])
            pieces += [text[done : block.start], f"### {heading}\n"]
            done = block.end
    return "".join(pieces) + text[done:]


def settings_in(head: str) -> str:
    """The settings above the first message of a section, as written there."""
    fences = [block for block in blocks(head) if (block.kind, block.info) == ("fence", "yaml")]
    return "".join(head[block.start : block.end].rstrip("\n") + "\n\n" for block in fences)


def _options(options: Options) -> JsonObject:
    default = Options()
    own: JsonObject = {}
    if options.api:
        own["api"] = options.api
    if options.match != default.match:
        own["match"] = options.match
    if options.takes != default.takes:
        own["takes"] = options.takes
    if options.ignore:
        own["ignore"] = list(options.ignore)
    if options.normalise:
        own["normalise"] = list(options.normalise)
    if options.query:
        own["query"] = options.query
    if options.delay:
        own["delay"] = options.delay
    if options.pace:
        own["pace"] = options.pace
    return own


def short(value: Json, stored: dict[str, bytes]) -> Json:
    """The value, or a link to it if it is long, or looks like a link itself."""
    is_link = isinstance(value, dict) and "$ref" in value
    if not isinstance(value, dict | list) or (len(dump(value)) <= LONG and not is_link):
        return value
    content = (dump_visible(value) + "\n").encode()
    path = assets.path_of(content, "json")
    stored[path] = content
    return {"$ref": path}


def _entries(
    above: Context, entries: Sequence[Entry], stored: dict[str, bytes], note: str | None
) -> str:
    texts = []
    before = list(above.entries)
    for entry in entries:
        match entry:
            case Given(message, pattern):
                texts.append(given(message, stored, pattern))
            case Reply():
                context = Context(before, above.settings)
                texts.append(_reply(context, entry, stored, note))
        before.append(entry)
    return "\n\n".join(texts)


def _reply(above: Context, reply: Reply, stored: dict[str, bytes], note: str | None) -> str:
    if reply.answer is None:
        return "### assistant" + (f", take {reply.take}" if reply.take > 1 else "")
    return answers.write(reply.answer, reply.take, above, stored, note, reply.recorded)


def given(message: Message, stored: dict[str, bytes] | None = None, pattern: str = "") -> str:
    """The text of a message of a request, without a final newline; of an answer, what a client
    sends back. `stored` gets the files that it links to; without it, they are assumed to exist.
    """
    stored = {} if stored is None else stored
    own = dict(message.fields)
    heading = f"### {message.role}"
    key = _QUALIFIER.get(message.role)
    value = own.get(key) if key else None
    if key and isinstance(value, str) and is_word(value) and value not in ("like", "any"):
        heading += f", {own.pop(key)}"
    if message.role == "assistant":
        heading += ", given"
    if pattern:
        heading += f", {pattern}"
    content = ""
    if message.body is not None:
        content = _content(message, stored)
    elif "content" in own and not isinstance(own["content"], str | None):
        content = parts.write_json(own.pop("content"), stored)
    pieces = [
        heading,
        parts.write_fields(own),
        content,
        *(parts.write(part, stored) for part in message.parts),
    ]
    return "\n\n".join(piece for piece in pieces if piece)


def _content(message: Message, stored: dict[str, bytes]) -> str:
    """The body, or a link to it if it is a long prompt that other conversations are likely to
    share.
    """
    text = message.body or ""
    if message.role in ("system", "developer") and len(text) > LONG:
        try:
            content = text.encode()
        except UnicodeEncodeError:
            return body.write(text)
        path = assets.path_of(content, "md")
        stored[path] = content
        return f"[{message.role} prompt]({path})"
    return body.write(text)
