"""`rechat merge` as git calls it."""

from pathlib import Path
from typing import Annotated

import typer


def merge(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="What both versions come from.")],
    ours: Annotated[
        Path, typer.Argument(metavar="OURS", help="The one version; it becomes the joined one.")
    ],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", help="The other version.")],
    name: Annotated[
        str, typer.Argument(metavar="[PATH]", help="The name of the file in the repository.")
    ] = "",
    marker_size: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="How long the marks of a conflict are."),
    ] = 7,
) -> None:
    """Join two versions of a transcript.

    git calls it, if `rechat init` was run in the clone. Where both branches added turns or takes,
    the result has those of both; turns that go on in another way become a section of their own.
    What git can merge by itself is merged as ever. Exit with 1 if there is a conflict.
    """
    from rechat.cli import git  # noqa: PLC0415

    git.merge(base, ours, theirs, name or str(ours), marker_size)
