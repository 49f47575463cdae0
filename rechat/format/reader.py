"""Markdown to a `Transcript`: assembles the blocks of a source, section by section, message by
message.

1. A `###` heading opens a message, `####` a part of it; the first body after either is its body, a
   second one is an error.
2. A `yaml` fence sets fields of whatever is open: the section, the message or the part.
3. Everything else is commentary. A message that has only commentary is an error too: somebody
   forgot the body's marks.
4. Nothing is guessed: what cannot be read raises `TranscriptError` with its line.
"""

from collections.abc import Sequence

from rechat.format import yaml
from rechat.format.blocks import Block
from rechat.format.blocks import blocks
from rechat.format.body import CLOSING
from rechat.format.body import OPENING
from rechat.format.headings import part_heading
from rechat.format.headings import role_heading
from rechat.format.headings import told_heading
from rechat.format.reading import bodies
from rechat.format.reading import strays
from rechat.format.reading.opened import OpenMessage
from rechat.format.reading.opened import OpenPart
from rechat.format.reading.opened import OpenSection
from rechat.format.reading.opened import add_note
from rechat.format.reading.sections import Sections
from rechat.format.reading.sections import check_titles
from rechat.values import Entry
from rechat.values import JsonObject
from rechat.values import ReadAsset
from rechat.values import Transcript
from rechat.values import TranscriptError
from rechat.values import no_assets


def parse(source: str, read_asset: ReadAsset = no_assets) -> Transcript:
    """The transcript in a source with LF line endings. Raises `TranscriptError`, with the line, for
    what cannot be read.
    """
    return _Reader(source, read_asset).transcript()


def entries_below(
    source: str,
    above: Sequence[Entry],
    settings: JsonObject,
    read_asset: ReadAsset = no_assets,
) -> list[Entry]:
    """The entries of a source that stands below other entries in a section with these settings,
    with lines and spans relative to its own start; none if it contains more than messages. Raises
    `TranscriptError`.
    """
    return _Reader(source, read_asset).entries_below(above, settings)


