"""The command line."""

from rechat.cli.app import app, main

__all__ = ["app", "main"]
