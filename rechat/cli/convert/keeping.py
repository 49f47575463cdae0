"""Saves what was found in other formats in a folder, as a recording would be."""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import replace
from pathlib import Path

from rechat.convert import Conversation
from rechat.convert import HttpExchange
from rechat.dialects import dialect_of
from rechat.format import parse
from rechat.format import render
from rechat.store import Recording
from rechat.store import Store
from rechat.store import is_worth_saving
from rechat.store import placement
from rechat.store import write_atomic
from rechat.store import write_new
from rechat.values import Entry
from rechat.values import Given
from rechat.values import Message
from rechat.values import RechatError
from rechat.values import Reply
from rechat.values import Request
from rechat.values import Section
from rechat.values import Transcript
from rechat.values import secrets_in


class Keeper:
    """Saves exchanges and conversations below a folder. What exists already stays as it is:
    importing the same again changes nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stores: dict[Path, Store] = {}
        self._asked: Counter[Hashable] = Counter()

    def keep(self, found: HttpExchange, file: str = "") -> str | None:
        """Where an exchange was saved, as if recorded; None if the folder contains it already.
        `file` is the transcript to save it in, below the folder; by default its name is derived
        from the question. Raises `RechatError` if it cannot be saved, and `OSError`.
        """
        dialect = dialect_of(found.request.method, found.request.path)
        if not dialect:
            raise RechatError("nothing is asked")
        request = dialect.read_request(found.request)
        received = dialect.read_answer(found.response, asked=request)
        if not is_worth_saving(received.answer):
            raise RechatError(f"status {found.response.status} may pass")
        target = self._folder / file
        store = self._store(target)
        key = (target, placement.key_of(request))
        # The same question again in one import is another take.
        self._asked[key] += 1
        text = found.response.body.decode("utf-8", "replace")
        wire = found.response if received.is_verbatim and not secrets_in(text) else None
        recording = Recording(request, received.answer, wire=wire, day=found.day)
        saved = store.save(recording, takes=self._asked[key])
        return saved.place if saved else None

    def keep_conversation(self, found: Conversation) -> str | None:
        """Where a conversation was saved; None if the folder contains it already. One that has
        grown replaces its earlier import. Raises `RechatError` and `OSError`.
        """
        section = _plain(found.section)
        name = Path(placement.file_name(Request(section.settings, tuple(_opening(section)))))
        stored: dict[str, bytes] = {}
        text = render(Transcript((section,)), stored.__setitem__)
        path, number = self._folder / name, 2
        while path.exists() and not self._is_beginning(path, section):
            path = self._folder / f"{name.stem}-{number}.md"
            number += 1
        content = text.encode()
        if path.exists() and path.read_bytes() == content:
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        for link, asset in stored.items():
            write_new(path.parent / link, asset)
        write_atomic(path, content)
        return path.as_posix()

    def _is_beginning(self, path: Path, section: Section) -> bool:
        """Whether a file contains the beginning of a section, and nothing else."""
        try:
            transcript = parse(path.read_bytes(), lambda link: (path.parent / link).read_bytes())
        except RechatError:
            return False
        match transcript.sections:
            case [one]:
                begun = section.entries[: len(one.entries)]
                return replace(one, entries=section.entries) == section and (
                    [*map(_undated, one.entries)] == [*map(_undated, begun)]
                )
        return False

    def _store(self, target: Path) -> Store:
        if target not in self._stores:
            folder = target.parent if target.suffix == ".md" else target
            folder.mkdir(parents=True, exist_ok=True)
            store = self._stores[target] = Store([target])
            if target.exists():
                store.load()
        return self._stores[target]


def _opening(section: Section) -> Iterator[Message]:
    """The messages above the first answer, which are the same when a conversation has grown."""
    for entry in section.entries:
        if not isinstance(entry, Given):
            return
        yield _without_wild_cards(entry)


def _without_wild_cards(entry: Given) -> Message:
    """The message, reduced to the literal parts of a pattern, for a name."""
    if not entry.pattern or entry.message.body is None:
        return entry.message
    lines = [line.strip() for line in entry.message.body.replace("[..]", " ").split("\n")]
    return replace(entry.message, body="\n".join(line for line in lines if line != "..."))


def _undated(entry: Entry) -> Entry:
    """The entry without its day, which older imports did not save."""
    return replace(entry, recorded="") if isinstance(entry, Reply) else entry


def _plain(section: Section) -> Section:
    """The section with its messages as they are in a file."""
    entries = [
        placement.given_of(entry.message)
        if isinstance(entry, Given) and not entry.pattern
        else entry
        for entry in section.entries
    ]
    return replace(section, entries=tuple(entries))
