"""Received data, written to disk before it is processed: it survives if the process is killed in
the next moment, and another process continues from it.

A file is the tape of one process that asked one question, perhaps several times. It is a sequence
of records: a request is sent, data has arrived, the connection has ended. The process holds a lock
on a file beside it, so that others can tell whether it is still receiving. Tapes are in a private
temporary folder of the user, which nobody else may read.
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
# Abandoned tapes are removed after this many seconds.
_KEPT = 24 * 3600.0
# How many seconds to wait for a lock that nobody else should hold.
_PATIENCE = 1.0


class Tape:
    """Records received data while a block runs. If the disk is full, or nothing can be written, it
    contains less, and whoever reads it asks again.
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
        """Record that a request is sent now."""
        self._began = perf_counter()
        self._write(SENT, time.time())

    def hear(self, data: bytes) -> None:
        """Record received data."""
        self._write(CAME, (perf_counter() - self._began) * 1000, data)

    def end(self) -> None:
        """Record that the connection has ended."""
        self._write(ENDED, (perf_counter() - self._began) * 1000)

    def give_up(self) -> None:
        """Record that the answer is no longer awaited."""
        self._write(GIVEN_UP, (perf_counter() - self._began) * 1000)

    def _write(self, kind: bytes, moment: float, data: bytes = b"") -> None:
        if not self._file:
            return
        record = _RECORD.pack(kind, moment, len(data)) + data
        try:
            is_whole = self._file.write(record) == len(record)
        except OSError:
            is_whole = False
        if not is_whole:  # what follows would not be aligned
            self._file.close()
            self._file = None


def records(path: Path) -> Iterator[tuple[bytes, float, bytes]]:
    """The records on a tape, up to one that was truncated by the end of its process."""
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
    """Remove the tapes of these names from this machine, and folders that have no others."""
    found = [path for name in names for path in tapes(name)]
    for path in found:
        for one in (path, path.with_name(f"{path.name}.lock")):
            with suppress(OSError):
                one.unlink()
    for folder in {path.parent for path in found}:
        with suppress(OSError):
            folder.rmdir()


def shelf() -> str:
    """An identifier of this machine's tapes, which differs from that of any other; empty if it
    cannot have any.
    """
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
    """The folder of all tapes; None if there is none that belongs to the user."""
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
    """The current user; not every process has a name for it."""
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()
