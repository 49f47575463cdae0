"""The command line."""

from rechat.cli.app import app
from rechat.cli.app import main

__all__ = ["app", "main"]
