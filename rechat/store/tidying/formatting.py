"""Transcripts on the disk in their canonical form; many of them by several processes."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import nullcontext
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock

from rechat.format import formatted
from rechat.format import repaired
from rechat.format import source
from rechat.store.atomic import write_atomic
from rechat.store.known import Problem
from rechat.store.known import content_of
from rechat.store.parallel import read_side_by_side
from rechat.store.sidecars import WIRE
from rechat.values import RechatError
from rechat.values import TranscriptError

# So many files are worth the start of some processes.
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Formatted:
    """The bytes of a file, and those that it is to have: its canonical form, or what a person
    wrote.
    """

    path: Path
    before: bytes
    after: bytes


def format_all(paths: list[Path], *, repairs: bool = False) -> Iterator[Formatted | Problem | None]:
    """For each path, in order: its canonical form if it has another one, the problem of a file that
    has none, or None. If it `repairs`, headings that can only mean one thing are corrected too.
    Nothing is written.
    """
    rest = iter(paths)
    if len(paths) >= _MANY:
        # A program that cannot start itself again goes on alone.
        with suppress(BrokenExecutor):
            for found in read_side_by_side(paths, _formatter, repairs):
                next(rest)
                yield found
    yield from map(_formatter(repairs), rest)


def put_in_place(root: Path, change: Formatted, to: Path | None = None) -> bool:
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


def _formatter(repairs: bool) -> Callable[[Path], Formatted | Problem | None]:  # noqa: FBT001
    return partial(_format_file, repairs=repairs)


def _format_file(path: Path, *, repairs: bool) -> Formatted | Problem | None:
    name = path.as_posix()
    try:
        before = content_of(path)
        text = source.decode(before)
        after = source.splice(before, formatted(repaired(text) if repairs else text))
    except TranscriptError as error:
        return Problem(name, error.line, error.message, error.code)
    except RechatError as error:
        return Problem(name, 1, str(error))
    except OSError as error:
        return Problem(name, 1, f"cannot be read: {error.strerror}")
    return Formatted(path, before, after) if after != before else None
