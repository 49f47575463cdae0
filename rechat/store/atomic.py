"""Files written so that nobody ever sees half of one."""

import os
import shutil
import sys
import tempfile
from pathlib import Path


def write_new(path: Path, content: bytes, *, is_lasting: bool = True) -> None:
    """Write a file that is named after its content, unless it is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content, is_lasting=is_lasting)


def write_atomic(path: Path, content: bytes, *, is_lasting: bool = True) -> None:
    """Replace a file: who reads it meanwhile, or after a crash, finds the old bytes or the new
    ones. If `is_lasting`, the new ones are on the disk when this returns, and found there under
    their name.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if is_lasting:
                file.flush()
                os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        else:
            Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
        if is_lasting:
            _sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Have a new name on the disk; Windows has no way to ask for it."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
