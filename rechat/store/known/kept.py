"""What is known of the files of some folders, kept beside them from one start to the next."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rechat.index import Card
from rechat.store.known import index_file
from rechat.store.known.files import Known
from rechat.store.known.files import KnownFiles
from rechat.store.known.files import content_of
from rechat.store.known.files import digest_of
from rechat.store.known.files import seen_now
from rechat.store.known.files import stamp_if_any
from rechat.store.known.index_file import ABSENT
from rechat.store.known.index_file import Kept
from rechat.store.known.index_file import Stamp

type CardOf = Callable[[str], Card | None]


def read(roots: Sequence[Path]) -> dict[str, Kept]:
    """What is kept of the files below these folders, by their names here."""
    return {
        (root / name).as_posix(): found
        for root in roots
        if root.is_dir()
        for name, found in index_file.read(root).items()
    }


def write(roots: Sequence[Path], files: KnownFiles, card_of: CardOf) -> None:
    """Keep what is known of the files in each folder; those without a card are left out."""
    for root in roots:
        # A folder that cannot be written to only starts more slowly.
        with suppress(OSError):
            if root.is_dir():
                index_file.write(root, _to_keep(root, files, card_of))


def _to_keep(root: Path, files: KnownFiles, card_of: CardOf) -> Iterator[tuple[str, Kept]]:
    prefix = "" if root == Path() else f"{root.as_posix().rstrip('/')}/"
    for name, known in files:
        card = card_of(name)
        if not name.startswith(prefix) or not card:
            continue
        stamp = known.stamp or _settled(Path(name), known)
        now = seen_now(Path(name), known)
        if stamp and now.says_the_same(known) and all(one.stamp for one in now.links.values()):
            yield name.removeprefix(prefix), Kept(stamp, known.digest, now.links, card)


def _settled(path: Path, known: Known) -> Stamp | None:
    """The stamp of a file that was read right after it had changed, if that is some time ago and it
    still says the same.
    """
    stamp = stamp_if_any(path)
    if stamp == ABSENT or not index_file.is_settled(stamp):
        return None
    return stamp if digest_of(content_of(path)) == known.digest else None
