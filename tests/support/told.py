"""What a system tells of changed files, as a test waits for it."""

import queue
from collections.abc import Callable
from pathlib import Path

from rechat.store.known.news import News

DEADLINE = 60


class Told[System]:
    """A `system` that tells paths, and what it has told."""

    def __init__(self, system: Callable[[Callable[[Path | None], None], News], System]) -> None:
        self.paths: queue.Queue[Path | None] = queue.Queue()
        self.news = News()
        self.system = system(self.paths.put, self.news)

    def until(self, path: Path | None) -> set[Path | None]:
        """What is told until something is."""
        found: set[Path | None] = set()
        while path not in found:
            found.add(self.paths.get(timeout=DEADLINE))
        return found

    def comes(self, path: Path | None) -> bool:
        """Whether something is told at last."""
        try:
            return path in self.until(path)
        except queue.Empty:
            return False
