"""The command line."""

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 fine, 1 findings or misses, 2 usage."""
    # The server of tests is in this folder too, and needs no command line.
    from rechat.cli.app import main as run  # noqa: PLC0415

    run(arguments)


__all__ = ["main"]
