"""Hot reload: changes by editors and other processes, as batches of transcripts.

1. Editors write in place, or write a new file and rename it over the old one, or both with a backup
   in between; a checkout changes thousands of files at once. So an event only means "check this
   path again", and paths are collected until a short quiet period has passed.
2. If a folder appears or disappears, if a name changes that leads to one, or if the system lost
   events, all files are compared with what is known about them. The same is done at the start,
   since files may have changed while they were loaded.
3. Where the system reports nothing, that comparison is repeated periodically.
"""

import asyncio
import errno
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from rechat.store.known import News
from rechat.store.watching import mounts
from rechat.store.watching.plan import NOTHING
from rechat.store.watching.plan import plan_of
from rechat.values import reason_of

if sys.platform == "linux":
    from rechat.store.watching.inotify import Inotify as System

    # The system reports everything.
    _BESIDE: float | None = None
else:
    from rechat.store.watching.native import Native as System

    _BESIDE = 2.0

# Long enough for an editor's write and rename to arrive together, short enough not to be noticed.
QUIET = 0.02
# Continuous changes are processed after this time.
AT_MOST = 0.1
# Seconds between two checks of all files, if the system reports nothing.
EVERY = 1.0
# In a large folder a check takes time: the pause is this many times as long.
_PAUSE = 20


class Watched(Protocol):
    """Known files that may change."""

    @property
    def roots(self) -> tuple[Path, ...]:
        """The files and folders."""

    def touched(self, paths: Iterable[Path]) -> list[Path]:
        """The files that a change of these paths affects."""

    def changed(self) -> list[Path]:
        """The files that may have changed, by checking all."""

    def links(self) -> set[str]:
        """The paths of all files that they link to."""

    @property
    def news(self) -> News:
        """Where changed files that were not read again yet are reported."""


class Watch:
    """Watches files and calls `changed` with those that changed, from a thread of its own; if it
    `polls`, it checks all of them periodically instead of relying on the system. `warn` is called
    with problems.
    """

    def __init__(
        self,
        files: Watched,
        changed: Callable[[list[Path]], None],
        warn: Callable[[str], None],
        *,
        polls: bool = False,
    ) -> None:
        self._files = files
        self._changed = changed
        self._warn = warn
        self._system: System | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._every = EVERY if polls else _BESIDE
        self._plan = NOTHING
        self._links: set[str] = set()
        self._paths: set[Path] = set()
        # Files may have changed since they were loaded.
        self._is_all = True
        self._missing: set[Path] = set()
        self._took = 0.0
        self._is_over = False
        self._condition = threading.Condition()
        self._thread = threading.Thread(target=self._deliver, name="rechat-watch", daemon=True)
        self._polls = polls

    def __enter__(self) -> Self:
        if not self._polls:
            self._ask_system()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._condition:
            self._is_over = True
            self._condition.notify()
        self._thread.join()
        if self._system:
            self._end(self._system)

    def tell_at_once(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let an event loop know about a change before it answers requests that come after it. (The
        system wakes waiters in the order of events.) To be called on the loop.
        """
        if sys.platform == "linux" and self._system:
            self._loop = loop
            self._files.news.follow(self._system.has_unread)
            loop.add_reader(self._system, self._noticed, self._system)

    def _ask_system(self) -> None:
        if found := mounts.remote(self._files.roots):
            path, kind = found
            self._poll(f"{path} is on {kind}, which does not report what other machines change")
            return
        try:
            self._system = System(self._seen, self._files.news)
        except OSError as error:
            self._poll(_reason(error))

    def _poll(self, reason: str) -> None:
        """Poll from now on, since the system reports nothing."""
        if self._system and self._loop:
            self._loop.call_soon_threadsafe(self._end, self._system)
        elif self._system:
            self._end(self._system)
        self._system, self._every = None, EVERY
        self._warn(f"{reason}: rechat looks for changed files every second instead")

    def _end(self, system: System) -> None:
        if sys.platform == "linux" and self._loop:
            self._loop.remove_reader(system)
            self._files.news.follow(lambda: False)
        system.close()

    if sys.platform == "linux":

        def _noticed(self, system: System) -> None:
            system.noticed()
            self._files.news.notice()

    def _seen(self, path: Path | None) -> None:
        concerned = self._files.touched([path]) if path else [None]
        with self._condition:
            self._files.news.come(concerned)
            if path:
                self._paths.add(path)
            else:
                self._is_all = True
            self._condition.notify()

    def _deliver(self) -> None:
        while self._wait():
            with self._condition:
                paths, self._paths = self._paths, set()
                is_all, self._is_all = self._is_all, False
                told = self._files.news.told
            try:
                self._tell(self._look() if is_all else self._files.touched(paths))
            except Exception as error:  # noqa: BLE001  # the next change is told all the same
                self._warn(f"an edited file could not be taken in: {reason_of(error)}")
            finally:
                self._files.news.taken_in(told)

    def _tell(self, found: list[Path]) -> None:
        if found:
            self._changed(found)
            self._look_for_links()

    def _wait(self) -> bool:
        """Wait until there is something to check; False at the end."""
        with self._condition:
            pause = self._every and max(self._every, _PAUSE * self._took)
            if not self._condition.wait_for(lambda: self._has_news, pause):
                self._is_all = True
                return True
            latest = time.monotonic() + max(AT_MOST, 2 * self._took)
            while not self._is_over and time.monotonic() < latest and self._condition.wait(QUIET):
                pass
            return not self._is_over

    @property
    def _has_news(self) -> bool:
        return bool(self._paths) or self._is_all or self._is_over

    def _look(self) -> list[Path]:
        """Check all files, once everything that exists is watched."""
        started = time.monotonic()
        if self._system:
            self._follow(self._system)
        self._tell_missing()
        found = self._files.changed()
        self._took = time.monotonic() - started
        return found

    def _follow(self, system: System) -> None:
        """Let the system watch. A folder that is created meanwhile is in the next plan."""
        self._links = self._files.links()
        plan = NOTHING
        try:
            while plan != (now := plan_of(self._files.roots, self._links)):
                plan = now
                system.follow(plan)
        except OSError as error:
            self._poll(_reason(error))
        self._plan = plan

    def _look_for_links(self) -> None:
        """Check again if there are links to files that are not watched."""
        links = self._files.links()
        if not all(map(self._plan.reaches, links - self._links)):
            self._seen(None)
        self._links = links

    def _tell_missing(self) -> None:
        missing = {root for root in self._files.roots if not root.exists()}
        for root in sorted(missing - self._missing):
            self._warn(f"{root} does not exist any more: its answers are not served")
        self._missing = missing


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC:
            return "no inotify watches are left (fs.inotify.max_user_watches)"
        case errno.EMFILE:
            return "no inotify instances are left (fs.inotify.max_user_instances)"
    return f"the system does not report changed files ({error.strerror})"
