"""Transcripts in Markdown: `parse` reads them; `new_file`, `append`, `insert` and `replace` write
them.
"""

from rechat.markdown.reader import parse
from rechat.markdown.writer import Edit, append, insert, new_file, reads_back, replace

__all__ = ["Edit", "append", "insert", "new_file", "parse", "reads_back", "replace"]
