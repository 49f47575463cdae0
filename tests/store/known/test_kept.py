"""What is known of files is kept beside them as long as it is certain."""

import time
from pathlib import Path

import pytest

from rechat.format import reader
from rechat.index import Card
from rechat.index import version_of
from rechat.store.known import kept
from rechat.store.known.files import Known
from rechat.store.known.files import KnownFiles
from rechat.store.known.files import digest_of
from rechat.store.known.index_file import Link

TEXT = "### user\n\n> Hi\n\n### assistant\n\n> Hello\n"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the files had been written an hour ago."""
    now = time.time_ns
    monkeypatch.setattr(
        "rechat.store.known.index_file.time.time_ns", lambda: now() + 3_600_000_000_000
    )


def card_of(name: str) -> Card:
    return version_of(name, reader.parse(TEXT), len(TEXT)).card


def known_in(folder: Path, *names: str) -> KnownFiles:
    files = KnownFiles()
    for name in names:
        (folder / name).write_text(TEXT)
        files.put((folder / name).as_posix(), Known(digest_of(TEXT.encode())))
    return files


@pytest.mark.usefixtures("later")
def test_what_is_kept_is_read_by_the_names_that_the_files_have_here(tmp_path: Path) -> None:
    roots = [tmp_path / "one", tmp_path / "two", tmp_path / "gone"]
    files = KnownFiles()
    for root in roots[:2]:
        root.mkdir()
        for name, known in known_in(root, "a.md"):
            files.put(name, known)
    kept.write(roots, files, card_of)
    names = [(root / "a.md").as_posix() for root in roots[:2]]
    assert list(kept.read(roots)) == names
    assert list(kept.read(roots[:1])) == names[:1]


def test_a_file_that_was_written_just_now_is_not_kept(tmp_path: Path) -> None:
    kept.write([tmp_path], known_in(tmp_path, "a.md"), card_of)
    assert kept.read([tmp_path]) == {}


@pytest.mark.usefixtures("later")
def test_what_changed_or_has_no_card_is_not_kept(tmp_path: Path) -> None:
    files = known_in(tmp_path, "a.md", "b.md", "c.md")
    (tmp_path / "a.md").write_text("something else")
    without = (tmp_path / "b.md").as_posix()
    kept.write([tmp_path], files, lambda name: None if name == without else card_of(name))
    assert list(kept.read([tmp_path])) == [(tmp_path / "c.md").as_posix()]


@pytest.mark.usefixtures("later")
def test_a_file_whose_linked_file_changed_is_not_kept(tmp_path: Path) -> None:
    files = known_in(tmp_path, "a.md")
    [(name, known)] = files
    (tmp_path / "b.txt").write_text("new")
    files.put(name, Known(known.digest, {"b.txt": Link(None, digest_of(b"old"))}))
    kept.write([tmp_path], files, card_of)
    assert kept.read([tmp_path]) == {}
