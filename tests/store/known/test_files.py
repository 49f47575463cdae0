"""What is told of a file."""

import os
from pathlib import Path

import pytest

from rechat.store.known import index_file
from rechat.store.known.files import LARGEST
from rechat.store.known.files import Known
from rechat.store.known.files import KnownFiles
from rechat.store.known.files import NotInMemory
from rechat.store.known.files import Problem
from rechat.store.known.files import content_of
from rechat.store.known.files import digest_of
from rechat.store.known.files import stamp_if_any
from rechat.store.known.index_file import Link


def test_a_problem_tells_its_place() -> None:
    assert str(Problem("a.md", 3, "wrong", "some-code")) == "a.md:3: wrong"


def test_what_has_to_be_read_is_named() -> None:
    assert NotInMemory("a.md").path == "a.md"


def test_a_file_has_a_stamp_and_one_that_is_gone_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    assert stamp_if_any(path) == index_file.ABSENT
    path.write_text("a")
    assert stamp_if_any(path) == index_file.stamp_of(path)


def test_contents_are_told_apart() -> None:
    assert digest_of(b"a") == digest_of(b"a")
    assert digest_of(b"a") != digest_of(b"b")


def test_two_links_of_a_file_may_lead_to_one_other() -> None:
    files = KnownFiles()
    known = Known("1", dict.fromkeys(("a.txt", "./a.txt", "b/../a.txt"), Link(None, "2")))
    files.put("folder/x.md", known)
    files.put("folder/y.md", known)
    assert files.linking(Path("folder/a.txt")) == {"folder/x.md", "folder/y.md"}
    assert files.pop("folder/x.md") == known
    assert files.linking(Path("folder/a.txt")) == {"folder/y.md"}
    files.pop("folder/y.md")
    assert files.links() == set()


def test_a_name_with_a_null_character_is_no_file() -> None:
    assert stamp_if_any(Path("a\0b.md")) == index_file.ABSENT


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "endless"])
def test_what_is_no_file_or_has_no_end_is_not_read(tmp_path: Path, kind: str) -> None:
    """A read of a pipe or of `/dev/zero` would never return."""
    path = tmp_path / "a.md"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "endless":
            with path.open("wb") as file:
                file.truncate(LARGEST + 1)
    with pytest.raises(OSError, match=r"a pipe or a device|a folder|more than"):
        content_of(path)
