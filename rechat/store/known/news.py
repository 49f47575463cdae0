"""Files that have changed and were not read again yet: their old contents must not be served.

Between an edit and its reload lies the quiet period of `store.watching`. A program that saves a
file and asks at once would get the old answer in that time, so the endpoint checks here first.
"""

import asyncio
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path

from rechat.store.known.files import stamp_if_any
from rechat.store.known.index_file import Stamp

# At most this many files that this process wrote last are remembered, to tell them from those that
# others change.
_OWN = 64


class News:
    """Reported changes of files that were not read again yet. The threads that watch and read
    report them, the event loop queries them.
    """

    def __init__(self) -> None:
        self._told = 0
        self._noticed = 0
        # Two threads may notice the same change.
        self._numbers = itertools.count(1)
        # By file, the number of its latest change; None stands for all files.
        self._files: dict[Path | None, int] = {}
        self._writing: Path | None = None
        # Never changed but replaced: one thread looks for a file in it while another adds one.
        self._own: tuple[tuple[Path, Stamp], ...] = ()
        self._has_unread: Callable[[], bool] = lambda: False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        """Whether there is any, or may be."""
        return bool(self._files) or self._has_unread()

    @property
    def count(self) -> int:
        """A number that changes with each report."""
        return self._told + self._noticed

    @property
    def told(self) -> int:
        """How many reports named certain files, or all."""
        return self._told

    def concerns(self, name: str) -> bool:
        """Whether a file may have changed."""
        return Path(name) in self._files or None in self._files or self._has_unread()

    def follow(self, has_unread: Callable[[], bool]) -> None:
        """From now on `has_unread` says whether the system has reported changes that were not
        reported here yet.
        """
        self._has_unread = has_unread

    def notice(self) -> None:
        """Something has changed; what it is will be reported."""
        self._noticed = next(self._numbers)

    def sorted_out(self) -> None:
        """Events have been read: the files that they concern have been reported."""
        self._wake()

    def come(self, paths: Iterable[Path | None]) -> None:
        """Report files that have changed, and with None all of them. Changes by this process are
        known already.
        """
        found = [path for path in paths if path is None or not self._is_own(path)]
        with self._lock:
            if found:
                self._told += 1
                self._files.update(dict.fromkeys(found, self._told))

    def taken_in(self, until: int) -> None:
        """Everything that had been reported when the count was `told` has been read."""
        with self._lock:
            self._files = {path: at for path, at in self._files.items() if at > until}
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for loop, future in waiting:
            with suppress(RuntimeError):  # it has been closed meanwhile
                loop.call_soon_threadsafe(_wake, future)

    @contextmanager
    def writing(self, path: Path) -> Iterator[None]:
        """While this lasts, this process changes a file and knows its contents."""
        self._writing = path
        try:
            yield
            self._own = (*self._own[1 - _OWN :], (path, stamp_if_any(path)))
        finally:
            self._writing = None

    async def wait_while(self, is_behind: Callable[[], bool], patience: float) -> None:
        """Return once that is no longer true, or after this many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while True:
                    taken_in = self._next()
                    if not is_behind():
                        return
                    await taken_in

    def _next(self) -> asyncio.Future[None]:
        """What ends when files have been taken in."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._lock:
            self._waiting.append((loop, future))
        return future

    def _is_own(self, path: Path) -> bool:
        return path == self._writing or (path, stamp_if_any(path)) in self._own


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
