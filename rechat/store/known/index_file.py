"""The index of a folder, stored beside it between starts, so that only changed files are read
again.

1. It is in the folder's `.rechat/`, which git ignores, and may be deleted at any time. An entry
   counts only if the file on the disk still has the same size and times. A file that was changed
   just before it was read gets no entry, since a change within the same tick of the file system's
   clock would not be seen (git calls such files racy).
2. Another version of rechat may compute cards differently: then the whole index is ignored.
3. It is text, and reading it runs no code.
"""

import errno
import hashlib
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rechat.index import Card
from rechat.index import cards
from rechat.matching import normalise
from rechat.store.atomic import hide_from_git
from rechat.store.atomic import write_atomic
from rechat.values import jsontext

FOLDER = ".rechat"
# A folder with fewer files loads as fast without it.
WORTH = 200
# File times have at worst this resolution (FAT).
_TICK = 2_000_000_000

type Stamp = tuple[int, int, int]

# The stamp of a file that does not exist.
ABSENT: Stamp = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Link:
    """A file that a transcript links to: its stamp, if that would reveal any change, and the digest
    of its content.
    """

    stamp: Stamp | None
    digest: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What was known of a file: its stamp, the digest of its content, the files that it links to
    (also those that were looked for and not found), and its card.
    """

    stamp: Stamp
    digest: str
    links: Mapping[str, Link]
    card: Card


def stamp_of(path: str | Path) -> Stamp:
    """What changes when a file does: its size, and when it and its name were last changed. Raises
    `OSError`.
    """
    try:
        found = Path(path).stat()
    except ValueError as error:  # a null character, which no name has
        raise OSError(errno.EINVAL, str(error)) from None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def is_settled(stamp: Stamp) -> bool:
    """Whether any change of the file from now on would change its stamp."""
    return max(stamp[1:]) < time.time_ns() - _TICK


def read(folder: Path) -> dict[str, Kept]:
    """What was known about the files of a folder, by name; nothing if the index cannot be used."""
    try:
        header, *lines = (folder / FOLDER / "index").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    if header != _header():
        return {}
    try:
        return dict(map(_read_line, lines))
    except (ValueError, TypeError, KeyError, IndexError):
        return {}


def write(folder: Path, known: Iterable[tuple[str, Kept]]) -> None:
    """Store what is known about the files of a folder. Raises `OSError`."""
    home = folder / FOLDER
    home.mkdir(exist_ok=True)
    hide_from_git(home)
    lines = [_header(), *(_line(name, kept) for name, kept in known)]
    write_atomic(home / "index", "\n".join(lines).encode())


def _line(name: str, kept: Kept) -> str:
    links = {name: [*(link.stamp or ()), link.digest] for name, link in kept.links.items()}
    return jsontext.dump([name, list(kept.stamp), kept.digest, links, cards.write(kept.card)])


def _read_line(line: str) -> tuple[str, Kept]:
    match jsontext.parse(line):
        case [str(name), [int(), int(), int()] as stamp, str(digest), dict(links), card]:
            found = {link: _link(*of_link) for link, of_link in links.items()}
            return name, Kept(_stamp(stamp), digest, found, cards.read(card))
    raise ValueError("this is not a line of the index")


def _link(size: int, modified: int, changed: int, digest: str) -> Link:
    return Link((size, modified, changed), digest)


def _stamp(found: list[int]) -> Stamp:
    size, modified, changed = found
    return size, modified, changed


def _header() -> str:
    """The first line of an index that this rechat can use: the code that computes cards, and the
    project's own rules, determine its content.
    """
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        code.update(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    code.update(repr(normalise.own_table()).encode())
    return jsontext.dump({"rechat": "index", "code": code.hexdigest()[:24], "bytes": sys.byteorder})
