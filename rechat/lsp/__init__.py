"""A language server for transcripts: diagnostics, completion, and what a section answers."""

from rechat.lsp.server import serve

__all__ = ["serve"]
