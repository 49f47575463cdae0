"""What was heard of an answer, on the disk before anybody has looked at it: it is there even if the
process is killed in the next moment, and another one goes on from it.

A file is the tape of one process that asked one question, perhaps several times. It is a row of
records: a request is sent, bytes have come, the connection has ended. The process holds a lock
beside it, so that others can tell whether it still listens. Tapes lie in a folder of the user's own
for temporary files; nobody else may read them.
"""

import getpass
import os
import shutil
import stat
import struct
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from io import FileIO
from pathlib import Path
from time import perf_counter
from typing import Self
from uuid import uuid4

from filelock import FileLock
from filelock import Timeout

_RECORD = struct.Struct("<cdI")
SENT, CAME, ENDED, GIVEN_UP = b"?", b"+", b".", b"!"
# Tapes that nobody has come back for are removed after so many seconds.
_KEPT = 24 * 3600.0
# So many seconds a lock is waited for that nobody else can have.
_PATIENCE = 1.0


class Tape:
    """Takes down what is heard, for as long as a block takes. If the disk is full, or nothing can
    be written, it holds less: whoever plays it asks once more.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = 0.0
        self._file: FileIO | None = None
        self._lock: FileLock | None = None

    def __enter__(self) -> Self:
        root = _root()
        if self._name and root:
            with suppress(OSError, Timeout):
                self._open(root / f"{self._name}.{uuid4().hex[:8]}")
        return self

    def _open(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self._lock = FileLock(f"{path}.lock")
        self._lock.acquire(timeout=_PATIENCE)
        self._file = path.open("xb", buffering=0)

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()
        if self._lock:
            self._lock.release()

    def send(self) -> None:
        """Note that a request is sent now."""
        self._began = perf_counter()
        self._write(SENT, time.time())

    def hear(self, data: bytes) -> None:
        """Note what has come."""
        self._write(CAME, (perf_counter() - self._began) * 1000, data)

    def end(self) -> None:
        """Note that the connection has ended."""
        self._write(ENDED, (perf_counter() - self._began) * 1000)

    def give_up(self) -> None:
        """Note that nobody listens any longer."""
        self._write(GIVEN_UP, (perf_counter() - self._began) * 1000)

    def _write(self, kind: bytes, moment: float, data: bytes = b"") -> None:
        if not self._file:
            return
        record = _RECORD.pack(kind, moment, len(data)) + data
        try:
            is_whole = self._file.write(record) == len(record)
        except OSError:
            is_whole = False
        if not is_whole:  # what follows would not fit to it
            self._file.close()
            self._file = None


def records(path: Path) -> Iterator[tuple[bytes, float, bytes]]:
    """The records on a tape, up to one that the end of its process has cut."""
    try:
        tape = path.read_bytes()
    except OSError:
        return
    at = 0
    while len(tape) - at >= _RECORD.size:
        kind, moment, length = _RECORD.unpack_from(tape, at)
        begin, at = at + _RECORD.size, at + _RECORD.size + length
        if at > len(tape):
            return
        yield kind, moment, tape[begin:at]


def erase(names: Iterable[str]) -> None:
    """Remove the tapes of these names from this machine, and the folders that have no others."""
    found = [path for name in names for path in tapes(name)]
    for path in found:
        for one in (path, path.with_name(f"{path.name}.lock")):
            with suppress(OSError):
                one.unlink()
    for folder in {path.parent for path in found}:
        with suppress(OSError):
            folder.rmdir()


def shelf() -> str:
    """Tells the machine's tapes from those of any other one; empty if it cannot have any."""
    root = _root()
    if not root:
        return ""
    label = root / "label"
    with suppress(OSError), FileLock(root / "label.lock"):
        if not label.exists():
            label.write_text(uuid4().hex, "ascii")
        return label.read_text("ascii")
    return ""


def tapes(name: str) -> list[Path]:
    """The tapes of this name on this machine."""
    root = _root()
    if not name or not root:
        return []
    group, _, own = name.rpartition("/")
    return [path for path in (root / group).glob(f"{own}.*") if path.suffix != ".lock"]


@cache
def _root() -> Path | None:
    """The folder of all tapes; None if there is none that is the user's own."""
    root = Path(tempfile.gettempdir()) / f"rechat-tapes-{_user()}"
    try:
        root.mkdir(mode=0o700, exist_ok=True)
        found = root.lstat()
        old = [one for one in root.iterdir() if one.stat().st_mtime < time.time() - _KEPT]
    except OSError:
        return None
    is_private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if hasattr(os, "getuid") and not (is_private and found.st_uid == os.getuid()):
        return None
    for one in old:
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
    return root


def _user() -> str:
    """Who runs this; not everyone has a name."""
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()
