"""What is wrong with the text of one transcript, before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from rechat.format import as_meant
from rechat.format import reader
from rechat.matching import Exchange
from rechat.store import handwritten
from rechat.store.known import content_of
from rechat.store.known import linked
from rechat.store.lint import Finding
from rechat.store.lint import ReadFile
from rechat.store.lint import lint_all
from rechat.store.lint import read_file
from rechat.values import Section
from rechat.values import TranscriptError


@dataclass(frozen=True, slots=True)
class CheckedText:
    """What is found in a text, and what it says; nothing if it cannot be read."""

    findings: list[Finding]
    sections: tuple[Section, ...] = ()
    exchanges: list[Exchange] = field(default_factory=list)


def check_text(path: Path, text: str, roots: Sequence[Path] = ()) -> CheckedText:
    """What is found in a text, which stands for the file at `path`. Other files do not count. With
    `roots`, it has links only to what is below them, as in the store.
    """
    try:
        file = read_text(path, text, roots)
    except TranscriptError as error:
        return CheckedText(
            [Finding(path.as_posix(), error.line, "error", error.message, error.code)]
        )
    return CheckedText(lint_all([file]), file.sections, file.exchanges)


def mistake(path: Path, error: TranscriptError) -> Finding:
    """The finding that a text cannot be read."""
    return Finding(path.as_posix(), error.line, "error", error.message, error.code)


def read_text(path: Path, text: str, roots: Sequence[Path] = ()) -> ReadFile:
    """The file that this text makes. Raises `TranscriptError`."""

    def read_asset(link: str) -> bytes:
        if roots:
            return linked.read(roots, path, link, {})
        return as_meant(link, content_of(path.parent / link))

    transcript = reader.parse(text, read_asset)
    handwritten.check(transcript)
    return read_file(path.as_posix(), text, transcript.sections)
