"""Which files of a folder are transcripts."""

import os
from collections.abc import Iterator
from pathlib import Path

ASSETS = "assets"
# What people and other programs end the names of Markdown files in; only `.md` is read.
_ALSO_MARKDOWN = (".markdown", ".mdown", ".mdx", ".mkd")


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
    return (Path(*parts) for parts in sorted(_files_in(root)) if parts[-1].endswith(".md"))


def misnamed_in(root: Path) -> Iterator[Path]:
    """The files below a folder that are no transcripts only because of how their names end."""
    for path in (Path(*parts) for parts in sorted(_files_in(root))):
        suffix = path.suffix.lower()
        is_markdown = suffix in _ALSO_MARKDOWN or (suffix == ".md" and path.suffix != ".md")
        if is_markdown and path.stem != "README":
            yield path


def _files_in(root: Path) -> Iterator[tuple[str, ...]]:
    """The parts of the paths of files below a folder: none that is hidden, an asset or a README."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name != ASSETS]
        above = Path(folder).parts
        yield from (
            (*above, name) for name in names if not name.startswith(".") and name != "README.md"
        )
