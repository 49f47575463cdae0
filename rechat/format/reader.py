"""Markdown to a `Transcript`: the blocks of a source put together, section by section, message by
message.

1. A `###` heading opens a message, `####` a part of it; the first body after either is its body, a
   second one is an error.
2. A `yaml` fence sets fields for what is open: the section, the message or the part.
3. All else is commentary. A message that has nothing but commentary is an error too: somebody
   forgot the body's marks.
4. Nothing is guessed: what cannot be read raises `TranscriptError` with its line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from rechat.format import answers
from rechat.format import body
from rechat.format import parts
from rechat.format import yaml
from rechat.format.blocks import Block
from rechat.format.blocks import blocks
from rechat.format.body import CLOSING
from rechat.format.body import OPENING
from rechat.format.headings import ANSWERS
from rechat.format.headings import CONTENT_KINDS
from rechat.format.headings import PartHeading
from rechat.format.headings import RoleHeading
from rechat.format.headings import part_heading
from rechat.format.headings import role_heading
from rechat.values import AnyAnswer
from rechat.values import Entry
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Options
from rechat.values import Part
from rechat.values import ReadAsset
from rechat.values import Reply
from rechat.values import Section
from rechat.values import Span
from rechat.values import Text
from rechat.values import Transcript
from rechat.values import TranscriptError
from rechat.values import jsontext
from rechat.values import no_assets


def parse(source: str, read_asset: ReadAsset = no_assets) -> Transcript:
    """What a source with LF line ends says. Raises `TranscriptError` with the line for what cannot
    be read.
    """
    return _Reader(source, read_asset).transcript()


def entries_below(
    source: str, above: Sequence[Entry], read_asset: ReadAsset = no_assets
) -> list[Entry]:
    """The messages of a source that stands below other entries, with lines and spans counted from
    its own start; none if it has more than messages. Raises `TranscriptError`.
    """
    return _Reader(source, read_asset).entries_below(above)


@dataclass(slots=True)
class _OpenPart:
    """What has been read of a `####` part."""

    heading: PartHeading
    line: int
    body: Json = None
    has_body: bool = False
    fields: JsonObject = field(default_factory=dict)
    link: str = ""


@dataclass(slots=True)
class _OpenMessage:
    """What has been read of a `###` message."""

    heading: RoleHeading
    line: int
    start: int
    end: int
    body: Json = None
    has_body: bool = False
    binary: bytes | None = None
    fields: JsonObject = field(default_factory=dict)
    yaml_line: int = 0
    parts: list[_OpenPart] = field(default_factory=list)
    prose: int = 0
    details: int = 0

    @property
    def is_blank(self) -> bool:
        return not (self.has_body or self.parts or self.fields)

    @property
    def is_listed(self) -> bool:
        """Whether a body is followed by parts of the content, so that it is the first of them. (The
        sound of a spoken answer stands beside its content.)
        """
        is_answer = self.heading.role == "assistant"
        return self.has_body and any(
            part.heading.kind in CONTENT_KINDS and not (part.heading.kind == "audio" and is_answer)
            for part in self.parts
        )


@dataclass(slots=True)
class _OpenSection:
    """What has been read of a section."""

    title: str
    line: int
    start: int
    settings: JsonObject = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    messages: list[_OpenMessage] = field(default_factory=list)


class _Reader:
    """The state between blocks: the section, message and part that are open."""

    def __init__(self, source: str, read_asset: ReadAsset) -> None:
        self.source = source
        self._asset = read_asset
        self.front: JsonObject = {}
        self.front_lines: dict[str, int] = {}
        self.sections = [_OpenSection("", 1, 0)]
        self.wrapper = 0
        self.previous = ""

    def read_asset(self, path: str) -> bytes:
        """The bytes of a linked file. Raises `OSError`, also for a path that no file can have."""
        try:
            return self._asset(path)
        except ValueError as error:
            raise OSError(f"{path!r} is not a path: {error}") from None

    def transcript(self) -> Transcript:
        self._read_blocks()
        ends = [section.start for section in self.sections[1:]] + [len(self.source)]
        read = [
            self._section(section, end)
            for section, end in zip(self.sections, ends, strict=True)
            if section.messages
        ]
        _check_titles(read)
        return Transcript(tuple(read))

    def entries_below(self, above: Sequence[Entry]) -> list[Entry]:
        self._read_blocks()
        if self.front or len(self.sections) > 1:
            return []
        entries = [*above]
        for message in self.sections[0].messages:
            self._add_entry(entries, message)
        return entries[len(above) :]

    def _read_blocks(self) -> None:
        for block in blocks(self.source):
            self._add(block)
            self.previous = block.kind
        self._check_wrapper()

    @property
    def _message(self) -> _OpenMessage | None:
        messages = self.sections[-1].messages
        return messages[-1] if messages else None

    def _add(self, block: Block) -> None:
        match block.kind:
            case "front":
                self.front = yaml.read(block.text, block.line + 1)
                self.front_lines = dict.fromkeys(self.front, block.line + 1)
            case "wrapper":
                self.wrapper = block.line
                self._set_section(block.text, int(block.info or 0))
            case "closing":
                self._close(block)
            case "heading":
                self._add_heading(block)
            case "frame" | "quote" | "fence" | "link" if self._message:
                self._add_to(self._message, block)
            case "fence" if block.info == "yaml" and len(self.sections) > 1:
                self._set_section(block.text, block.line + 1)
            case "note" if self._message and block.text:
                self._check_lazy(block)
                _add_note(self._message, block)

    def _close(self, block: Block) -> None:
        """A closing line that belongs to no frame: the end of the older form, or a mistake."""
        if not self.wrapper:
            raise TranscriptError(
                block.line,
                f"this {CLOSING} closes nothing: the text before it ended at an earlier one; "
                "start each line of the text with `> ` instead",
                code="unopened-frame",
            )
        self.wrapper = 0

    def _check_wrapper(self) -> None:
        """A section of the older form ends with its own closing line."""
        if self.wrapper:
            raise TranscriptError(
                self.wrapper,
                f"the {OPENING} around this section is never closed: end the section with a line "
                f"{CLOSING}",
                code="unclosed-frame",
            )

    def _check_lazy(self, block: Block) -> None:
        """A line right below a quote, which every Markdown reader shows as a part of it."""
        if self.previous == "quote" and not block.text.startswith("<"):
            raise TranscriptError(
                block.line,
                f"{block.text[:40]!r} is directly below a quote: start the line with `> ` "
                "if it belongs to it, or leave a blank line between",
                code="text-below-quote",
            )

    def _add_heading(self, block: Block) -> None:
        match block.info:
            case "1":
                pass
            case "2":
                self._check_wrapper()
                self.sections.append(_OpenSection(block.text, block.line, block.start))
            case "3":
                heading = role_heading(block.text, block.line)
                self.sections[-1].messages.append(
                    _OpenMessage(heading, block.line, block.start, block.end)
                )
            case _ if self._message:
                self._add_part(self._message, block)

    def _add_part(self, message: _OpenMessage, block: Block) -> None:
        heading, role = part_heading(block.text, block.line), message.heading.role
        if role in ("error", "response"):
            raise TranscriptError(
                block.line,
                f"`### {role}` in line {message.line} has a body only, no parts",
                code="misplaced-part",
            )
        message.parts.append(_OpenPart(heading, block.line))
        message.end = block.end

    def _set_section(self, text: str, line: int) -> None:
        section, found = self.sections[-1], yaml.read(text, line)
        section.settings |= found
        section.lines |= dict.fromkeys(found, line)

    def _add_to(self, message: _OpenMessage, block: Block) -> None:
        if block.kind == "fence" and block.info == "yaml":
            target = message.parts[-1] if message.parts and not message.details else message
            target.fields |= yaml.read(block.text, block.line + 1)
            if target is message:
                message.yaml_line = message.yaml_line or block.line + 1
        elif message.parts:
            self._add_to_part(message.parts[-1], message, block)
        elif block.kind == "fence" and block.info != "json":
            message.prose = message.prose or block.line
            return
        elif block.kind == "link" and message.has_body and message.heading.role == "response":
            pass  # a picture that the body has, shown to people
        else:
            if message.has_body:
                raise TranscriptError(
                    block.line,
                    f"`### {message.heading.role}` in line {message.line} has a body already: "
                    "join the two, or start a part with `#### text`",
                    code="second-body",
                )
            message.has_body = True
            if block.kind == "link" and message.heading.role == "response":
                message.binary = self._linked(block)
            else:
                message.body = self._body(block)
        message.end = block.end

    def _add_to_part(self, part: _OpenPart, message: _OpenMessage, block: Block) -> None:
        if message.details:
            raise TranscriptError(
                block.line,
                "the details of an answer may contain only a yaml fence",
                code="body-in-details",
            )
        if part.has_body:
            raise TranscriptError(
                block.line,
                f"`#### {part.heading.kind}` in line {part.line} has a body already: "
                "start the next part with a heading",
                code="second-body",
            )
        part.has_body = True
        if block.kind == "link" and part.heading.kind in ("image", "audio", "file"):
            part.link = block.text
        elif block.kind == "fence" and part.heading.kind == "call":
            part.body = block.text
        else:
            part.body = self._body(block)

    def _body(self, block: Block) -> Json:
        match block.kind:
            case "frame":
                return body.read_frame(block.text)
            case "quote":
                return body.read_quote(block.text)
            case "link":
                return self._linked_text(block)
        try:
            return parts.with_bytes(body.read_literal(block.text), self.read_asset)
        except JsonError as error:
            raise TranscriptError(block.line, str(error), code="invalid-json") from None
        except OSError as error:
            raise TranscriptError(
                block.line,
                f"the linked file cannot be read: {error}",
                code="unreadable-link",
            ) from None

    def _linked(self, block: Block) -> bytes:
        try:
            return self.read_asset(block.text)
        except OSError as error:
            raise TranscriptError(
                block.line,
                f"the linked file cannot be read: {error}",
                code="unreadable-link",
            ) from None

    def _linked_text(self, block: Block) -> str:
        try:
            return self.read_asset(block.text).decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise TranscriptError(
                block.line,
                f"the linked text cannot be read: {error}",
                code="unreadable-link",
            ) from None

    def _section(self, section: _OpenSection, end: int) -> Section:
        lines = self.front_lines | section.lines
        settings = _merge(self.front, section.settings)
        own = settings.pop("rechat", {})
        entries: list[Entry] = []
        for message in section.messages:
            self._add_entry(entries, message)
        return Section(
            section.title,
            {key: self._value(value, key, lines[key]) for key, value in settings.items()},
            tuple(entries),
            _options(own, lines.get("rechat", 1)),
            section.line,
            Span(section.start, end),
        )

    def _value(self, value: Json, key: str, line: int) -> Json:
        """The value of a setting, which may be stored apart (`tools: {$ref: assets/….json}`)."""
        match value:
            case {"$ref": str(path), **rest} if not rest and not path.startswith("#"):
                try:
                    return jsontext.parse(self.read_asset(path))
                except (OSError, JsonError) as error:
                    raise TranscriptError(
                        line,
                        f"{key} is stored in {path!r}, which cannot be read: {error}",
                        code="unreadable-link",
                    ) from None
        return value

    def _add_entry(self, entries: list[Entry], draft: _OpenMessage) -> None:
        heading = draft.heading
        if draft.is_blank and draft.prose and heading.argument not in ("timeout", "reset"):
            raise TranscriptError(
                draft.prose,
                f"this text is not in the body of `### {heading.role}`: "
                "put it between lines <blockquote> and </blockquote>, "
                "or start each of its lines with `> `",
                code="missing-body",
            )
        if heading.role in ANSWERS and not heading.given:
            self._add_answer(entries, draft)
        else:
            entries.append(Given(self._message_of(draft), heading.pattern, draft.line))

    def _message_of(self, draft: _OpenMessage) -> Message:
        named = {"tool": "tool_call_id", "function": "name"}.get(draft.heading.role)
        own: JsonObject = {named: draft.heading.id} if named and draft.heading.id else {}
        own |= draft.fields
        found = self._parts(draft)
        match draft.body:
            case str(text) if draft.is_listed:
                return Message(draft.heading.role, None, (Text(text), *found), own)
            case str() | None as text:
                return Message(draft.heading.role, text, found, own)
            case _ if draft.is_listed:
                raise TranscriptError(
                    draft.line,
                    f"`### {draft.heading.role}` has a literal body, and parts beside it",
                    code="literal-with-parts",
                )
        return Message(draft.heading.role, None, found, own | {"content": draft.body})

    def _parts(self, draft: _OpenMessage) -> tuple[Part, ...]:
        return tuple(
            parts.read(part.heading, part.line, part.body, part.fields, part.link, self.read_asset)
            for part in draft.parts
        )

    def _add_answer(self, entries: list[Entry], draft: _OpenMessage) -> None:
        heading, last = draft.heading, entries[-1] if entries else None
        span = Span(draft.start, draft.end)
        if heading.choice > 1:
            other = self._reply(draft, entries[:-1], heading.choice)
            entries[-1:] = [answers.with_choice(last, other, heading, span, draft.line)]
            return
        is_blank = draft.is_blank and heading.role == "assistant"
        answer = None if is_blank else self._reply(draft, entries, 1)
        take = heading.take
        if not take:
            continues = isinstance(last, Reply) and not answers.is_history(last)
            take = last.take + 1 if continues and isinstance(last, Reply) else 1
        entries.append(Reply(answer, take, draft.line, span))

    def _reply(self, draft: _OpenMessage, above: list[Entry], choice: int) -> AnyAnswer:
        line = draft.yaml_line or draft.line
        match draft.heading.role:
            case "error":
                return answers.read_error(
                    draft.heading.argument, draft.fields, draft.body, draft.line
                )
            case "response":
                return answers.read_raw(draft.body, draft.binary, draft.fields, draft.line)
        given = self._message_of(draft)
        message = Message(given.role, given.body, given.parts)
        if "content" in given.fields and "content" not in draft.fields:
            message = replace(message, fields={"content": given.fields["content"]})
        if draft.heading.is_made_up:
            message = replace(message, fields=message.fields | {"from": "hash"})
        return answers.read(message, draft.fields, above, choice, line)


def _add_note(message: _OpenMessage, block: Block) -> None:
    """Commentary in a message. `<details>` and what belongs to it are the wrapping of an answer's
    metadata.
    """
    if block.text.startswith("<details"):
        message.details = block.line
    elif block.text.startswith("</details>"):
        if message.details and message.yaml_line > message.details:
            message.end = block.end
        message.details = 0
    elif not block.text.startswith(("<summary", "</summary")):
        message.prose = message.prose or block.line


def _merge(outer: JsonObject, inner: JsonObject) -> JsonObject:
    """The settings of a section: the file's, overridden by its own; `rechat:` key by key."""
    merged = outer | inner
    ours, theirs = outer.get("rechat"), inner.get("rechat")
    if isinstance(ours, dict) and isinstance(theirs, dict):
        merged["rechat"] = ours | theirs
    return merged


