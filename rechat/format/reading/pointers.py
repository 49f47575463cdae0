"""Git LFS pointers, which stand in place of files that have not been fetched."""

_BEGINNING = b"version https://git-lfs.github.com/spec/v1\n"
IS_POINTER = (
    "is a pointer of Git LFS, in place of the file: run `git lfs pull` (if git does not know that, "
    "install git-lfs first)"
)
"""What is wrong with such a file, and what to do."""


def is_pointer(content: bytes) -> bool:
    """Whether these bytes are only a pointer to the content."""
    return content[:100].replace(b"\r\n", b"\n").startswith(_BEGINNING)
