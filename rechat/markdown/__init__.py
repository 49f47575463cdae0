"""Transcripts in Markdown: `parse` reads them; `new_file`, `append`, `insert` and `replace` write
them.
"""

from rechat.markdown.reader import parse
from rechat.markdown.writer import Edit, append, insert, new_file, replace

__all__ = ["Edit", "append", "insert", "new_file", "parse", "replace"]
