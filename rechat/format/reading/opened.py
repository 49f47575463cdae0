"""The section, message and part that are being read: filled block by block, and converted to values
at the end of the file.
"""

from dataclasses import dataclass
from dataclasses import field

from rechat.format.blocks import Block
from rechat.format.headings import PartHeading
from rechat.format.headings import RoleHeading
from rechat.values import Json
from rechat.values import JsonObject


@dataclass(slots=True)
class OpenPart:
    """A `####` part that is being read."""

    heading: PartHeading
    line: int
    body: Json = None
    has_body: bool = False
    fields: JsonObject = field(default_factory=dict)
    link: str = ""
    prose: tuple[int, str] = (0, "")

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but commentary."""
        return not (self.has_body or self.fields)


@dataclass(slots=True)
class OpenMessage:
    """A `###` message that is being read."""

    heading: RoleHeading
    line: int
    start: int
    end: int
    body: Json = None
    has_body: bool = False
    binary: bytes | None = None
    fields: JsonObject = field(default_factory=dict)
    yaml_line: int = 0
    parts: list[OpenPart] = field(default_factory=list)
    prose: int = 0
    details: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but commentary."""
        return not (self.has_body or self.parts or self.fields)

    @property
    def is_listed(self) -> bool:
        """Whether a body is followed by content parts, so that it is the first of them. (The sound
        of a spoken answer stands beside its content.)
        """
        return self.has_body and self._has_content_parts

    @property
    def has_content(self) -> bool:
        """Whether a body or parts determine the content."""
        return self.has_body or self._has_content_parts

    @property
    def _has_content_parts(self) -> bool:
        is_answer = self.heading.role == "assistant"
        return any(
            part.heading.is_content and not (part.heading.kind == "audio" and is_answer)
            for part in self.parts
        )


@dataclass(slots=True)
class OpenSection:
    """A section that is being read."""

    title: str
    line: int
    start: int
    settings: JsonObject = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    messages: list[OpenMessage] = field(default_factory=list)


def add_note(message: OpenMessage, block: Block) -> None:
    """Commentary in a message. `<details>` and what belongs to it are the wrapping of an answer's
    metadata.
    """
    if block.text.startswith("<details"):
        message.details = 0 if "</details>" in block.text else block.line
    elif block.text.startswith("</details>"):
        if message.details and message.yaml_line > message.details:
            message.end = block.end
        message.details = 0
    elif not block.text.startswith(("<summary", "</summary")):
        message.prose = message.prose or block.line
        if message.parts and not message.parts[-1].prose[0]:
            message.parts[-1].prose = block.line, block.text
