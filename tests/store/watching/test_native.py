"""What macOS and Windows tell of changed files; here it is Linux that tells it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from told import Told

from rechat.store.watching.native import Native
from rechat.store.watching.plan import plan_of


@pytest.fixture
def told(folder: Path) -> Iterator[Told[Native]]:
    (folder / "deep").mkdir()
    told = Told(Native)
    told.system.follow(plan_of([folder], []))
    yield told
    told.system.close()


def test_a_file_that_is_written_renamed_and_deleted(folder: Path, told: Told[Native]) -> None:
    path = folder / "deep" / "a.md"
    path.write_text("x")
    assert told.comes(path)
    path.rename(folder / "b.md")
    assert told.comes(folder / "b.md")
    (folder / "b.md").unlink()
    assert told.comes(folder / "b.md")


def test_a_new_folder_and_a_new_link_concern_all(folder: Path, told: Told[Native]) -> None:
    (folder / "new").mkdir()
    assert told.comes(None)
    (folder / "link").symlink_to("deep")
    assert told.comes(None)


def test_what_is_planned_is_followed(folder: Path, told: Told[Native]) -> None:
    other = folder.parent / "other"
    other.mkdir()
    told.system.follow(plan_of([other], []))
    told.system.follow(plan_of([other], []))
    (folder / "a.md").write_text("x")
    (other / "b.md").write_text("x")
    assert folder / "a.md" not in told.until(other / "b.md")
