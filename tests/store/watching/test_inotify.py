"""What Linux tells of changed files."""

import select
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from told import Told

from rechat.store.known.news import News
from rechat.store.watching.plan import plan_of

if sys.platform != "linux":
    pytest.skip("inotify is a part of Linux", allow_module_level=True)

from rechat.store.watching.inotify import Inotify


@pytest.fixture
def told(folder: Path) -> Iterator[Told[Inotify]]:
    told = Told(Inotify)
    told.system.follow(plan_of([folder], []))
    yield told
    told.system.close()


def test_a_file_that_is_written_is_told_and_one_that_is_read_is_not(
    folder: Path, told: Told[Inotify]
) -> None:
    (folder / "a.md").write_text("x")
    assert told.comes(folder / "a.md")
    (folder / "b.md").write_text("x")
    assert told.comes(folder / "b.md")
    (folder / "a.md").read_text()
    (folder / "c.md").write_text("x")
    assert folder / "a.md" not in told.until(folder / "c.md")


def test_a_new_folder_has_to_be_followed(folder: Path, told: Told[Inotify]) -> None:
    (folder / "deep").mkdir()
    assert told.comes(None)
    told.system.follow(plan_of([folder], []))
    (folder / "deep" / "a.md").write_text("x")
    assert told.comes(folder / "deep" / "a.md")


def test_a_folder_that_is_planned_no_more_is_not_watched(folder: Path, told: Told[Inotify]) -> None:
    away = folder.parent / "away"
    folder.rename(away)
    assert told.comes(None)
    folder.mkdir()
    assert told.comes(None)
    told.system.follow(plan_of([folder], []))
    (away / "a.md").write_text("x")
    (folder / "b.md").write_text("x")
    assert folder / "a.md" not in told.until(folder / "b.md")


def test_a_folder_that_is_gone_is_not_an_error(folder: Path, told: Told[Inotify]) -> None:
    (folder / "deep").mkdir()
    plan = plan_of([folder], [])
    (folder / "deep").rmdir()
    told.system.follow(plan)
    (folder / "a.md").write_text("x")
    assert told.comes(folder / "a.md")


def test_events_that_are_lost_concern_all(folder: Path, told: Told[Inotify]) -> None:
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if most > 100_000:
        pytest.skip("this system keeps very many events")
    with told.paths.mutex:  # what is told has to wait, and what happens is not read
        for number in range(most // 3 + 1000):
            (folder / f"{number}.txt").write_text("x")
    assert told.comes(None)


def test_a_change_is_noticed_before_it_is_told(folder: Path, told: Told[Inotify]) -> None:
    before = told.news.count
    (folder / "a.md").write_text("x")
    assert select.select([told.system], [], [], 0)[0] or told.news.count != before
    assert told.comes(folder / "a.md")
    assert told.news.count != before


def test_a_loop_is_woken_once_for_a_change_that_nobody_has_read(folder: Path) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def changed(_path: Path | None) -> None:
        reading.set()
        assert go_on.wait(60)

    system = Inotify(changed, News())
    system.follow(plan_of([folder], []))
    (folder / "a.md").write_text("x")
    assert reading.wait(60)
    assert system.has_unread()
    (folder / "b.md").write_text("x")
    assert select.select([system], [], [], 0)[0]
    system.noticed()
    assert not select.select([system], [], [], 0)[0]
    assert system.has_unread()
    go_on.set()
    system.close()
