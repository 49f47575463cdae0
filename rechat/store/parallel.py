"""Files read side by side, by several processes."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

_MOST = 8
# The number of files handed to a worker at a time.
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

    context = multiprocessing.get_context(_way_to_start())
    count = min(os.cpu_count() or 1, _MOST)
    begin = partial(_begin, make_reader, argument)
    with ProcessPoolExecutor(count, context, begin) as pool:
        yield from pool.map(_read, paths, chunksize=_CHUNK)


def _way_to_start() -> Literal["fork", "spawn"]:
    """A copy of this process has imported all that it needs. With other threads, which a copy does
    not have, or where copies are not safe, processes start from scratch.
    """
    is_alone = threading.active_count() == 1 and sys.platform == "linux"
    return "fork" if is_alone else "spawn"


def _begin[A](make_reader: Callable[[A], Callable[[Path], object]], argument: A) -> None:
    global _reader  # noqa: PLW0603  # a process has one task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    _reader = make_reader(argument)


def _read(path: Path) -> Any:
    return _reader(path)
