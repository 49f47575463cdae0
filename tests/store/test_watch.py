"""Changes of a folder, told as batches of paths."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from rechat.store.watch import Watch

DEADLINE = 10


class Seen:
    """The paths that were told."""

    def __init__(self) -> None:
        self._batches: queue.Queue[set[Path]] = queue.Queue()
        self.put = self._batches.put

    def wait_for(self, *paths: Path) -> None:
        missing = set(paths)
        while missing:
            missing -= self._batches.get(timeout=DEADLINE)


@pytest.fixture
def seen(folder: Path) -> Iterator[Seen]:
    told = Seen()
    with Watch((folder,), told.put):
        yield told


def test_a_file_that_is_written_is_told(folder: Path, seen: Seen) -> None:
    (folder / "a.md").write_text("x")
    seen.wait_for(folder / "a.md")


def test_a_rename_tells_both_names(folder: Path, seen: Seen) -> None:
    (folder / "a.md").write_text("x")
    seen.wait_for(folder / "a.md")
    (folder / "a.md").rename(folder / "b.md")
    seen.wait_for(folder / "a.md", folder / "b.md")


def test_a_file_that_is_deleted_is_told(folder: Path, seen: Seen) -> None:
    (folder / "a.md").write_text("x")
    seen.wait_for(folder / "a.md")
    (folder / "a.md").unlink()
    seen.wait_for(folder / "a.md")


def test_files_below_are_told(folder: Path, seen: Seen) -> None:
    (folder / "deep").mkdir()
    seen.wait_for(folder / "deep")
    (folder / "deep" / "a.md").write_text("x")
    seen.wait_for(folder / "deep" / "a.md")


def test_paths_are_named_as_the_folder_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    told = Seen()
    with Watch((Path("transcripts"),), told.put):
        (folder / "a.md").write_text("x")
        told.wait_for(Path("transcripts/a.md"))


def test_a_single_file_is_watched_without_its_neighbours(folder: Path) -> None:
    path = folder / "a.md"
    path.write_text("x")
    told = Seen()
    with Watch((path,), told.put):
        (folder / "b.md").write_text("x")
        path.write_text("y")
        told.wait_for(path)
    assert all(batch == {path} for batch in iter(told._batches.queue))
