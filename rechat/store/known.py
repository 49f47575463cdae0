"""What is known of the files of a folder, and what is told of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from rechat.store import index_file
from rechat.store.index_file import Stamp
from rechat.values import AnyAnswer


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that cannot be read: `path:line: message`. `code` is that of a mistake in its text;
    empty if the disk did not give the text.
    """

    path: str
    line: int
    message: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a reload did to one file: `problem` is None if it was read, or is gone."""

    path: str
    problem: Problem | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A recording that was saved: where its answer stands (`path:line`), and the answer as the file
    has it; None for a blank.
    """

    place: str
    answer: AnyAnswer | None


@dataclass(frozen=True, slots=True)
class Known:
    """The version of a file that was taken in: its digest, the files that it links to with their
    stamps, and its own stamp if that would tell of any change.
    """

    digest: str
    links: Mapping[str, Stamp] = field(default_factory=dict)
    stamp: Stamp | None = None


class NotInMemory(Exception):  # noqa: N818  # no error: there is more to do
    """A file has to be read first; the thread that only answers does not."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def stamp_if_any(path: Path) -> Stamp | None:
    """The stamp of a file; None if there is none."""
    try:
        return index_file.stamp_of(path)
    except OSError:
        return None


def digest_of(content: bytes) -> str:
    """What tells one content from another."""
    return hashlib.sha256(content).hexdigest()[:24]
