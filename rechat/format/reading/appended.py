"""Reads a source that has grown at its end, in time proportional to the new text.

Only the last known answer and what is below it are read. A message begins at its heading, whatever
precedes it, so everything above is unchanged; and if the last answer does not come out as before,
or anything else is unusual, the whole source is read.
"""

from contextlib import suppress
from dataclasses import replace

from rechat.format.reader import entries_below
from rechat.format.reader import parse
from rechat.values import Entry
from rechat.values import Given
from rechat.values import ReadAsset
from rechat.values import Reply
from rechat.values import Section
from rechat.values import Span
from rechat.values import Transcript
from rechat.values import TranscriptError
from rechat.values import no_assets


def parse_appended(
    source: str, before: Transcript, read_asset: ReadAsset = no_assets
) -> Transcript:
    """The transcript in a source of which all but some messages at its end is `before`. Raises
    `TranscriptError`, as `parse` does.
    """
    grown = None
    # If something cannot be read, parsing the whole source finds its line.
    with suppress(TranscriptError):
        grown = _grown(source, before.sections[-1], read_asset)
    return Transcript((*before.sections[:-1], grown)) if grown else parse(source, read_asset)


def _grown(source: str, section: Section, read_asset: ReadAsset) -> Section | None:
    """A section with the new entries at its end; None if the whole source has to be read."""
    last = section.entries[-1]
    if not isinstance(last, Reply):
        return None
    start = last.span.start
    found = entries_below(source[start:], section.entries[:-1], section.settings, read_asset)
    if found[:1] != [last]:
        return None
    moved = (_moved(entry, last.line - 1, start) for entry in found[1:])
    span = Span(section.span.start, len(source))
    return replace(section, entries=(*section.entries, *moved), span=span)


def _moved(entry: Entry, lines: int, characters: int) -> Entry:
    match entry:
        case Given():
            return replace(entry, line=entry.line + lines)
        case Reply(span=Span(start, end)):
            span = Span(start + characters, end + characters)
            return replace(entry, line=entry.line + lines, span=span)
