"""File changes on Linux: one inotify watch for each folder."""

import os
import select
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from inotify_simple import Event
from inotify_simple import INotify
from inotify_simple import flags

from rechat.store.known import News
from rechat.store.watching.plan import NOTHING
from rechat.store.watching.plan import Plan

_COMES = flags.CREATE | flags.MOVED_TO
_NAMES = _COMES | flags.DELETE | flags.MOVED_FROM
_ITSELF = flags.DELETE_SELF | flags.MOVE_SELF
_CONTENT = flags.MODIFY | flags.CLOSE_WRITE | flags.ATTRIB
# A folder is no longer where it was, or events were lost.
_LOST = _ITSELF | flags.IGNORED | flags.UNMOUNT | flags.Q_OVERFLOW


class Inotify:
    """Calls `changed`, from a thread of its own, with the path of each changed file, and with None
    if all files have to be checked. `news` is notified before that begins and when it is over.
    Raises `OSError` if there are no instances left.
    """

    def __init__(self, changed: Callable[[Path | None], None], news: News) -> None:
        self._changed = changed
        self._news = news
        self._inotify = INotify()
        # Level-triggered, it would wake the event loop again and again until the thread has read.
        self._edge = select.epoll()
        self._edge.register(self._inotify.fileno(), select.EPOLLIN | select.EPOLLET)
        self._unread = select.poll()
        self._unread.register(self._inotify.fileno(), select.POLLIN)
        self._is_reading = False
        self._stopping, self._stop = os.pipe()
        self._plan = NOTHING
        self._folders: dict[int, Path] = {}
        self._thread = threading.Thread(target=self._read, name="rechat-inotify", daemon=True)
        self._thread.start()

    def follow(self, plan: Plan) -> None:
        """Watch what is planned, and nothing else. Changes before this returned may be missed.
        Raises `OSError` if there are no watches left.
        """
        self._plan = plan
        folders: dict[int, Path] = {}
        for folder in plan.folders():
            mask = _NAMES | _ITSELF | flags.ONLYDIR | (_CONTENT if folder in plan.inside else 0)
            # A folder that has just been removed is reported by the one above.
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                folders[self._inotify.add_watch(folder, mask)] = folder
        before, self._folders = self._folders, folders
        for watch in before.keys() - folders.keys():
            # The system removes it with its folder.
            with suppress(OSError):
                self._inotify.rm_watch(watch)

    def fileno(self) -> int:
        """The descriptor that is readable once something has changed: then call `noticed`."""
        return self._edge.fileno()

    def noticed(self) -> None:
        """Become readable again only when something else has changed."""
        self._edge.poll(0)

    def has_unread(self) -> bool:
        """Whether there are changes for which `changed` was not called yet."""
        return self._is_reading or bool(self._unread.poll(0))

    def close(self) -> None:
        """Stop watching."""
        os.write(self._stop, b"x")
        self._thread.join()
        self._edge.close()
        self._inotify.close()
        os.close(self._stop)
        os.close(self._stopping)

    def _read(self) -> None:
        poll = select.poll()
        poll.register(self._inotify.fileno(), select.POLLIN)
        poll.register(self._stopping, select.POLLIN)
        while self._stopping not in {ready for ready, _ in poll.poll()}:
            self._is_reading = True
            self._news.notice()
            try:
                for event in self._inotify.read(timeout=0):
                    for path in self._concerned(event):
                        self._changed(path)
            finally:
                self._is_reading = False
            self._news.sorted_out()

    def _concerned(self, event: Event) -> Iterator[Path | None]:
        folder = self._folders.get(event.wd)
        if event.mask & flags.Q_OVERFLOW or (folder and event.mask & _LOST):
            yield None
        elif folder:
            yield from self._plan.concerned(
                folder, event.name, may_lead=_is_folder(event) or _is_link(folder, event)
            )


def _is_folder(event: Event) -> bool:
    return bool(event.mask & flags.ISDIR and event.mask & _NAMES)


def _is_link(folder: Path, event: Event) -> bool:
    """Whether a symbolic link was created."""
    is_shown = event.mask & _COMES and not event.name.startswith(".")
    return bool(is_shown) and (folder / event.name).is_symlink()
