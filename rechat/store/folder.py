"""The folder of transcripts: read into the index, changed atomically, shared with editors and other
processes.

1. A file that cannot be read is a `Problem`; its last good version keeps serving, and the other
   files are unaffected.
2. A change is made under the folder's lock, from the bytes that are then on the disk, and read back
   before it is written: if the new source does not answer the request as recorded, nothing is
   written.
3. A file is replaced by renaming a complete new one, so a reader or a crash sees the old bytes or
   the new ones.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from filelock import FileLock
from filelock import Timeout

from rechat.format import parse_appended
from rechat.format import reader
from rechat.format import source
from rechat.index import Card
from rechat.index import Index
from rechat.index import Version
from rechat.index import version_of
from rechat.matching import normalise
from rechat.store import placement
from rechat.store.atomic import hide_from_git
from rechat.store.atomic import make_folder
from rechat.store.atomic import remove_unfinished
from rechat.store.atomic import write_atomic
from rechat.store.atomic import write_new
from rechat.store.known import Change
from rechat.store.known import Known
from rechat.store.known import Link
from rechat.store.known import News
from rechat.store.known import Problem
from rechat.store.known import Saved
from rechat.store.known import Stamp
from rechat.store.known import Versions
from rechat.store.known import content_of
from rechat.store.known import digest_of
from rechat.store.known import index_file
from rechat.store.known import is_current
from rechat.store.known import kept
from rechat.store.known import linked
from rechat.store.parallel import read_side_by_side
from rechat.store.paths import check_root
from rechat.store.paths import files_of
from rechat.store.paths import is_transcript
from rechat.store.placement import Append
from rechat.store.placement import Ask
from rechat.store.placement import NewFile
from rechat.store.placement import Place
from rechat.store.placement import Recording
from rechat.store.placement import says_the_same
from rechat.store.protection import protect
from rechat.store.sidecars import WIRE
from rechat.store.sidecars import Sidecars
from rechat.values import AnyAnswer
from rechat.values import HttpResponse
from rechat.values import RechatError
from rechat.values import Reply
from rechat.values import Transcript
from rechat.values import reason_of

# From this many files on, starting processes to read them is worth it.
_MANY = 1500
# Other processes may change the folder while the place of a recording is determined; after this
# many attempts something is wrong.
_ATTEMPTS = 20
# Another process holds the folder's lock while it saves one answer. If it takes longer than this
# many seconds, something is wrong with it.
_PATIENCE = 10.0
# After this many seconds, a file is no longer being written.
_WRITTEN = 2.0


type _Read = tuple[Known | None, Card | Problem | None]


class Store:
    """Files and folders of transcripts. Recordings go to `home`, the first folder; if the first
    path is a file, or named like one (`.md`), all go into that.

    Contents are kept up to a total of `limit` bytes; beyond that, a file is read when its answer is
    requested. If `is_kept`, the index of a large folder is stored beside it.
    """

    def __init__(
        self, roots: Iterable[Path], *, limit: float = math.inf, is_kept: bool = False
    ) -> None:
        self.roots = tuple(roots)
        self._versions = Versions(self.roots, limit)
        self.index = self._versions.index
        self.problems = self._versions.problems
        self.news = News()
        first = self.roots[0] if self.roots else Path()
        is_file = first.is_file() or (first.suffix == ".md" and not first.is_dir())
        self._file = first if is_file else None
        self.home = first.parent if self._file else first
        self._sidecars = Sidecars(self.index, self.roots)
        self._is_kept = is_kept
        self._is_loaded = False

    @property
    def wire_folder(self) -> Path:
        """The folder for sidecars and locks."""
        return self.home / WIRE

    def answer_here(self) -> None:
        """From now on this thread only answers: it never reads a file, but gets `NotInMemory`."""
        self._versions.answer_here()

    def files(self) -> list[Path]:
        """The transcripts on the disk, in order. Raises `UsageError` for a missing one."""
        for root in self.roots:
            check_root(root)
        return list(files_of(self.roots))

    def load(self, done: Callable[[int, int], None] | None = None) -> None:
        """Read all files, or their stored index; `done` is called after each file that is read,
        with its number and their count.
        """
        files = self.files()
        self._is_loaded = True
        is_kept = self._is_kept and len(files) >= index_file.WORTH
        known = kept.read(self.roots) if is_kept else {}
        stamps: dict[Path, Stamp] = {}
        fresh = []
        for path in files:
            name = path.as_posix()
            found = known.get(name)
            if found and is_current(path, found.stamp, found.links, stamps):
                self._versions.files.put(name, Known(found.digest, found.links, found.stamp))
                self.index.put_card(name, found.card)
            else:
                fresh.append(path)
        is_many = self.index.is_limited and len(fresh) >= _MANY
        steps = self._reload_side_by_side(fresh) if is_many else map(self._versions.reload, fresh)
        for number, _ in enumerate(steps, 1):
            if done:
                done(number, len(fresh))
        self.keep()

    def _reload_side_by_side(self, paths: list[Path]) -> Iterator[None]:
        """Read files in several processes, which return only their cards."""
        rest = iter(paths)
        # A program that cannot start itself again (it came from standard input) continues alone.
        with suppress(BrokenExecutor):
            for read in read_side_by_side(paths, _reader, (self.roots, normalise.own_table())):
                self._versions.take_in(next(rest).as_posix(), *read)
                yield
        for path in rest:
            self._versions.reload(path)
            yield

    def reload(self, path: Path) -> Change | None:
        """Read the current version of a file; None if it is unchanged."""
        change = self._versions.reload(path)
        return replace(change, behind=self.index.behind(change.path)) if change else None

    def refresh(self, name: str) -> None:
        """Bring the contents of a file back into memory, if they still match its card. It changes
        nothing else, so it may run in parallel with the thread that changes the store.
        """
        self._versions.refresh(name)

    def keep(self) -> None:
        """Store the index beside the files, if that saves time at the next start."""
        if (
            self._is_kept
            and self._versions.changes
            and len(self._versions.files) >= index_file.WORTH
        ):
            self._versions.changes = 0
            kept.write(self.roots, self._versions.files, self._card_to_keep)

    def _card_to_keep(self, name: str) -> Card | None:
        return None if name in self.problems else self.index.card(name)

    def touched(self, paths: Iterable[Path]) -> list[Path]:
        """The transcripts that a change of these files affects: themselves, and those that link to
        them.
        """
        found: set[Path] = set()
        for path in paths:
            found.update(map(Path, self._versions.files.linking(path)))
            if path.as_posix() in self._versions.files or (
                self._covers(path) and not path.is_dir()
            ):
                found.add(path)
        return sorted(found)

    def changed(self) -> list[Path]:
        """The transcripts that may have changed, by checking all files, including new and deleted
        ones.
        """
        return self._versions.files.changed(files_of(self.roots))

    def links(self) -> set[str]:
        """The paths of all files that transcripts link to."""
        return self._versions.files.links()

    def _covers(self, path: Path) -> bool:
        """Whether a file belongs to the store: a transcript under a root, or a root itself."""
        return any(
            path == root or (root in path.parents and is_transcript(path.relative_to(root)))
            for root in self.roots
        )

    def tidy(self) -> None:
        """Remove partially written files that a crash left. Those that another process may be
        writing just now stay.
        """
        wire = self.home / WIRE
        with suppress(Timeout, OSError):
            if wire.is_dir():
                with FileLock(wire / "lock", timeout=0):
                    remove_unfinished(self.home, _WRITTEN)

    def save(self, recorded: Recording, *, replaces: bool = False, takes: int = 1) -> Saved | None:
        """Save a recording; None if the folder contains it already.

        Raises `RechatError` if it cannot be saved, and `OSError` if the disk fails; then nothing
        was written. A blank has no answer to return, and its place is where the answer will be.
        """
        file = self._file.as_posix() if self._file else ""
        how = partial(placement.place, replaces=replaces, takes=takes, file=file)
        return self.change(recorded, partial(how, self.index, recorded))

    def change(self, recorded: Recording, place: Callable[[], Place | None]) -> Saved | None:
        """The same at a given place, which is computed again if a file has changed meanwhile."""
        wire = self.home / WIRE
        if not wire.is_dir():
            self._make_folders(wire)
        try:
            with FileLock(wire / "lock", timeout=_PATIENCE):
                return self._save(recorded, place)
        except Timeout:
            held = f"{wire / 'lock'} is held by another process"
            raise RechatError(f"{held} for more than {_PATIENCE:.0f} s") from None

    def _make_folders(self, wire: Path) -> None:
        """Create the folder for sidecars, and with it the folder of transcripts if that was removed
        meanwhile.
        """
        was_removed = self._is_loaded and not self._file and not self.home.exists()
        make_folder(wire)
        # A full disk is reported with the name of the transcript.
        with suppress(OSError):
            hide_from_git(wire)
            if was_removed:
                protect(self.home)

    def _save(self, recorded: Recording, place: Callable[[], Place | None]) -> Saved | None:
        """Save a recording while no other process may change the folder."""
        for _ in range(_ATTEMPTS):
            at = place()
            if at is None:
                return None
            path = self._path_of(at)
            raw = self._if_known(path)
            if raw is not None:
                return self._write(path, raw, at, recorded)
        raise RechatError(f"{self.home} keeps changing: the recording was not saved")

    def _path_of(self, at: Place) -> Path:
        if not isinstance(at, NewFile):
            return Path(at.path)
        path = self.home / at.path
        number = 2
        while path.exists() and path.as_posix() in self._versions.files:
            path = self.home / f"{Path(at.path).stem}-{number}.md"
            number += 1
        return path

    def _if_known(self, path: Path) -> bytes | None:
        """The bytes of a file, empty if it does not exist; None if it has changed since the place
        of a recording was determined. Then the new version is read.
        """
        try:
            stamp = index_file.stamp_of(path)
            raw = content_of(path)
        except FileNotFoundError:
            return None if self._versions.forget(path.as_posix()) else b""
        return None if self._versions.update(path, raw, stamp) else raw

    def _write(self, path: Path, raw: bytes, at: Place, recorded: Recording) -> Saved:
        text = source.decode(raw)
        edit = placement.edit(text, at, recorded)
        new = source.splice(raw, edit.source)
        links: dict[str, Link] = {}

        def read_asset(link: str) -> bytes:
            if link in edit.stored:
                return edit.stored[link]
            return linked.read(self.roots, path, link, links)

        before, was = self._before(path, at), self._versions.files.get(path.as_posix())
        if before and was and edit.source.startswith(text.rstrip("\n")):
            links |= was.links
            transcript = parse_appended(edit.source, before, read_asset)
        else:
            transcript = reader.parse(source.decode(new), read_asset)
        known = self.index.known(path.as_posix()) if before else None
        version = version_of(path.as_posix(), transcript, len(new), known)
        reply = _reply_of(path.as_posix(), version, recorded, at)
        for link, content in edit.stored.items():
            write_new(path.parent / link, content)
            links[link] = Link(None, digest_of(content))
        with self.news.writing(path):
            write_atomic(path, new)
            saved = Saved(f"{path.as_posix()}:{reply.line}", reply.answer)
            saved = self._with_wire(saved, recorded, version)
            # Requests from here on get its bytes as well.
            self._versions.put(path.as_posix(), version, Known(digest_of(new), links))
        return saved

    def _with_wire(self, saved: Saved, recorded: Recording, version: Version) -> Saved:
        """The saved answer, with its sidecar beside it. The transcript is what counts: it is
        complete without the sidecar.
        """
        if recorded.wire:
            sections = version.document.sections
            try:
                self._sidecars.keep(saved, recorded.request.shape, recorded.wire, sections)
            except Exception as error:  # noqa: BLE001  # as above
                return replace(saved, lost=reason_of(error))
        return saved

    def _before(self, path: Path, at: Place) -> Transcript | None:
        """The previous contents of a file that only grows at its end; None for any other change."""
        if not isinstance(at, Append) or not self._versions.files.get(path.as_posix()):
            return None
        sections = self.index.sections(path.as_posix())
        is_last = bool(sections) and sections[-1] is at.section
        return Transcript(sections) if is_last else None

    def wire(self, place: str, shape: str, answer: AnyAnswer) -> HttpResponse | None:
        """The sidecar of an answer, if there is one and it is complete."""
        return self._sidecars.read(place, shape, answer)


def _reader(given: tuple[tuple[Path, ...], dict[str, object]]) -> Callable[[Path], _Read]:
    """The function with which a separate process reads files, given the folders and the project's
    own rules: it returns their cards.
    """
    roots, rules = given
    normalise.set_own(rules)
    versions = Versions(roots, limit=0)

    def read(path: Path) -> _Read:
        name = path.as_posix()
        versions.reload(path)
        found = versions.index.card(name) or versions.problems.get(name)
        return versions.files.get(name), found

    return read


def _reply_of(path: str, version: Version, recorded: Recording, at: Place) -> Reply:
    """The answer in the new source. Raises `RechatError` if it is not there as it was recorded. (An
    answer that gets another question may echo that.)
    """
    index = Index()
    index.put_version(path, version)
    is_blank = recorded.answer is None
    found = [hit.exchange for hit in index.candidates(recorded.request)]
    for exchange in [one for one in found if is_blank or one.answered][:1]:
        for reply in exchange.replies:
            is_it = isinstance(at, Ask) and says_the_same(reply.answer, recorded.answer)
            if is_it or reply.answer == recorded.answer:
                return reply
    raise RechatError(f"{path} would not replay this answer as it is: it was not saved")
