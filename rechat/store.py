"""The folder of transcripts: read into the index, changed atomically, shared with editors and other
processes.

1. A file that cannot be read is a `Problem`; its last good version keeps serving, and the other
   files are untouched.
2. A change is made under the folder's lock, from the bytes that are on the disk then, and read back
   before it is written: if the new source does not answer the request as recorded, nothing is
   written.
3. A file is replaced by renaming a complete new one, so a reader or a crash sees the old bytes or
   the new ones.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from rechat import markdown, recording, sidecar
from rechat.errors import RechatError, TranscriptError, UsageError
from rechat.http import HttpResponse
from rechat.index import Hit, Index
from rechat.markdown import source
from rechat.model import AnyAnswer, Reply, Transcript
from rechat.recording import NewFile, Place, Recording

ASSETS = "assets"
WIRE = ".wire"

# Other processes may change the folder while we decide where a recording goes; after so many times
# something is wrong.
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that cannot be read: `path:line: message`."""

    path: str
    line: int
    message: str

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
    has it.
    """

    place: str
    answer: AnyAnswer


class Store:
    """Files and folders of transcripts. Recordings go to `home`, the first folder."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self.index = Index()
        self.problems: dict[str, Problem] = {}
        self.roots = tuple(roots)
        self.home = next((root for root in self.roots if not root.is_file()), Path())
        self._digests: dict[str, str] = {}

    def files(self) -> list[Path]:
        """The transcripts on the disk, in order. Raises `UsageError` for a missing path."""
        found: dict[Path, None] = {}
        for root in self.roots:
            if not root.exists():
                raise UsageError(
                    f"{root} does not exist: create it, or name a file or folder of transcripts"
                )
            found |= dict.fromkeys([root] if root.is_file() else sorted(_transcripts(root)))
        return list(found)

    def load(self, done: Callable[[int, int], None] | None = None) -> None:
        """Read all files; `done` is called after each with its number and their count."""
        files = self.files()
        for number, path in enumerate(files, 1):
            self.reload(path)
            if done:
                done(number, len(files))

    def touched(self, paths: Iterable[Path]) -> list[Path]:
        """The transcripts that a change of these paths concerns: files, and all in a folder that
        has come or gone.
        """
        found: set[Path] = set()
        for path in paths:
            if path.as_posix() in self._digests or (self._covers(path) and not path.is_dir()):
                found.add(path)
            elif path.is_dir():
                found |= {file for file in _transcripts(path) if self._covers(file)}
            else:
                inside = f"{path.as_posix()}/"
                found |= {Path(name) for name in self._digests if name.startswith(inside)}
        return sorted(found)

    def _covers(self, path: Path) -> bool:
        """Whether a file is one of the store's: a transcript under a root, or a root itself."""
        return any(
            path == root or (root in path.parents and is_transcript(path.relative_to(root)))
            for root in self.roots
        )

    def reload(self, path: Path) -> Change | None:
        """Take in what a file says now; None if it says what was known."""
        name = path.as_posix()
        try:
            raw = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return self._forget(name)
        except OSError as error:
            return self._failed(name, 1, f"cannot be read: {error.strerror}")
        digest = _digest(raw)
        if self._digests.get(name) == digest:
            return None
        self._digests[name] = digest
        try:
            transcript = self._parse(path, source.decode(raw))
        except TranscriptError as error:
            return self._failed(name, error.line, error.message)
        self.problems.pop(name, None)
        self.index.put(name, transcript)
        return Change(name)

    def _parse(self, path: Path, text: str) -> Transcript:
        return markdown.parse(text, lambda link: self._read_asset(path, link))

    def _read_asset(self, path: Path, link: str) -> bytes:
        """The bytes of a link in a transcript: beside the file, else in the folder's assets; never
        from outside the folder.
        """
        root = next((root for root in self.roots if root in path.parents), path.parent).resolve()
        for base in (path.parent, root):
            target = (base / link).resolve()
            if root in target.parents and target.is_file():
                return target.read_bytes()
        raise FileNotFoundError(f"{link} is not there")

    def _failed(self, name: str, line: int, message: str) -> Change:
        self.problems[name] = Problem(name, line, message)
        return Change(name, self.problems[name])

    def _forget(self, name: str) -> Change | None:
        known = self._digests.pop(name, None)
        self.problems.pop(name, None)
        self.index.drop(name)
        return Change(name, is_gone=True) if known else None

    def save(self, recorded: Recording, *, replaces: bool = False, takes: int = 1) -> Saved | None:
        """Save a recording; None if the folder says it already.

        Raises `RechatError` if it cannot be held, and `OSError` if the disk says no; then nothing
        was written.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        wire = self.home / WIRE
        wire.mkdir(exist_ok=True)
        with FileLock(wire / "lock"):
            for _ in range(_ATTEMPTS):
                at = recording.place(self.index, recorded, replaces=replaces, takes=takes)
                if at is None:
                    return None
                path = self._path_of(at)
                if not self.reload(path):
                    return self._write(path, at, recorded)
        raise RechatError(f"{self.home} changes all the time: the recording was not saved")

    def _path_of(self, at: Place) -> Path:
        if not isinstance(at, NewFile):
            return Path(at.path)
        path = self.home / at.path
        number = 2
        while path.exists() and path.as_posix() in self._digests:
            path = self.home / f"{Path(at.path).stem}-{number}.md"
            number += 1
        return path

    def _write(self, path: Path, at: Place, recorded: Recording) -> Saved:
        raw = path.read_bytes() if path.exists() else b""
        edit = recording.edit(source.decode(raw), at, recorded)
        new = source.splice(raw, edit.source)
        transcript = markdown.parse(
            source.decode(new), lambda link: _stored(edit.stored, link, self, path)
        )
        reply = _reply_of(path.as_posix(), transcript, recorded)
        for link, content in edit.stored.items():
            _write_new(path.parent / link, content)
        write_atomic(path, new)
        self._digests[path.as_posix()] = _digest(new)
        self.index.put(path.as_posix(), transcript)
        assert reply.answer is not None
        return Saved(f"{path.as_posix()}:{reply.line}", reply.answer)

    def keep_wire(self, saved: Saved, shape: str, response: HttpResponse) -> None:
        """Keep the wire detail of an answer beside its transcript."""
        path = _wire_path(saved.place, shape, saved.answer)
        _write_new(path, sidecar.pack(response).encode("utf-8"))

    def wire(self, place: str, shape: str, answer: AnyAnswer) -> HttpResponse | None:
        """The wire detail of an answer, if there is any and it is whole."""
        try:
            return sidecar.unpack(_wire_path(place, shape, answer).read_text("utf-8"))
        except (FileNotFoundError, sidecar.SidecarError, UnicodeDecodeError):
            return None


def _wire_path(place: str, shape: str, answer: AnyAnswer) -> Path:
    """A sidecar is named after the answer that it belongs to: once somebody edits that, it is no
    longer found.
    """
    return (
        Path(place.rpartition(":")[0]).parent
        / WIRE
        / f"{_digest(repr(answer).encode('utf-8', 'backslashreplace'))}.{shape}"
    )


def _stored(stored: dict[str, bytes], link: str, store: Store, path: Path) -> bytes:
    return stored[link] if link in stored else store._read_asset(path, link)  # noqa: SLF001


def _reply_of(path: str, transcript: Transcript, recorded: Recording) -> Reply:
    """The answer in the new source. Raises `RechatError` if it is not there as it was recorded."""
    index = Index()
    index.put(path, transcript)
    found = index.find(recorded.request)
    if isinstance(found, Hit):
        for reply in found.exchange.answered:
            if reply.answer == recorded.answer:
                return reply
    raise RechatError(f"{path} would not give this answer back: it was not saved")


def is_transcript(relative: Path) -> bool:
    """Whether a file in a folder of transcripts is one, by its path: not hidden, no asset, no
    README.
    """
    hidden = any(part.startswith(".") for part in relative.parts)
    return (
        relative.suffix == ".md"
        and not hidden
        and ASSETS not in relative.parts[:-1]
        and relative.name != "README.md"
    )


def _transcripts(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name != ASSETS]
        for name in names:
            if is_transcript(Path(name)):
                yield Path(folder, name)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that is named after its content, unless it is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content)


def write_atomic(path: Path, content: bytes) -> None:
    """Replace a file: who reads it meanwhile, or after a crash, finds the old bytes or the new
    ones.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        else:
            Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
