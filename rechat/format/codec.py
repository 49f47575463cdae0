"""A whole transcript from its text, and as text again: the interface for programs that read or
write transcripts themselves.
"""

from collections.abc import Callable, Iterator

from rechat.format import reader
from rechat.format import source
from rechat.format import writer
from rechat.format.reading.linked import as_meant
from rechat.values import ReadAsset
from rechat.values import RechatError
from rechat.values import Section
from rechat.values import Transcript
from rechat.values import TranscriptError
from rechat.values import no_assets

type WriteAsset = Callable[[str, bytes], object]
"""Takes a file that a transcript links to: its relative path and its bytes."""


def parse(text: str | bytes, read_asset: ReadAsset = no_assets) -> Transcript:
    """The transcript that a text (or the bytes of a file) describes; `read_asset` returns the bytes
    of a file that it links to. Raises `TranscriptError`, with the line, for what cannot be read.
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return reader.parse(source.decode(raw), lambda path: as_meant(path, read_asset(path)))


def render(transcript: Transcript, write_asset: WriteAsset | None = None) -> str:
    """The text of a transcript, which `parse` reads as an equal one.

    Pictures, other bytes, and settings and system messages of more than 4,096 characters go to
    files that the text links to: `write_asset` is called with the path and the bytes of each.
    Raises `RechatError` if such a file is needed and there is no `write_asset`, or if no text can
    express the transcript (two sections with one title).
    """
    stored: dict[str, bytes] = {}
    text = "\n".join(_sections(transcript, stored))
    if stored and not write_asset:
        raise RechatError(
            f"this transcript links to a file ({next(iter(stored))}): render it with `write_asset`"
        )
    if not _says(text, transcript, stored):
        raise RechatError("this transcript cannot be written: its text would be read as another")
    for path, content in stored.items():
        if write_asset:
            write_asset(path, content)
    return text


def _sections(transcript: Transcript, stored: dict[str, bytes]) -> Iterator[str]:
    for position, section in enumerate(transcript.sections):
        edit = _section(section, is_first=not position)
        stored |= edit.stored
        yield edit.source


def _section(section: Section, *, is_first: bool) -> writer.Edit:
    """A section; the first needs no heading if it has no title."""
    if is_first and not section.title:
        return writer.new_file(section.settings, section.options, section.entries)
    return writer.new_section(section)


def _says(text: str, transcript: Transcript, stored: dict[str, bytes]) -> bool:
    def read(path: str) -> bytes:
        return stored[path] if path in stored else no_assets(path)

    try:
        return parse(text, read) == transcript
    except TranscriptError:
        return False
