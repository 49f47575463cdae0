"""A whole transcript that is edited as its source."""

from pathlib import Path

import pytest
from stored import asked
from stored import said
from stored import store_of

from rechat.answering.edits.edited_answer import ConflictError
from rechat.answering.edits.whole_file import save_source
from rechat.store.folder import Store
from rechat.values.errors import RechatError

FILE = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"


@pytest.fixture
def path(folder: Path) -> Path:
    found = folder / "a.md"
    found.write_text(FILE)
    return found


@pytest.fixture
def store(path: Path) -> Store:
    return store_of(path.parent)


def test_what_is_saved_is_served(store: Store, path: Path) -> None:
    after = FILE.replace("Ho", "Hey")
    assert save_source(store, path.as_posix(), FILE, after) == []
    assert path.read_text() == after
    assert said(store, asked("Hi")) == "Hey"


def test_line_ends_stay_as_the_file_has_them(store: Store, path: Path) -> None:
    path.write_bytes(FILE.replace("\n", "\r\n").encode())
    save_source(store, path.as_posix(), FILE, FILE.replace("Ho", "Hey\n> you"))
    expected = FILE.replace("Ho", "Hey\n> you").replace("\n", "\r\n")
    assert path.read_bytes() == expected.encode()


def test_what_is_wrong_is_saved_and_told(store: Store, path: Path) -> None:
    [found] = save_source(store, path.as_posix(), FILE, FILE.replace("### user", "### usr"))
    assert (found.level, found.line) == ("error", 1)
    assert path.as_posix() in store.problems
    assert said(store, asked("Hi")) == "Ho"  # the last good version serves on


def test_what_somebody_else_has_changed_is_not_overwritten(store: Store, path: Path) -> None:
    theirs = FILE.replace("Ho", "Theirs")
    path.write_text(theirs)
    with pytest.raises(ConflictError) as caught:
        save_source(store, path.as_posix(), FILE, FILE.replace("Ho", "Mine"))
    assert caught.value.current == theirs
    assert path.read_text() == theirs


def test_other_files_are_none_of_it(store: Store, path: Path) -> None:
    other = path.parent.parent / "other.md"
    other.write_text("x")
    for name in (other.as_posix(), f"{path.parent}/../other.md"):
        with pytest.raises(RechatError, match="not a transcript of this folder"):
            save_source(store, name, "x", "y")
    assert other.read_text() == "x"
