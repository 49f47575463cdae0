"""File changes on macOS and Windows. They report little about links, and nothing about folders that
are replaced, so all files have to be checked from time to time as well.
"""

import os
from collections.abc import Callable
from pathlib import Path

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

from rechat.store.known import News
from rechat.store.watching.plan import NOTHING
from rechat.store.watching.plan import Plan

# Reading a file changes nothing, and changes in a folder have their own events.
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


class Native(FileSystemEventHandler):
    """Calls `changed`, from a thread of its own, with the path of each changed file, and with None
    if all files have to be checked.
    """

    def __init__(self, changed: Callable[[Path | None], None], _news: News) -> None:
        self._changed = changed
        self._plan = NOTHING
        self._tops: set[Path] = set()
        self._observer = Observer()
        self._observer.start()

    def follow(self, plan: Plan) -> None:
        """Watch what is planned, and nothing else. Raises `OSError` if the system refuses."""
        self._plan = plan
        tops = {top for top in plan.inside if not any(one in plan.inside for one in top.parents)}
        if tops != self._tops:
            self._observer.unschedule_all()
            for top in tops:
                self._observer.schedule(self, str(top), recursive=True, event_filter=_CHANGES)
            self._tops = tops

    def close(self) -> None:
        """Stop watching."""
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Report the path, and where it was moved to."""
        for path in (Path(os.fsdecode(name)) for name in (event.src_path, event.dest_path) if name):
            is_link = event.event_type != "modified" and path.is_symlink()
            may_lead = event.is_directory or is_link
            for concerned in self._plan.concerned(path.parent, path.name, may_lead=may_lead):
                self._changed(concerned)
