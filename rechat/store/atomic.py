"""Files written so that nobody ever sees half of one."""

import os
import secrets
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

_UNFINISHED = ".rechat-part"
# Who may read and write a new file, but for whom the umask of the process leaves out.
_EVERYBODY = 0o666


def write_new(path: Path, content: bytes, *, is_lasting: bool = True) -> None:
    """Write a file that is named after its content, unless it is there as it was written: git may
    have changed its line ends, or a crash truncated it.
    """
    if not path.exists() or path.stat().st_size != len(content):
        make_folder(path.parent)
        write_atomic(path, content, is_lasting=is_lasting)


def write_atomic(path: Path, content: bytes, *, is_lasting: bool = True) -> None:
    """Replace a file: who reads it meanwhile, or after a crash, finds the old bytes or the new
    ones. If `is_lasting`, the new ones are on the disk when this returns, and found there under
    their name.
    """
    was_there = path.exists()
    mode = stat.S_IMODE(path.stat().st_mode) if was_there else _EVERYBODY
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_UNFINISHED}")
    try:
        # From its first byte on no more people may read it than may read the old one.
        with open(part, "xb", opener=partial(os.open, mode=mode)) as file:
            if was_there:
                part.chmod(mode)
            file.write(content)
            if is_lasting:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
        if is_lasting:
            _sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def make_folder(path: Path) -> None:
    """Make a folder and those above it, unless they are there. They are found after a crash."""
    if path.is_dir():
        return
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        _sync_folder(folder.parent)


def hide_from_git(folder: Path, *, is_lasting: bool = True) -> None:
    """Let git ignore a folder with all in it, unless it says otherwise. Raises `OSError`."""
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write_atomic(ignore, b"*\n", is_lasting=is_lasting)


def remove_unfinished(root: Path, seconds: float = 0.0) -> None:
    """Remove what a crash left in a folder and those below it of files that were being written, if
    it is so many seconds old.
    """
    latest = time.time() - seconds
    for path in _unfinished(root):
        # It may just be gone, or not be ours to remove: it does no harm.
        with suppress(OSError):
            if path.stat().st_mtime <= latest:
                path.unlink()


def _unfinished(root: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(root):
        yield from (Path(folder, name) for name in names if name.endswith(_UNFINISHED))


def _sync_folder(folder: Path) -> None:
    """Have a new name on the disk; Windows has no way to ask for it."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_back(before: Mapping[Path, bytes | None]) -> None:
    """Have files say again what they said; None is one that was not there. Raises `OSError`."""
    for path, content in before.items():
        if content is None:
            path.unlink(missing_ok=True)
        else:
            write_atomic(path, content)
