"""Converts a section that was read to values: its settings, messages and answers."""

from dataclasses import replace

from rechat.format import answers
from rechat.format import parts
from rechat.format.headings import ANSWERS
from rechat.format.metadata import Context
from rechat.format.reading import options
from rechat.format.reading.opened import OpenMessage
from rechat.format.reading.opened import OpenPart
from rechat.format.reading.opened import OpenSection
from rechat.format.reading.recorded import RECORDED
from rechat.values import AnyAnswer
from rechat.values import Entry
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Part
from rechat.values import ReadAsset
from rechat.values import Reply
from rechat.values import Section
from rechat.values import Span
from rechat.values import Text
from rechat.values import TranscriptError
from rechat.values import jsontext
from rechat.values import time_of

# The form of a setting that is stored in a file.
_OF_JSON = " (a `$ref` leads to a file of JSON)"


class Sections:
    """Creates the values of sections, with the settings of the whole file in `front`."""

    def __init__(self, read_asset: ReadAsset, front: JsonObject, lines: dict[str, int]) -> None:
        self._read_asset = read_asset
        self._front = front
        self._front_lines = lines

    def section(self, section: OpenSection, end: int) -> Section:
        """The section, which ends at `end` in the source. Raises `TranscriptError`."""
        lines = self._front_lines | section.lines
        settings = options.merge(self._front, section.settings)
        own = settings.pop("rechat", {})
        told = {key: self._value(value, key, lines[key]) for key, value in settings.items()}
        entries: list[Entry] = []
        for message in section.messages:
            self.add_entry(entries, message, told)
        return Section(
            section.title,
            told,
            tuple(entries),
            options.options(own, lines.get("rechat", 1)),
            section.line,
            Span(section.start, end),
        )

    def _value(self, value: Json, key: str, line: int) -> Json:
        """The value of a setting, which may be stored in a file (`tools: {$ref:
        assets/….json}`).
        """
        match value:
            case {"$ref": str(path), **rest} if not rest and not path.startswith("#"):
                try:
                    return jsontext.parse(self._read_asset(path))
                except (OSError, JsonError) as error:
                    raise TranscriptError(
                        line,
                        f"{key} is stored in {path!r}, which cannot be read: {error}"
                        f"{_OF_JSON if isinstance(error, JsonError) else ''}",
                        code="unreadable-link",
                    ) from None
        return value

    def add_entry(self, entries: list[Entry], draft: OpenMessage, settings: JsonObject) -> None:
        """Add the entry that a message describes to the entries above it, in a section with these
        settings. Raises `TranscriptError`.
        """
        heading = draft.heading
        if draft.is_blank and draft.prose and heading.argument not in ("timeout", "reset"):
            raise TranscriptError(
                draft.prose,
                f"this text is not in the body of `### {heading.role}`: "
                "put it between lines <blockquote> and </blockquote>, "
                "or start each of its lines with `> ` (the text of a file is linked alone in a "
                "line: [words](path))",
                code="missing-body",
            )
        if heading.role in ANSWERS and not heading.given:
            self._add_answer(entries, draft, settings)
        else:
            _check_content(draft, draft.fields)
            entries.append(Given(self._message_of(draft), heading.pattern, draft.line))

    def _message_of(self, draft: OpenMessage) -> Message:
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

    def _parts(self, draft: OpenMessage) -> tuple[Part, ...]:
        return tuple(self._part(part) for part in draft.parts)

    def _part(self, part: OpenPart) -> Part:
        line, text = part.prose
        if text and part.is_blank:
            raise _forgotten(part, line, text)
        return parts.read(
            part.heading, part.line, part.body, part.fields, part.link, self._read_asset
        )

    def _add_answer(self, entries: list[Entry], draft: OpenMessage, settings: JsonObject) -> None:
        heading, last = draft.heading, entries[-1] if entries else None
        span = Span(draft.start, draft.end)
        if heading.choice > 1:
            other = self._reply(draft, Context(entries[:-1], settings), heading.choice)
            entries[-1:] = [answers.with_choice(last, other, heading, span, draft.line)]
            return
        is_blank = draft.is_blank and heading.role == "assistant"
        recorded = _recorded(draft)
        answer = None if is_blank else self._reply(draft, Context(entries, settings), 1)
        take = heading.take
        if not take:
            continues = isinstance(last, Reply) and not answers.is_history(last)
            take = last.take + 1 if continues and isinstance(last, Reply) else 1
        entries.append(Reply(answer, take, draft.line, span, recorded=recorded))

    def _reply(self, draft: OpenMessage, above: Context, choice: int) -> AnyAnswer:
        line = draft.yaml_line or draft.line
        match draft.heading.role:
            case "error":
                return answers.read_error(
                    draft.heading.argument, draft.fields, draft.body, draft.line
                )
            case "response":
                return answers.read_raw(draft.body, draft.binary, draft.fields, draft.line)
        _check_content(draft, draft.fields.get("message"))
        given = self._message_of(draft)
        message = Message(given.role, given.body, given.parts)
        if "content" in given.fields and "content" not in draft.fields:
            message = replace(message, fields={"content": given.fields["content"]})
        if draft.heading.is_made_up:
            message = replace(message, fields=message.fields | {"from": "hash"})
        return answers.read(message, draft.fields, above, choice, line)


def _recorded(draft: OpenMessage) -> str:
    """The `recorded:` of an answer's YAML, which is not metadata."""
    recorded = draft.fields.pop(RECORDED, "")
    if not isinstance(recorded, str) or (recorded and time_of(recorded) is None):
        raise TranscriptError(
            draft.yaml_line,
            f"`recorded:` is a day or time such as 2026-11-26, read {recorded!r} (a field of the "
            "response that is called so stands below `answer:`)",
            code="invalid-recorded",
        )
    return recorded


def _forgotten(part: OpenPart, line: int, text: str) -> TranscriptError:
    """The error for a part that has a text, but no body."""
    kind = part.heading.kind
    if kind in ("image", "audio", "file"):
        mark = "!" if kind == "image" else ""
        return TranscriptError(
            part.line,
            f"`#### {kind}` needs a link alone in its line, in the first column: "
            f"{mark}[{kind}](path or URL), without spaces or brackets in the path and without a "
            f"title; read {text[:60]!r}",
            code="missing-link",
        )
    remedy = (
        "put the arguments into a ```json fence"
        if kind == "call"
        else "put it between lines <blockquote> and </blockquote>, or start each of its lines with "
        "`> `"
    )
    return TranscriptError(
        line,
        f"this text is not in the body of `#### {kind}`: {remedy}",
        code="missing-body",
    )


def _check_content(draft: OpenMessage, fields: Json) -> None:
    """Raises `TranscriptError` if the YAML of a message gives a content and its body another."""
    if draft.has_content and isinstance(fields, dict) and "content" in fields:
        raise TranscriptError(
            draft.yaml_line,
            f"`content:` gives `### {draft.heading.role}` another content than its body: "
            "write only one of them",
            code="repeated-content",
        )


def check_titles(sections: list[Section]) -> None:
    """Raises `TranscriptError` for a duplicate title."""
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
