"""The wire detail of recorded answers, in files beside the transcripts. It may be lost or deleted:
what is there is checked when it is read.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rechat.format import wire
from rechat.index import Index
from rechat.store.atomic import write_new
from rechat.store.known import Saved
from rechat.store.known import digest_of
from rechat.values import AnyAnswer
from rechat.values import HttpResponse
from rechat.values import Reply
from rechat.values import Section

WIRE = ".wire"


class Sidecars:
    """The sidecars of the transcripts in an index, which are below some roots."""

    def __init__(self, index: Index, roots: tuple[Path, ...] = ()) -> None:
        self._index = index
        self._roots = roots

    def keep(
        self, saved: Saved, shape: str, response: HttpResponse, sections: Iterable[Section]
    ) -> None:
        """Keep the wire detail of an answer beside its transcript, which has these sections."""
        assert saved.answer is not None
        path = _wire_path(saved.place, shape, saved.answer)
        text = wire.pack(response)
        if path.exists() and path.read_text("utf-8") != text:
            write_new(_twins(path), b"", is_lasting=False)
            path = _twin_path(path, saved.place, saved.answer, sections)
        # It is checked when it is read, and may be lost: the disk need not be waited for.
        write_new(path, text.encode("utf-8"), is_lasting=False)

    def read(self, place: str, shape: str, answer: AnyAnswer) -> HttpResponse | None:
        """The wire detail of an answer, if there is any and it is whole: beside its transcript, or
        further up, where it stays when somebody moves the transcript into a folder.
        """
        first = _wire_path(place, shape, answer)
        for folder in self._up_from(first.parent.parent):
            path = folder / WIRE / first.name
            if _twins(path).exists():
                sections = self._index.sections(place.rpartition(":")[0])
                twin = _twin_path(path, place, answer, sections)
                found = _unpacked(twin) or _unpacked(path)
            else:
                found = _unpacked(path)
            if found:
                return found
        return None

    def _up_from(self, folder: Path) -> Iterator[Path]:
        """A folder, and those above it up to the root that it is below."""
        yield folder
        while folder not in self._roots and any(root in folder.parents for root in self._roots):
            folder = folder.parent
            yield folder


def stem_of(answer: AnyAnswer) -> str:
    """A sidecar is named after the answer that it belongs to: once somebody edits that, it is no
    longer found.
    """
    return digest_of(repr(answer).encode("utf-8", "backslashreplace"))


def _wire_path(place: str, shape: str, answer: AnyAnswer) -> Path:
    return Path(place.rpartition(":")[0]).parent / WIRE / f"{stem_of(answer)}.{shape}"


def _twin_path(path: Path, place: str, answer: AnyAnswer, sections: Iterable[Section]) -> Path:
    """Where the wire detail of an answer is whose equal came in other bytes: it is named after the
    file, and which of the equal answers in its sections this is.
    """
    name, _, line = place.rpartition(":")
    lines = [
        entry.line
        for section in sections
        for entry in section.entries
        if isinstance(entry, Reply) and entry.answer == answer
    ]
    number = sum(other < int(line) for other in lines)
    place = digest_of(f"{Path(name).name}\n{number}".encode())
    return path.with_stem(f"{path.stem}-{place}")


def _twins(path: Path) -> Path:
    """The empty file that says: there are more answers equal to the one whose detail is here."""
    return path.with_suffix(".twins")


def _unpacked(path: Path) -> HttpResponse | None:
    try:
        return wire.unpack(path.read_text("utf-8"))
    except (FileNotFoundError, wire.SidecarError, UnicodeDecodeError):
        return None