class _Reader:
    """The state between blocks: the section, message and part that are open."""

    def __init__(self, source: str, read_asset: ReadAsset) -> None:
        self.source = source
        self._asset = read_asset
        self.front: JsonObject = {}
        self.front_lines: dict[str, int] = {}
        self.sections = [OpenSection("", 1, 0)]
        self.wrapper = 0
        self.folds: list[int] = []
        self.previous = ""

    def read_asset(self, path: str) -> bytes:
        """The bytes of a linked file. Raises `OSError`, also for a path that no file can have."""
        try:
            return self._asset(path)
        except ValueError as error:
            raise OSError(f"{path!r} is not a path: {error}") from None

    def transcript(self) -> Transcript:
        self._read_blocks()
        made = Sections(self.read_asset, self.front, self.front_lines)
        ends = [section.start for section in self.sections[1:]] + [len(self.source)]
        read = [
            made.section(section, end)
            for section, end in zip(self.sections, ends, strict=True)
            if section.messages
        ]
        check_titles(read)
        return Transcript(tuple(read))

    def entries_below(self, above: Sequence[Entry], settings: JsonObject) -> list[Entry]:
        self._read_blocks()
        if self.front or len(self.sections) > 1:
            return []
        made = Sections(self.read_asset, {}, {})
        entries = [*above]
        for message in self.sections[0].messages:
            made.add_entry(entries, message, settings)
        return entries[len(above) :]

    def _read_blocks(self) -> None:
        for block in blocks(self.source):
            self._add(block)
            self.previous = block.kind
        self._check_wrapper()
        if self.folds:
            raise TranscriptError(
                self.folds[0],
                "this <details> is never closed: end it with a line </details>, before the next "
                "heading",
                code="unclosed-details",
            )

    @property
    def _message(self) -> OpenMessage | None:
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
            case "fence":
                strays.check_fence(block, takes_settings=len(self.sections) > 1)
            case "note" if block.text:
                strays.check_note(block, self.source)
                strays.fold(self.folds, block)
                if self._message:
                    self._check_lazy(block)
                    strays.check_body(block, self.source)
                    add_note(self._message, block)

    def _close(self, block: Block) -> None:
        """A closing line without a frame: the end of the older form, or a mistake."""
        if not self.wrapper:
            raise TranscriptError(
                block.line,
                f"this {CLOSING} closes nothing: the text before it ended at an earlier one; "
                "start each line of the text with `> ` instead",
                code="unopened-frame",
            )
        self.wrapper = 0

    def _check_wrapper(self) -> None:
        """A section in the older form has to end with its own closing line."""
        if self.wrapper:
            raise TranscriptError(
                self.wrapper,
                f"the {OPENING} around this section is never closed: end the section with a line "
                f"{CLOSING}",
                code="unclosed-frame",
            )

    def _check_lazy(self, block: Block) -> None:
        """A line right below a quote, which every Markdown renderer shows as part of it."""
        if self.previous == "quote" and not block.text.startswith("<"):
            raise TranscriptError(
                block.line,
                f"{block.text[:40]!r} is directly below a quote: start the line with `> ` "
                "if it belongs to it, or leave a blank line between",
                code="text-below-quote",
            )

    def _add_heading(self, block: Block) -> None:
        if block.info != "3":
            strays.check_heading(block, int(block.info))
        match block.info:
            case "1":
                pass
            case "2":
                self._check_wrapper()
                self.sections.append(OpenSection(block.text, block.line, block.start))
            case "3":
                heading = told_heading(role_heading, block.text, block.line)
                self.sections[-1].messages.append(
                    OpenMessage(heading, block.line, block.start, block.end)
                )
            case _ if self._message:
                self._add_part(self._message, block)
            case _:
                strays.check_part(block)

    def _add_part(self, message: OpenMessage, block: Block) -> None:
        heading = told_heading(part_heading, block.text, block.line)
        role = message.heading.role
        if role in ("error", "response"):
            raise TranscriptError(
                block.line,
                f"`### {role}` in line {message.line} has a body only, no parts",
                code="misplaced-part",
            )
        message.parts.append(OpenPart(heading, block.line))
        message.end = block.end

    def _set_section(self, text: str, line: int) -> None:
        section, found = self.sections[-1], yaml.read(text, line)
        section.settings |= found
        section.lines |= dict.fromkeys(found, line)

    def _add_to(self, message: OpenMessage, block: Block) -> None:
        if block.kind == "fence" and block.info == "yaml":
            target = message.parts[-1] if message.parts and not message.details else message
            target.fields |= yaml.read(block.text, block.line + 1)
            if target is message:
                message.yaml_line = message.yaml_line or block.line + 1
        elif message.parts:
            self._add_to_part(message.parts[-1], message, block)
        elif block.kind == "fence" and block.info != "json":
            strays.check_aside(block)
            message.prose = message.prose or block.line
            return
        elif block.kind == "link" and message.has_body and message.heading.role == "response":
            pass  # a picture in the body, shown for people
        else:
            self._check_only_body(message, block)
            message.has_body = True
            if block.kind == "link" and message.heading.role == "response":
                message.binary = bodies.linked(block, self.read_asset)
            else:
                message.body = bodies.body_of(block, self.read_asset)
        message.end = block.end

    def _check_only_body(self, message: OpenMessage, block: Block) -> None:
        if not message.has_body:
            return
        remedy = "join the two, or start a part with `#### text`"
        if self.source.startswith("![", block.start):
            remedy = "for a picture write `#### image` above it"
        elif block.kind == "link":
            remedy = "a link alone in its line is the text of a file; start it with `> ` in a text"
        raise TranscriptError(
            block.line,
            f"`### {message.heading.role}` in line {message.line} has a body already: {remedy}",
            code="second-body",
        )

    def _add_to_part(self, part: OpenPart, message: OpenMessage, block: Block) -> None:
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
                "start the next part with a heading, a text with `#### text`",
                code="second-body",
            )
        part.has_body = True
        kind = part.heading.kind
        if block.kind == "link" and (part.heading.is_item or kind in ("image", "audio", "file")):
            part.link = block.text
        elif block.kind == "fence" and kind in ("call", "result"):
            part.body = block.text
        else:
            part.body = bodies.body_of(block, self.read_asset)
