"""Which files of a folder are transcripts."""

import os
from collections.abc import Iterator
from pathlib import Path

ASSETS = "assets"


def is_transcript(relative: Path) -> bool:
    """Whether a file in a folder of transcripts is one, by its path: not hidden, no asset, no
    README.
    """
    hidden = any(part.startswith(".") for part in relative.parts)
    return (
        relative.suffix == ".md"
        and not hidden
        and ASSETS not in relative.parts[:-1]
        and relative.name != "README.md"
    )


def transcripts_in(root: Path) -> Iterator[Path]:
    """The transcripts below a folder, in order."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name != ASSETS]
        found += [
            (*Path(folder).parts, name)
            for name in names
            if name.endswith(".md") and not name.startswith(".") and name != "README.md"
        ]
    return (Path(*parts) for parts in sorted(found))
