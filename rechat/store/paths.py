"""Which files of a folder are transcripts, and which are assets."""

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rechat.values import UsageError
from rechat.values import assets

ASSETS = "assets"
_README = "README.md"
# What people and other programs end the names of Markdown files in; only `.md` is read.
_ALSO_MARKDOWN = (".markdown", ".mdown", ".mdx", ".mkd")

_MODULES = ".gitmodules"
NOT_CHECKED_OUT = (
    "is a submodule that git has not checked out: run `git submodule update --init --recursive`"
)
"""What is wrong with an empty folder in the place of a submodule, and what to do."""

_MESSAGE = re.compile(rb"^### (?:system|developer|user)\r?$", re.MULTILINE)
_CODE = re.compile(rb"^(`{3,}+|~{3,}+).*?^\1", re.MULTILINE | re.DOTALL)
_TOP = 10_000
# A URL that a `Path` was made of: it has lost a slash.
_URL = re.compile(r"(https?):/+(?=[^/])")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it is named, where it really is, and what is in it that is not hidden: the names
    of folders and files, and which of both are symbolic links.
    """

    path: Path
    real: Path
    folders: list[str]
    files: list[str]
    links: set[str]


def is_transcript(relative: Path) -> bool:
    """Whether a file in a folder of transcripts is one, by its path: not hidden, no asset, no
    README.
    """
    hidden = any(part.startswith(".") for part in relative.parts)
    return (
        relative.suffix == ".md"
        and not hidden
        and ASSETS not in relative.parts[:-1]
        and relative.name != _README
    )


def check_root(path: Path) -> None:
    """Raise `UsageError` if a file or folder of transcripts is not there."""
    check_checked_out(path)
    if not path.exists():
        if url := _URL.match(str(path)):
            address = f"{url[1]}://{str(path)[url.end() :]}"
            raise UsageError(
                f"{address} is no file or folder of transcripts: only `rechat record {address}` "
                "asks an upstream"
            )
        raise UsageError(
            f"{path} does not exist: create it, or name a file or folder of transcripts"
        )


def check_checked_out(path: Path) -> None:
    """Raise `UsageError` if a path is, or would be, in a submodule that is not checked out."""
    real = path.resolve()
    for missing in _missing_submodules(real):
        if missing == real:
            raise UsageError(f"{path} {NOT_CHECKED_OUT}")
        if missing in real.parents:
            raise UsageError(f"{path} is in {missing}, which {NOT_CHECKED_OUT}")


def missing_submodules_in(root: Path) -> Iterator[Path]:
    """The submodules below a folder that git has not checked out: none of their files is there."""
    real = root.resolve()
    below = (path for path in _missing_submodules(real) if real in path.parents)
    return (root / path.relative_to(real) for path in below)


def _missing_submodules(real: Path) -> Iterator[Path]:
    """Those around and below a folder. Each has an empty folder in its place."""
    tops = [folder for folder in (real, *real.parents) if (folder / _MODULES).is_file()]
    while tops:
        top = tops.pop()
        for path in _submodules_of(top):
            if _is_empty(path):
                yield path
            elif path.is_relative_to(real) and (path / _MODULES).is_file():
                tops.append(path)


def _submodules_of(top: Path) -> list[Path]:
    try:
        listed = (top / _MODULES).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    return [top / name for name in re.findall(r"^\s*path\s*=\s*(.*?)\s*$", listed, re.MULTILINE)]


def _is_empty(folder: Path) -> bool:
    try:
        return folder.is_dir() and not any(folder.iterdir())
    except OSError:
        return False  # not ours to look into


def files_of(roots: Iterable[Path]) -> dict[Path, None]:
    """The transcripts that are these files or in these folders, in order, each once."""
    found: dict[Path, None] = {}
    for root in roots:
        found |= dict.fromkeys([root] if root.is_file() else transcripts_in(root))
    return found


def transcripts_in(root: Path) -> Iterator[Path]:
    """The transcripts below a folder, in order."""
    return (Path(*parts) for parts in sorted(_files_in(root)) if parts[-1].endswith(".md"))


def misnamed_in(root: Path) -> Iterator[Path]:
    """The files below a folder that are no transcripts only because of how their names end, by
    these names or by their first message.
    """
    for folder in folders_in(root, without=ASSETS):
        readme = folder.path / _README
        if _README in folder.files and _has_message(readme):
            yield readme
    others = (parts for parts in sorted(_files_in(root)) if not parts[-1].endswith(".md"))
    for path in (Path(*parts) for parts in others):
        suffix = path.suffix.lower()
        is_markdown = suffix in (*_ALSO_MARKDOWN, ".md")
        is_renamed = suffix == ".txt" and (path.stem.lower().endswith(".md") or _has_message(path))
        if (is_markdown or is_renamed) and path.stem != "README":
            yield path


def _has_message(path: Path) -> bool:
    """Whether a message begins near the top of a file, and not in code that it shows."""
    with suppress(OSError), path.open("rb") as file:
        return bool(_MESSAGE.search(_CODE.sub(b"", file.read(_TOP))))
    return False


def assets_in(root: Path) -> Iterator[Path]:
    """The files below a folder that are named after their bytes, in order."""
    folders = (folder for folder in folders_in(root) if folder.path.name == ASSETS)
    found = sorted(folder.path / name for folder in folders for name in folder.files)
    return (path for path in found if assets.is_named(path.as_posix()))


def folders_in(root: Path, *, without: str = "") -> Iterator[Folder]:
    """A folder and those below it that are not hidden, also where a symbolic link leads to one.
    Each is there once: under its own name if it has one below the root. Folders that are named
    `without` are left out, with all in them.
    """
    found: set[Path] = set()
    links = deque([(root, root.resolve())])
    while links:
        below = [links.popleft()]
        while below:
            path, real = below.pop()
            folder = None if real in found else _listed(path, real)
            if folder:
                found.add(real)
                yield folder
                for name in folder.folders:
                    inner = path / name
                    if name == without:
                        continue
                    if name in folder.links:
                        links.append((inner, inner.resolve()))
                    else:
                        below.append((inner, real / name))


def _listed(path: Path, real: Path) -> Folder | None:
    """What is in a folder; None if it is just gone, or not ours to look into."""
    folders: list[str] = []
    files: list[str] = []
    links: set[str] = set()
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    (folders if _is_folder(entry) else files).append(entry.name)
                    if entry.is_symlink():
                        links.add(entry.name)
    except OSError:
        return None
    return Folder(path, real, sorted(folders), files, links)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link into itself


def _files_in(root: Path) -> Iterator[tuple[str, ...]]:
    """The parts of the paths of files below a folder: none that is hidden, an asset or a README."""
    for folder in folders_in(root, without=ASSETS):
        parts = folder.path.parts
        yield from ((*parts, name) for name in folder.files if name != _README)
