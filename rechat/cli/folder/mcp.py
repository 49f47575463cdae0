"""`rechat mcp`: serves agents that work on a folder, and with the server that runs on it."""

import os
import sys
from functools import partial
from pathlib import Path

from rechat.cli.reading.read import load
from rechat.mcp import serve as serve_agent
from rechat.testing import Journal
from rechat.values import UsageError

_USUAL = "http://localhost:8910"


def serve(paths: list[Path], *, port: int) -> int:
    """Serve the agent at the other end of standard input and output; returns the exit code."""
    read = partial(load, paths, is_strict=False)
    return serve_agent(sys.stdin.buffer, sys.stdout.buffer, read, partial(journal_at, port))


def journal_at(port: int) -> Journal:
    """The journal of the server at a port; by default of the one that started this program, or of
    one at the default port. Raises `UsageError` if none answers.
    """
    url = f"http://localhost:{port}" if port else os.environ.get("RECHAT_URL", _USUAL)
    journal = Journal.at(url, os.environ.get("RECHAT_TOKEN", ""))
    if not journal.is_there():
        raise UsageError(
            f"no rechat answers at {url}: start `rechat replay` or `rechat record`, or name the "
            "port of one that runs with --port (and RECHAT_TOKEN if it was started with one)"
        )
    return journal
