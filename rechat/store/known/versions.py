"""The contents of the files of a folder, read into the index one version after the other.

A file that cannot be read is a `Problem`; its last good version keeps serving, and the other files
are unaffected.
"""

import math
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from rechat.format import source
from rechat.index import Card
from rechat.index import Index
from rechat.index import Version
from rechat.store import handwritten
from rechat.store.known import index_file
from rechat.store.known import linked
from rechat.store.known.files import Change
from rechat.store.known.files import Known
from rechat.store.known.files import KnownFiles
from rechat.store.known.files import NotInMemory
from rechat.store.known.files import Problem
from rechat.store.known.files import content_of
from rechat.store.known.files import digest_of
from rechat.store.known.files import seen_now
from rechat.store.known.files import telling
from rechat.store.known.index_file import Link
from rechat.store.known.index_file import Stamp
from rechat.values import TranscriptError
from rechat.values import reason_of


class Versions:
    """The current versions of the files below some roots: `files` has their digests, `problems`
    those that cannot be read, `index` what they answer. `changes` counts them.

    Contents are kept up to a total of `limit` bytes; beyond that, a file is read when its answer is
    requested. If the index never `explains` a miss, files are read faster.
    """

    def __init__(
        self, roots: Sequence[Path], limit: float = math.inf, *, explains: bool = True
    ) -> None:
        self.index = Index(self._fetch, limit, threading.RLock(), explains=explains)
        self.problems: dict[str, Problem] = {}
        self.files = KnownFiles()
        self.changes = 0
        self._roots = roots
        self._answering: int | None = None

    def answer_here(self) -> None:
        """From now on this thread only answers: it never reads a file, but gets `NotInMemory`."""
        self._answering = threading.get_ident()

    def take_in(self, name: str, known: Known | None, found: Card | Problem | None) -> None:
        """Add a file that another process has read."""
        if known:
            self.files.put(name, known)
            self.changes += 1
        match found:
            case Card():
                self.index.put_card(name, found)
            case Problem():
                self.problems[name] = found

    def put(self, name: str, version: Version, known: Known) -> None:
        """Add the version of a file that was just written."""
        self.changes += 1
        self.index.put_version(name, version)
        self.files.put(name, known)

    def reload(self, path: Path) -> Change | None:
        """Read the current version of a file; None if it is unchanged."""
        name = path.as_posix()
        try:
            stamp = index_file.stamp_of(path)
            raw = content_of(path)
        except (FileNotFoundError, NotADirectoryError):
            return self.forget(name)
        except OSError as error:
            return self._not_given(name, f"cannot be read: {error.strerror}")
        return self.update(path, raw, stamp)

    def update(self, path: Path, raw: bytes, stamp: Stamp) -> Change | None:
        """Process the bytes of a file with this stamp; None if they are unchanged."""
        name = path.as_posix()
        known = self.files.get(name)
        seen = Known(digest_of(raw), known.links if known else {}, telling(stamp))
        if known and (now := seen_now(path, seen)).says_the_same(known):
            self.files.put(name, now)
            return None
        self.changes += 1
        links: dict[str, Link] = {}
        try:
            transcript = linked.parse(self._roots, path, source.decode(raw), links)
            handwritten.check(transcript)
            # First the index: `refresh`, on another thread, compares with what is known.
            self.index.put(name, transcript, len(raw))
        except TranscriptError as error:
            self.files.put(name, replace(seen, links=links))
            return self._failed(name, error.line, error.message, error.code)
        except Exception as error:  # noqa: BLE001  # one odd file takes no other one down
            self.files.put(name, replace(seen, links=links))
            return self._failed(name, 1, f"cannot be read: {reason_of(error)}")
        self.problems.pop(name, None)
        self.files.put(name, replace(seen, links=links))
        return Change(name)

    def _fetch(self, name: str) -> None:
        """Read a file whose contents the index has evicted. If it cannot be read any more, there is
        no version left to serve.
        """
        if threading.get_ident() == self._answering:
            raise NotInMemory(name)
        path = Path(name)
        if self.reload(path):
            if name in self.problems:
                self.index.drop(name)
            return
        try:
            raw = content_of(path)
            transcript = linked.parse(self._roots, path, source.decode(raw), {})
            self.index.keep(name, transcript, self.index.card(name), len(raw))
        except (TranscriptError, OSError):
            self.index.drop(name)

    def refresh(self, name: str) -> None:
        """Bring the contents of a file back into memory, if they still match its card. It changes
        nothing else, so it may run in parallel with the thread that changes the store.
        """
        path, card = Path(name), self.index.card(name)
        known = self.files.get(name)
        links: dict[str, Link] = {}
        with suppress(TranscriptError, OSError):
            raw = content_of(path)
            transcript = linked.parse(self._roots, path, source.decode(raw), links)
            if known and known.says_the_same(Known(digest_of(raw), links)):
                self.index.keep(name, transcript, card, len(raw))

    def _not_given(self, name: str, message: str) -> Change | None:
        """The problem of a file that cannot be read from the disk, if it was not reported yet."""
        before = self.problems.get(name)
        change = self._failed(name, 1, message)
        return None if change.problem == before else change

    def _failed(self, name: str, line: int, message: str, code: str = "") -> Change:
        self.problems[name] = Problem(name, line, message, code)
        return Change(name, self.problems[name])

    def forget(self, name: str) -> Change | None:
        """Remove a deleted file; None if it was unknown."""
        known = self.files.pop(name)
        self.changes += bool(known)
        self.index.drop(name)
        with suppress(OSError):
            target = Path(name).readlink()
            return self._not_given(name, f"a symbolic link to {target}, which does not exist")
        self.problems.pop(name, None)
        return Change(name, is_gone=True) if known else None
