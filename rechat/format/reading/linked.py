"""The files that a transcript links to, checked for changes by git, an editor or a crash, which
must not be taken for content.
"""

from rechat.format.reading.conflicts import find_conflict
from rechat.format.reading.pointers import IS_POINTER
from rechat.format.reading.pointers import is_pointer
from rechat.values import assets


class ChangedFileError(OSError):
    """A linked file has other bytes than its name says."""


def as_meant(path: str, content: bytes) -> bytes:
    """The bytes of a linked file, of which the disk has `content`. If only the line endings differ
    from those that the file is named after, they are restored. Raises `OSError` if the content does
    not match the name, has a conflict in it, or is only a pointer to the content.
    """
    named = assets.as_named(path, content)
    if named is not None and assets.is_named(path):
        return named
    if is_pointer(content):
        raise ChangedFileError(f"{path} {IS_POINTER}")
    _check_conflict(path, content)
    if named is None:
        raise ChangedFileError(
            f"{path} was changed or damaged, since it is named after other bytes: get it back "
            "(`git checkout` of the file), or give what it has now another name and link to that"
        )
    return named


def _check_conflict(path: str, content: bytes) -> None:
    if b"<<<<<<<" not in content and b">>>>>>>" not in content:
        return
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    if conflict := find_conflict(text, is_quotable=False):
        raise ChangedFileError(f"{path}:{conflict.line}: {conflict}")
