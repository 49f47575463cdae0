"""Files read side by side, by processes started from scratch."""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

_MOST = 8
# So many files are handed out at a time.
_CHUNK = 50

# What a worker reads with; each process has its own.
_reader: Any = None


def read_side_by_side[A, R](
    paths: list[Path],
    make_reader: Callable[[A], Callable[[Path], R]],
    argument: A,
) -> Iterator[R]:
    """What a reader says of each path, in order; each process makes one from the argument. Both
    functions have to be a module's own. Raises `BrokenExecutor` where no process can be started.
    """
    # Few folders are so large, and every server would wait for this.
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    context = multiprocessing.get_context("spawn")
    count = min(os.cpu_count() or 1, _MOST)
    begin = partial(_begin, make_reader, argument)
    with ProcessPoolExecutor(count, context, begin) as pool:
        yield from pool.map(_read, paths, chunksize=_CHUNK)


def _begin[A](make_reader: Callable[[A], Callable[[Path], object]], argument: A) -> None:
    global _reader  # noqa: PLW0603  # a process has one task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    _reader = make_reader(argument)


def _read(path: Path) -> Any:
    return _reader(path)
