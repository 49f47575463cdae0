"""A whole file that is to say something else: its canonical form, or what a person wrote."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from rechat.store.atomic import write_atomic
from rechat.store.known import content_of
from rechat.store.sidecars import WIRE


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The bytes of a file, and those that it is to have."""

    path: Path
    before: bytes
    after: bytes


def put_in_place(root: Path, change: Rewrite, to: Path | None = None) -> bool:
    """Write what a file is to have, `to` another path if it gets one, unless the file has changed
    meanwhile: then False. What is recorded into the folder `root` at the same time is never lost.
    Raises `OSError`.
    """
    wire = root / WIRE
    with FileLock(wire / "lock") if wire.is_dir() else nullcontext():
        if content_of(change.path) != change.before:
            return False
        write_atomic(to or change.path, change.after)
        if to and to != change.path:
            change.path.unlink()
        return True
