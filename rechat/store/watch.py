"""Hot reload: what editors and other processes do to the folder, as batches of paths that changed.

Editors write in place, or write a new file and rename it over the old one, or both with a backup in
between; a checkout changes hundreds of files at once. So an event only says "look at this path
again", and paths are collected until a short quiet time has passed.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import DirCreatedEvent
from watchdog.events import DirDeletedEvent
from watchdog.events import DirMovedEvent
from watchdog.events import FileClosedEvent
from watchdog.events import FileCreatedEvent
from watchdog.events import FileDeletedEvent
from watchdog.events import FileModifiedEvent
from watchdog.events import FileMovedEvent
from watchdog.events import FileSystemEvent
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

# Long enough for an editor's write and rename to come together, short enough not to be noticed.
QUIET = 0.02
# But who never pauses is looked at all the same.
AT_MOST = 0.1
# Reading a file changes nothing, and what changes in a folder has events of its own. What is not
# asked for costs nothing: each event wakes three threads of watchdog.
_CHANGES: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


class Watch:
    """Watches folders and calls `changed` with the paths that changed, from a thread of its own."""

    def __init__(self, roots: tuple[Path, ...], changed: Callable[[set[Path]], None]) -> None:
        self._changed = changed
        self._paths: set[Path] = set()
        self._condition = threading.Condition()
        self._is_over = False
        self._observer = Observer()
        self._thread = threading.Thread(target=self._deliver, name="rechat-watch", daemon=True)
        for folder, is_recursive in _folders(roots).items():
            handler = _Handler(self._seen, roots)
            self._observer.schedule(
                handler, str(folder), recursive=is_recursive, event_filter=_CHANGES
            )

    def __enter__(self) -> Self:
        self._observer.start()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._observer.stop()
        self._observer.join()
        with self._condition:
            self._is_over = True
            self._condition.notify()
        self._thread.join()

    def _seen(self, path: Path) -> None:
        with self._condition:
            self._paths.add(path)
            self._condition.notify()

    def _deliver(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._paths or self._is_over)
                latest = time.monotonic() + AT_MOST
                while (
                    not self._is_over and time.monotonic() < latest and self._condition.wait(QUIET)
                ):
                    pass
                if self._is_over:
                    return
                paths, self._paths = self._paths, set()
            self._changed(paths)


class _Handler(FileSystemEventHandler):
    """Gives the paths of events as they are named in `roots`: relative if those are."""

    def __init__(self, seen: Callable[[Path], None], roots: tuple[Path, ...]) -> None:
        self._report = seen
        self._names = [(root.resolve(), root) for root in roots]

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note the path, and where it was moved to."""
        for name in (event.src_path, event.dest_path):
            if name:
                self._note(Path(name if isinstance(name, str) else name.decode()))

    def _note(self, path: Path) -> None:
        for absolute, root in self._names:
            if path == absolute:
                self._report(root)
            elif absolute in path.parents:
                self._report(root / path.relative_to(absolute))


def _folders(roots: tuple[Path, ...]) -> dict[Path, bool]:
    """What to watch, and whether with all below: folders, and the folder of a single file."""
    folders: dict[Path, bool] = {}
    for root in roots:
        if root.is_file():
            folders.setdefault(root.resolve().parent, False)
        else:
            folders[root.resolve()] = True
    return folders
