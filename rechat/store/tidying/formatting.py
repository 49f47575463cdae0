"""Transcripts on the disk in their canonical form; many of them by several processes."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from rechat.format import formatted
from rechat.format import repaired
from rechat.format import source
from rechat.store.known import Problem
from rechat.store.known import content_of
from rechat.store.parallel import read_side_by_side
from rechat.store.rewriting import Rewrite
from rechat.values import RechatError
from rechat.values import TranscriptError

# From this many files on, starting worker processes is worth it.
_MANY = 1000


def format_all(paths: list[Path], *, repairs: bool = False) -> Iterator[Rewrite | Problem | None]:
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


def _formatter(repairs: bool) -> Callable[[Path], Rewrite | Problem | None]:  # noqa: FBT001
    return partial(_format_file, repairs=repairs)


def _format_file(path: Path, *, repairs: bool) -> Rewrite | Problem | None:
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
    return Rewrite(path, before, after) if after != before else None
