"""Transcripts in Markdown: text to values and back, their JSON, and the sidecars beside them."""

from rechat.format import meaning
from rechat.format import reader
from rechat.format import source
from rechat.format import wire
from rechat.format import writer
from rechat.format.body import json_remedy
from rechat.format.codec import WriteAsset
from rechat.format.codec import parse
from rechat.format.codec import render
from rechat.format.headings import PART_KINDS
from rechat.format.headings import ROLE_WORDS
from rechat.format.items import item_of
from rechat.format.reading.appended import parse_appended
from rechat.format.reading.asides import Aside
from rechat.format.reading.asides import AsideKind
from rechat.format.reading.asides import asides
from rechat.format.reading.linked import as_meant
from rechat.format.reading.options import OPTIONS
from rechat.format.reading.recorded import changes_in
from rechat.format.reading.settings import SETTINGS
from rechat.format.reading.settings import TELLING
from rechat.format.reading.settings import TYPES
from rechat.format.writer import Edit
from rechat.format.writing import rewriting
from rechat.format.writing.formatting import formatted
from rechat.format.writing.repairs import repaired
from rechat.format.writing.rewriting import Turn

__all__ = [
    "OPTIONS",
    "PART_KINDS",
    "ROLE_WORDS",
    "SETTINGS",
    "TELLING",
    "TYPES",
    "Aside",
    "AsideKind",
    "Edit",
    "Turn",
    "WriteAsset",
    "as_meant",
    "asides",
    "changes_in",
    "formatted",
    "item_of",
    "json_remedy",
    "meaning",
    "parse",
    "parse_appended",
    "reader",
    "render",
    "repaired",
    "rewriting",
    "source",
    "wire",
    "writer",
]
