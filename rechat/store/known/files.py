"""What is known of the files of a folder, and what is told of them."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path

from rechat.store.known import index_file
from rechat.store.known.index_file import ABSENT
from rechat.store.known.index_file import Link
from rechat.store.known.index_file import Stamp
from rechat.values import AnyAnswer

LARGEST = 256 << 20
"""How many bytes a file may have that is read: those of a long video."""


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
    """What a reload did to one file: `problem` is None if it was read, or is gone. It is `behind` a
    file that answers the same request and comes before it.
    """

    path: str
    problem: Problem | None = None
    is_gone: bool = False
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A recording that was saved: where its answer stands (`path:line`), the answer as the file has
    it (None for a blank), and why its wire detail is not beside it, empty if it is or has none.
    """

    place: str
    answer: AnyAnswer | None
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The version of a file that was taken in: its digest, the files that it links to (by their
    paths from its folder), and its own stamp if that would tell of any change.
    """

    digest: str
    links: Mapping[str, Link] = field(default_factory=dict)
    stamp: Stamp | None = None

    def says_the_same(self, other: "Known") -> bool:
        """Whether the file and all that it links to have the same content."""
        return self.digest == other.digest and _digests(self.links) == _digests(other.links)


class KnownFiles:
    """What is known of the files of a folder, by name, and which of them link to a file. One thread
    changes it; others may ask.
    """

    def __init__(self) -> None:
        self._files: dict[str, Known] = {}
        self._linking: dict[str, set[str]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[tuple[str, Known]]:
        return iter(dict(self._files).items())

    def get(self, name: str) -> Known | None:
        """What is known of a file, if anything."""
        return self._files.get(name)

    def put(self, name: str, known: Known) -> None:
        """Know a file, or another version of it."""
        self.pop(name)
        self._files[name] = known
        for path in _linked(name, known):
            self._linking.setdefault(path, set()).add(name)

    def pop(self, name: str) -> Known | None:
        """Know a file no more; what was known of it."""
        known = self._files.pop(name, None)
        for path in _linked(name, known) if known else ():
            linking = self._linking[path]
            linking.discard(name)
            if not linking:
                del self._linking[path]
        return known

    def links(self) -> set[str]:
        """The paths of all files that are linked to."""
        return set(self._linking)

    def linking(self, path: Path) -> set[str]:
        """The names of the files that link to one."""
        return set(self._linking.get(os.path.normpath(path), ()))

    def changed(self, files: Iterable[Path]) -> list[Path]:
        """Given the files on the disk, those that may say something else than what is known of
        them, and those that are known and not there.
        """
        rest = dict(self._files)
        stamps: dict[Path, Stamp] = {}
        found = []
        for path in files:
            known = rest.pop(path.as_posix(), None)
            if not known or not is_current(path, known.stamp, known.links, stamps):
                found.append(path)
        return [*found, *map(Path, rest)]


def is_current(
    path: Path, stamp: Stamp | None, links: Mapping[str, Link], stamps: dict[Path, Stamp]
) -> bool:
    """Whether a file and all that it links to surely are as they were. `stamps` gets those of
    linked files, so that each is looked at once.
    """
    for name in links:
        link = path.parent / name
        if link not in stamps:
            stamps[link] = stamp_if_any(link)
    return stamp_if_any(path) == stamp and all(
        stamps[path.parent / name] == link.stamp for name, link in links.items()
    )


def seen_now(path: Path, known: Known) -> Known:
    """What is known of a file, with the files that it links to as they are now."""
    return replace(
        known, links={name: link_to(path.parent / name, link) for name, link in known.links.items()}
    )


def link_to(path: Path, before: Link | None = None) -> Link:
    """A linked file as it is now. It is not read if it surely is as it was."""
    stamp = stamp_if_any(path)
    if before and before.stamp == stamp:
        return before
    try:
        digest = digest_of(content_of(path))
    except OSError:
        digest = ""
    return Link(telling(stamp), digest)


def telling(stamp: Stamp) -> Stamp | None:
    """A stamp that was taken just now, if it would tell of any change."""
    return stamp if stamp == ABSENT or index_file.is_settled(stamp) else None


def _digests(links: Mapping[str, Link]) -> dict[str, str]:
    return {name: link.digest for name, link in links.items()}


def _linked(name: str, known: Known) -> set[str]:
    """The paths of the files that one links to. Two of its links may lead to the same file."""
    folder = Path(name).parent
    return {os.path.normpath(folder / link) for link in known.links}


class NotInMemory(Exception):  # noqa: N818  # no error: there is more to do
    """A file has to be read first; the thread that only answers does not."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def stamp_if_any(path: Path) -> Stamp:
    """The stamp of a file; `ABSENT` if there is none."""
    try:
        return index_file.stamp_of(path)
    except OSError:
        return ABSENT


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises `OSError`; also for what is no file but a pipe or a device, which
    might never end, and for a file that is far too large for a transcript or an asset.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or a device"
        raise OSError(errno.EINVAL, f"it is {what}, and no file")
    if found.st_size > LARGEST:
        raise OSError(errno.EFBIG, f"it has {found.st_size:,} bytes, more than {LARGEST:,}")
    return path.read_bytes()


def digest_of(content: bytes) -> str:
    """What tells one content from another."""
    return hashlib.sha256(content).hexdigest()[:24]
