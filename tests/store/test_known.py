"""What is told of a file."""

from pathlib import Path

from rechat.store import index_file
from rechat.store.known import NotInMemory
from rechat.store.known import Problem
from rechat.store.known import digest_of
from rechat.store.known import stamp_if_any


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
