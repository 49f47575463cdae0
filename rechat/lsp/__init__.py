"""A language server for transcripts: what is wrong, what may stand here, what a section answers."""

from rechat.lsp.server import serve

__all__ = ["serve"]
