"""The texts of all transcripts: searched, and read in place.

The texts are kept in memory from the first search on; a file is read again when its time or size
has changed. A search runs on the reading thread.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from rechat.answering import known_path
from rechat.format import source
from rechat.observe import said
from rechat.store import Store
from rechat.store import content_of
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Reply
from rechat.values import Section
from rechat.web.details import shown_message

# At most this much of a file is searched, and at most this many files are returned.
_LONGEST = 1 << 20
_MOST = 200
# Characters around a match.
_AROUND = 90

type _Stamp = tuple[int, int]


class Texts:
    """The texts of a store's files, as of the last look."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version = -1
        self._texts: dict[str, tuple[_Stamp, str, str]] = {}

    def search(self, query: str) -> JsonObject:
        """`{"found": [{"path", "line", "before", "text", "after"}], "count": …}`: the files that
        contain all words, ignoring case, with the place of the first.
        """
        self._refresh()
        words = query.lower().split()
        found = [
            (path, text, lower.index(words[0]))
            for path, (_, text, lower) in self._texts.items()
            if words and all(word in lower for word in words)
        ]
        shown: list[Json] = [_match_as_json(*one, len(words[0])) for one in found[:_MOST]]
        return {"found": shown, "count": len(found)}

    def _refresh(self) -> None:
        version = self._store.index.version
        if version == self._version:
            return
        known, self._texts = self._texts, {}
        for path in self._store.index.paths:
            with suppress(OSError):
                stat = os.stat(path)  # noqa: PTH116  # ten times as fast as a Path
                stamp = stat.st_mtime_ns, stat.st_size
                old = known.get(path)
                self._texts[path] = old if old and old[0] == stamp else _read(path, stamp)
        self._version = version


def _read(path: str, stamp: _Stamp) -> tuple[_Stamp, str, str]:
    text = content_of(Path(path))[:_LONGEST].decode("utf-8", "replace")
    lower = text.lower()
    # A few capitals are longer in lower case: then positions refer to the lower-case text.
    return stamp, text if len(text) == len(lower) else lower, lower


def _match_as_json(path: str, text: str, at: int, length: int) -> JsonObject:
    start = max(text.rfind("\n", 0, at) + 1, at - _AROUND)
    end = text.find("\n", at)
    end = min(len(text) if end < 0 else end, at + length + _AROUND)
    return {
        "path": path,
        "line": text.count("\n", 0, at) + 1,
        "before": text[start:at],
        "text": text[at : at + length],
        "after": text[at + length : max(end, at + length)],
    }


def read(store: Store, path: str) -> JsonObject:
    """`{"path", "absolute", "source", "sections": [{"title", "line", "messages"}]}` of one of the
    store's files. Raises `RechatError` for any other path, `OSError` if the disk fails.
    """
    file = known_path(store, path)
    sections = shown_sections(store.index.sections(path))
    text = source.decode(content_of(file))
    absolute = file.absolute().as_posix()
    return {"path": path, "absolute": absolute, "source": text, "sections": sections}


def shown_sections(sections: Iterable[Section]) -> list[Json]:
    """The sections of a file with their messages."""
    return [
        {
            "title": section.title,
            "line": section.line,
            "messages": [message for entry in section.entries for message in _messages(entry)],
        }
        for section in sections
    ]


def _messages(entry: Given | Reply) -> Iterator[JsonObject]:
    match entry:
        case Given(message, pattern, line):
            yield shown_message(message) | {"line": line, "pattern": pattern}
        case Reply(None, take, line):
            blank: JsonObject = {"role": "assistant", "blocks": [], "raw": "", "size": 0}
            yield blank | {"line": line, "take": take, "is_blank": True}
        case Reply(answer, take, line):
            for message in said(answer):
                yield shown_message(message) | {"line": line, "take": take}
