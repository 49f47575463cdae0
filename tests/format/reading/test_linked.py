"""Linked files are read as they were meant, or not at all."""

import pytest

from rechat.format import parse
from rechat.format.reading.linked import as_meant
from rechat.values import TranscriptError
from rechat.values import assets

LINES = b"One.\nTwo.\n"


@pytest.mark.parametrize("content", [LINES, LINES.replace(b"\n", b"\r\n")])
@pytest.mark.parametrize("found", [b"One.\nTwo.\n", b"One.\r\nTwo.\r\n", b"One.\r\nTwo.\n"])
def test_line_ends_are_those_that_the_file_is_named_after(content: bytes, found: bytes) -> None:
    path = assets.path_of(content, "md")
    assert as_meant(path, found) == content


def test_a_file_with_a_name_of_its_own_is_what_it_has() -> None:
    assert as_meant("prompts/a.md", b"x\r\n") == b"x\r\n"


def test_other_bytes_under_the_name_of_an_asset_are_an_error() -> None:
    path = assets.path_of(LINES, "md")
    with pytest.raises(OSError, match=f"{path} was changed or damaged"):
        as_meant(path, LINES[:-2])


CONFLICT = b"You are\r\n<<<<<<< HEAD\r\nkind\r\n=======\r\nstrict\r\n>>>>>>> other\r\n"


@pytest.mark.parametrize(
    ("link", "source"),
    [
        ("p.md", "### system\n\n[prompt](p.md)\n\n### user\n\n> a\n\n### assistant\n\n> b\n"),
        (
            "assets/0123456789abcdef.json",
            "\n\n---\ntools: {$ref: assets/0123456789abcdef.json}\n---\n### user\n\n> a\n".strip(),
        ),
    ],
)
def test_a_conflict_in_a_linked_file_is_told_with_its_lines(link: str, source: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        parse(source, lambda _: CONFLICT)
    assert f"{link}:2: an unresolved merge conflict between `HEAD`" in caught.value.message


def test_marks_in_an_asset_that_is_whole_are_text() -> None:
    path = assets.path_of(CONFLICT, "md")
    assert as_meant(path, CONFLICT) == CONFLICT


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.mark.parametrize("path", ["assets/0123456789abcdef.png", "prompt.md"])
def test_a_pointer_of_git_lfs_is_not_the_file(path: str) -> None:
    with pytest.raises(OSError, match=f"{path} is a pointer of Git LFS.*: run `git lfs pull`"):
        as_meant(path, POINTER)


def test_bytes_that_are_no_text_have_no_conflict() -> None:
    picture = b"\xff<<<<<<<\x00>>>>>>>"
    assert as_meant("a.png", picture) == picture
