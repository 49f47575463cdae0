"""The transcripts that a command line names."""

from collections.abc import Iterable
from pathlib import Path

from rechat.store import transcripts_in
from rechat.values import UsageError


def transcripts_of(roots: Iterable[Path]) -> dict[Path, Path]:
    """The transcripts that these files and folders are or contain, in order, each with the folder
    in which it was found. Raises `UsageError` for a path that does not exist.
    """
    found: dict[Path, Path] = {}
    for root in roots:
        if root.is_dir():
            found |= dict.fromkeys(transcripts_in(root), root)
        elif root.exists():
            found[root] = root.parent
        else:
            raise UsageError(f"{root} does not exist: name a file or folder of transcripts")
    return found
