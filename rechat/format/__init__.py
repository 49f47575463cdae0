"""Transcripts in Markdown: text to values and back, and the sidecars beside them."""

from rechat.format import reader, source, wire, writer
from rechat.format.writer import Edit

__all__ = ["Edit", "reader", "source", "wire", "writer"]
