"""The texts that are open in the editor, and what is known about each."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote
from urllib.parse import urlsplit

from rechat.matching import Exchange
from rechat.store import Finding
from rechat.store import Pieces
from rechat.store import ReadFile
from rechat.store import read_text
from rechat.values import JsonObject
from rechat.values import Section
from rechat.values import TranscriptError

_LEVELS = {"error": 1, "warning": 2, "notice": 3}
_MESSAGE = re.compile(r"^#{2,3}[ \t]*(?:system|developer|user|assistant|tool)\b", re.MULTILINE)
_LINK = re.compile(r"\]\((?P<target>[^()\s]+)\)")


@dataclass(frozen=True)
class Document:
    """An open text, by its URI, and what is known about its pieces, which its later versions
    share.
    """

    uri: str
    text: str
    pieces: Pieces | None = None

    @property
    def path(self) -> Path:
        """The file that it is, or will be."""
        return Path(unquote(urlsplit(self.uri).path))

    @property
    def is_transcript(self) -> bool:
        """Whether it is meant to be one; other Markdown files are ignored."""
        name = self.path.name
        return name != "README.md" and (
            "transcripts" in self.path.parts or bool(_MESSAGE.search(self.text))
        )

    @cached_property
    def read(self) -> ReadFile | None:
        """The transcript, if it can be read."""
        try:
            return read_text(self.path, self.text)
        except TranscriptError:
            return None

    @property
    def sections(self) -> tuple[Section, ...]:
        """Its sections."""
        return self.read.sections if self.read else ()

    @property
    def exchanges(self) -> list[Exchange]:
        """The exchanges that it answers."""
        return self.read.exchanges if self.read else []

    def changed(self, text: str) -> "Document":
        """The same document with another text."""
        return Document(self.uri, text, self.pieces)

    @cached_property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.split("\n")

    def line(self, number: int) -> str:
        """A line, counted from 0; empty if there is none."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def before(self, number: int, character: int) -> str:
        """The text of a line before a character, counted as editors do, in UTF-16 units."""
        units = self.line(number).encode("utf-16-le", "surrogatepass")
        return units[: 2 * character].decode("utf-16-le", "replace")

    def diagnostics(self) -> list[JsonObject]:
        """The findings, each with its line."""
        if not self.is_transcript:
            return []
        pieces = self.pieces or Pieces(self.path)
        return [self._diagnostic(finding) for finding in pieces.check(self.text)]

    def _diagnostic(self, finding: Finding) -> JsonObject:
        number = max(0, min(finding.line, len(self.lines)) - 1)
        units = len(self.line(number).encode("utf-16-le", "surrogatepass")) // 2
        return {
            "range": {
                "start": {"line": number, "character": 0},
                "end": {"line": number, "character": units},
            },
            "severity": _LEVELS[finding.level],
            "source": "rechat",
            "message": finding.message,
            **({"code": finding.code} if finding.code else {}),
        }

    def link_at(self, number: int, character: int) -> Path | None:
        """The file that a link at a place leads to, if there is one."""
        at = len(self.before(number, character))
        for match in _LINK.finditer(self.line(number)):
            if match.start() <= at <= match.end():
                target = self.path.parent / unquote(match["target"])
                return target if target.is_file() else None
        return None