def _options(own: Json, line: int) -> Options:
    if not isinstance(own, dict):
        raise TranscriptError(
            line, f"`rechat:` holds keys and values, read {own!r}", code="invalid-option"
        )
    return Options(**{key: _option(key, value, line) for key, value in own.items()})  # type: ignore[arg-type]


_CHOICES = {"match": ("exact", "listed"), "takes": ("last", "cycle", "random", "error")}


def _option(key: str, value: Json, line: int) -> object:
    match key, value:
        case (("match" | "takes"), str()) if value in _CHOICES[key]:
            return value
        case (("match" | "takes"), _):
            raise TranscriptError(
                line,
                f"`rechat: {key}` is one of {', '.join(_CHOICES[key])}; read {value!r}",
                code="invalid-option",
            )
        case (("ignore" | "normalise"), str()):
            return (value,)
        case (("ignore" | "normalise"), list()) if all(isinstance(name, str) for name in value):
            return tuple(value)
        case "query" | "api", str():
            return value
    known = "api, match, takes, ignore, normalise, query"
    raise TranscriptError(
        line, f"`rechat: {key}: {value!r}` is not known: expected {known}", code="invalid-option"
    )


def _check_titles(sections: list[Section]) -> None:
    seen: dict[str, int] = {}
    for section in sections:
        if section.title and section.title in seen:
            raise TranscriptError(
                section.line,
                f"there is a section {section.title!r} in line {seen[section.title]} already: "
                "give this one another name",
                code="repeated-title",
            )
        seen[section.title] = section.line
