"""The index that is kept beside a folder."""

import os
import time
from pathlib import Path

import pytest

from rechat.store.folder import Store
from rechat.store.known import index_file
from rechat.store.known.index_file import ABSENT
from rechat.store.known.index_file import Kept
from rechat.store.known.index_file import Link
from rechat.store.known.index_file import stamp_of

COUNT = index_file.WORTH


def fill(folder: Path, count: int = COUNT) -> None:
    """So many old files, so that their stamps tell of any change."""
    for number in range(count):
        write(folder / f"{number}.md", f"Question {number}")


def write(path: Path, question: str) -> None:
    path.write_text(f"### user\n\n> {question}\n\n### assistant\n\n> Hi!\n")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the files had been written an hour ago."""
    now = time.time_ns
    monkeypatch.setattr(
        "rechat.store.known.index_file.time.time_ns", lambda: now() + 3_600_000_000_000
    )


def loaded(folder: Path) -> tuple[Store, list[int]]:
    """A store after a start, and how many files it had to read."""
    read: list[int] = []
    store = Store([folder], limit=1000, is_kept=True)
    store.load(lambda number, _: read.append(number))
    return store, read


@pytest.mark.usefixtures("later")
def test_a_second_start_reads_only_what_changed(folder: Path) -> None:
    fill(folder)
    assert len(loaded(folder)[1]) == COUNT
    assert (folder / ".rechat" / ".gitignore").read_text() == "*\n"
    again, read = loaded(folder)
    assert (read, again.index.answers, len(again.index.paths)) == ([], COUNT, COUNT)
    write(folder / "7.md", "Another")
    (folder / "8.md").unlink()
    write(folder / "new.md", "New")
    changed, read = loaded(folder)
    assert (len(read), len(changed.index.paths)) == (2, COUNT)
    assert not changed.index.card((folder / "8.md").as_posix())


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("change", ["same size and time", "a link"])
def test_a_change_that_hides_is_seen(folder: Path, change: str) -> None:
    fill(folder)
    (folder / "assets").mkdir()
    (folder / "assets" / "a.json").write_text('[{"name": "a"}]')
    path = folder / "7.md"
    path.write_text(f"---\ntools: {{$ref: assets/a.json}}\n---\n{path.read_text()}")
    loaded(folder)
    before = path.stat()
    if change == "a link":
        (folder / "assets" / "a.json").write_text('[{"name": "b"}]')
    else:
        path.write_text(path.read_text().replace("Hi!", "Ho!"))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert len(loaded(folder)[1]) == 1


def test_what_was_written_just_now_is_not_kept(folder: Path) -> None:
    fill(folder)
    loaded(folder)
    assert len(loaded(folder)[1]) == COUNT


@pytest.mark.usefixtures("later")
def test_small_folders_and_other_commands_keep_nothing(folder: Path) -> None:
    fill(folder, COUNT - 1)
    loaded(folder)
    write(folder / "one more.md", "One more")
    Store([folder]).load()
    assert not (folder / ".rechat").exists()


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("content", ["", "nonsense\n", "{}\n[]\n", "\udcff"])
def test_a_kept_index_that_cannot_be_used_counts_for_nothing(folder: Path, content: str) -> None:
    fill(folder)
    loaded(folder)
    kept = folder / ".rechat" / "index"
    header = kept.read_text().splitlines()[0]
    for broken in (
        content,
        f"{header}\n{content or '[]'}\n",
        f'{header}\n["a", [1, 2, 3], "d", {{}}, [1]]\n',
    ):
        kept.write_text(broken, errors="surrogateescape")
        assert len(loaded(folder)[1]) == COUNT


@pytest.mark.usefixtures("later")
def test_a_broken_file_is_looked_at_each_time(folder: Path) -> None:
    fill(folder)
    (folder / "7.md").write_text("### user\n\nno body\n\n### assistant\n\n> Hi!\n")
    for count in (COUNT, 1):
        store, read = loaded(folder)
        assert (len(read), len(store.problems)) == (count, 1)


def test_what_is_written_is_read_again(folder: Path) -> None:
    path = folder / "a.md"
    write(path, "Hello")
    store = Store([folder])
    store.load()
    card = store.index.card(path.as_posix())
    assert card
    kept = Kept(stamp_of(path), "abc", {"b": Link((1, 2, 3), "d"), "c": Link(ABSENT, "")}, card)
    index_file.write(folder, [("a.md", kept)])
    assert index_file.read(folder) == {"a.md": kept}
