"""The transcripts of a folder: listed, read, searched and checked. No other file is read."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rechat.store import Finding
from rechat.store import Store
from rechat.store import content_of
from rechat.store import lint
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.values import UsageError

# At most this many rows are returned.
_MOST = 200
_LONGEST_LINE = 200


class Transcripts:
    """The files of a folder, read again at each call: an agent and others edit them meanwhile."""

    def __init__(self, load: Callable[[], Store]) -> None:
        self._load = load

    def listed(self) -> JsonObject:
        """The files: what they answer, or why they cannot be read."""
        store = self._load()
        rows: list[Json] = []
        for path in store.files()[:_MOST]:
            name = path.as_posix()
            rows.append({"path": name} | _row_of(store, name))
        return {"transcripts": rows, "count": len(store.files())}

    def read(self, path: str) -> str:
        """The text of a file."""
        return _text(self._file(path))

    def searched(self, words: str) -> JsonObject:
        """The files that contain all words, ignoring case, and a line with the first word."""
        wanted = words.lower().split()
        if not wanted:
            raise UsageError("words: expected at least one")
        found = []
        for path in self._load().files():
            text = _text(path)
            if all(word in text.lower() for word in wanted):
                found.append(_line_with(wanted[0], path, text))
        return {"found": found[:_MOST], "count": len(found)}

    def checked(self, path: str = "") -> JsonObject:
        """What `rechat lint` finds in all files, or in one."""
        store = self._load()
        only = self._file(path).as_posix() if path else ""
        readable = [one for one in store.files() if one.as_posix() not in store.problems]
        found = lint(store.index, {one.as_posix(): _text(one) for one in readable})
        found += [
            Finding(one.path, one.line, "error", one.message, one.code)
            for one in store.problems.values()
        ]
        shown: list[Json] = [
            asdict(finding) for finding in sorted(found) if only in ("", finding.path)
        ]
        return {"findings": shown[:_MOST], "count": len(shown)}

    def _file(self, path: str) -> Path:
        """The transcript that is meant. Raises `RechatError` for any other file."""
        wanted = Path(path).absolute()
        for known in self._load().files():
            if known.absolute() == wanted:
                return known
        raise RechatError(f"{path} is not one of the transcripts: list_transcripts names them")


def _text(path: Path) -> str:
    return content_of(path).decode("utf-8", "replace")


def _row_of(store: Store, name: str) -> JsonObject:
    if problem := store.problems.get(name):
        return {"problem": problem.message, "line": problem.line}
    card = store.index.card(name)
    titles: list[Json] = [one.title for one in store.index.sections(name) if one.title]
    return {
        "answers": card.answers if card else 0,
        "models": [*card.models] if card else [],
        **({"sections": titles} if titles else {}),
    }


def _line_with(word: str, path: Path, text: str) -> JsonObject:
    for number, line in enumerate(text.split("\n"), 1):
        at = line.lower().find(word)
        if at >= 0:
            start = max(0, at - _LONGEST_LINE // 2)
            shown = line[start : start + _LONGEST_LINE].strip()
            return {"path": path.as_posix(), "line": number, "text": shown}
    return {"path": path.as_posix(), "line": 1, "text": ""}
