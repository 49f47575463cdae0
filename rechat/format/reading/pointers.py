"""What Git LFS leaves in place of a file until it is told to fetch it."""

_BEGINNING = b"version https://git-lfs.github.com/spec/v1\n"
IS_POINTER = (
    "is a pointer of Git LFS, in place of the file: run `git lfs pull` (if git does not know that, "
    "install git-lfs first)"
)
"""What is wrong with such a file, and what to do."""


def is_pointer(content: bytes) -> bool:
    """Whether a file of these bytes only says where its content is."""
    return content[:100].replace(b"\r\n", b"\n").startswith(_BEGINNING)
