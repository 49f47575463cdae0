"""What macOS and Windows tell of changed files; here it is Linux that tells it."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from rechat.store.watching.native import Native
from rechat.store.watching.plan import plan_of

DEADLINE = 20


class Told:
    """A watch that follows a folder, and what it tells."""

    def __init__(self, folder: Path) -> None:
        self._told: queue.Queue[Path | None] = queue.Queue()
        self.native = Native(self._told.put)
        self.native.follow(plan_of([folder], []))

    def until(self, path: Path | None) -> set[Path | None]:
        """What is told until something is."""
        found: set[Path | None] = set()
        while path not in found:
            found.add(self._told.get(timeout=DEADLINE))
        return found


@pytest.fixture
def told(folder: Path) -> Iterator[Told]:
    (folder / "deep").mkdir()
    told = Told(folder)
    yield told
    told.native.close()


def test_a_file_that_is_written_renamed_and_deleted(folder: Path, told: Told) -> None:
    path = folder / "deep" / "a.md"
    path.write_text("x")
    told.until(path)
    path.rename(folder / "b.md")
    told.until(folder / "b.md")
    (folder / "b.md").unlink()
    told.until(folder / "b.md")


def test_a_new_folder_and_a_new_link_concern_all(folder: Path, told: Told) -> None:
    (folder / "new").mkdir()
    told.until(None)
    (folder / "link").symlink_to("deep")
    told.until(None)


def test_what_is_planned_is_followed(folder: Path, told: Told) -> None:
    other = folder.parent / "other"
    other.mkdir()
    told.native.follow(plan_of([other], []))
    told.native.follow(plan_of([other], []))
    (folder / "a.md").write_text("x")
    (other / "b.md").write_text("x")
    assert folder / "a.md" not in told.until(other / "b.md")
