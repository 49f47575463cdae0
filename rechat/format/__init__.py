"""Transcripts in Markdown: text to values and back, their JSON, and the sidecars beside them."""

from rechat.format import meaning, reader, source, wire, writer
from rechat.format.appended import parse_appended
from rechat.format.codec import WriteAsset, parse, render
from rechat.format.writer import Edit

__all__ = [
    "Edit",
    "WriteAsset",
    "meaning",
    "parse",
    "parse_appended",
    "reader",
    "render",
    "source",
    "wire",
    "writer",
]
