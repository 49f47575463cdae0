"""Pointers of Git LFS are told from files."""

import pytest

from rechat.format.reading.pointers import is_pointer

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.mark.parametrize("content", [POINTER, POINTER.replace(b"\n", b"\r\n")])
def test_a_pointer_in_either_line_ends(content: bytes) -> None:
    assert is_pointer(content)


@pytest.mark.parametrize("content", [b"", b"> " + POINTER, b"version 1\n", POINTER[:20]])
def test_what_only_speaks_of_one_is_none(content: bytes) -> None:
    assert not is_pointer(content)
