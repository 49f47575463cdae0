"""The commands that keep a folder in order, as a person types them."""

from pathlib import Path
from typing import Annotated

import typer

from rechat.cli.options import FOLDER
from rechat.cli.parameters import Paths


def fmt(
    path: Paths = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a file would change.")
    ] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="Write nothing; print what would change, exit with 1 if anything would."
        ),
    ] = False,
) -> None:
    """Lay out transcripts as rechat writes them.

    Only blank lines, headings and the marks around texts change, never what a file answers. The
    paths of changed files are printed. The path - reads standard input and prints the result.
    """
    from rechat.cli.folder.fmt import fmt as format_files  # noqa: PLC0415

    format_files(path or [Path(FOLDER)], check=check, diff=diff)
