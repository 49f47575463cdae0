"""How processes that record into one folder coordinate: which requests they are sending to an
upstream, and which files they have written.

1. A request is a byte of a file (`.wire/claims`), far behind its end, that is locked by the process
   that sends it. Nothing is written for it, and the lock is released when a process dies.
2. Files that were written are lines of the same file: JSON of the process id and the name.
3. Windows has no such locks, and a folder may not be writable: then nothing is shared, and each
   process asks for itself.
"""

import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rechat.store.atomic import hide_from_git
from rechat.store.atomic import make_folder
from rechat.store.watching import mounts
from rechat.values import JsonError
from rechat.values import jsontext

_NAME = "claims"
# Where the locked bytes begin, and how many there are.
_FAR = 1 << 40
_MANY = 1 << 40
# A longer file is truncated.
_LONG = 1 << 20
# News of up to this many bytes is read at once.
_LITTLE = 1 << 12


class Claims:
    """The claims of this process in the folder `wire`, which is made if there is anything to claim.
    One thread claims, and another one may tell of files.
    """

    def __init__(self, wire: Path) -> None:
        self._wire = wire
        self._handle: int | None = None
        # What is told from now on is news, before the first claim too.
        self._read = _size_of(wire / _NAME)
        self._opening = threading.Lock()
        self._is_off = sys.platform == "win32"
        self._is_local = False

    @property
    def is_quick(self) -> bool:
        """Whether to claim a request, and to hear of the others, takes no time: the file is open
        and on this machine, and little was told of late.
        """
        if self._handle is None or not self._is_local:
            return False
        return 0 <= os.fstat(self._handle).st_size - self._read <= _LITTLE

    def take(self, key: bytes) -> bool:
        """Claim a request; False if another process has it."""
        handle = self._open()
        if handle is None or sys.platform == "win32":
            return True
        import fcntl  # noqa: PLC0415  # POSIX only

        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _place(key))
        except (BlockingIOError, PermissionError):
            return False
        except OSError:  # a file system without locks
            self._is_off = True
        return True

    def release(self, key: bytes) -> None:
        """Let go of a request."""
        if self._handle is None or sys.platform == "win32":
            return
        import fcntl  # noqa: PLC0415  # as above

        with suppress(OSError):
            fcntl.lockf(self._handle, fcntl.LOCK_UN, 1, _place(key))

    def tell(self, name: str) -> None:
        """Tell the others of a file that was written, by its path from the folder's home."""
        handle = self._open()
        if handle is None:
            return
        with suppress(OSError):
            if os.fstat(handle).st_size > _LONG:
                os.ftruncate(handle, 0)
            os.write(handle, f"{jsontext.dump([os.getpid(), name])}\n".encode())

    def news(self) -> list[str]:
        """The files that other processes have written since this was asked last."""
        handle = self._open()
        if handle is None:
            return []
        size = os.fstat(handle).st_size
        if size < self._read:
            self._read = 0
        told = os.pread(handle, size - self._read, self._read)
        whole = told[: told.rfind(b"\n") + 1]
        self._read += len(whole)
        return list(dict.fromkeys(_names(whole.decode("utf-8", "replace"))))

    def _open(self) -> int | None:
        """The file, opened once: closing any handle of it would let go of all claims."""
        with self._opening:
            if self._handle is None and not self._is_off:
                try:
                    self._handle = self._opened()
                except OSError:
                    self._is_off = True
            return None if self._is_off else self._handle

    def _opened(self) -> int:
        if not self._wire.is_dir():
            make_folder(self._wire.parent)
            # What is in it may be lost, so a request need not wait for the disk.
            self._wire.mkdir(exist_ok=True)
            hide_from_git(self._wire, is_lasting=False)
        self._is_local = not mounts.remote([self._wire])
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        return os.open(self._wire / _NAME, flags, 0o666)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _place(key: bytes) -> int:
    digest = hashlib.blake2b(key, digest_size=5).digest()
    return _FAR + int.from_bytes(digest) % _MANY


def _names(lines: str) -> Iterator[str]:
    """The names of files in lines of others."""
    for line in lines.split("\n"):
        # Half a line may be left of a process that was killed.
        with suppress(JsonError):
            match jsontext.parse(line):
                case [int(process), str(name)] if process != os.getpid():
                    yield name
