"""The rechat that runs on this machine: what it has missed, and which answers are nearest to
that.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rechat.testing import Journal
from rechat.values import RechatError

# At most this many of the newest misses are examined.
_MOST = 20


@dataclass(frozen=True, slots=True)
class Missed:
    """A request that was not answered: its number, its last words, and the nearest answer, as the
    server names its place, and as a file and a line.
    """

    number: int
    words: str
    place: str
    path: Path
    line: int


class Running:
    """A server at an address, which may come and go. Threads may share it: while one waits for the
    server, the others treat it as absent.
    """

    def __init__(self, url: str, token: str = "") -> None:
        self._url = url
        self._token = token
        self._lock = threading.Lock()
        self._known: dict[int, Missed | None] = {}
        self._latest = 0
        self._journal: Journal | None = None

    def latest(self) -> int:
        """The number of the newest exchange; 0 if there is none, or no server."""
        try:
            state = self._state()
        except (OSError, ValueError):  # it has gone meanwhile
            return 0
        return int(state["latest"]) if state else 0

    def missed(self) -> list[Missed]:
        """The newest misses that are near to an answer. One that is older than the last change of
        its file may be fixed by now, and is left out.
        """
        if not self._lock.acquire(blocking=False):
            return []
        try:
            return [*self._missed()]
        except (OSError, ValueError, KeyError):  # it has gone meanwhile, or is another server
            return []
        finally:
            self._lock.release()

    def accept(self, number: int, place: str) -> str:
        """Replace the question of the answer at a place with that of an exchange; returns where the
        answer is now. Raises `RechatError`.
        """
        journal = self._found()
        if not journal:
            raise RechatError(f"no rechat answers at {self._url} any more")
        try:
            said = journal.post(f"exchanges/{number}/accept", {"into": place})
        except (OSError, ValueError) as error:
            raise RechatError(f"not accepted: {error}") from None
        return str(said["place"])

    def _state(self) -> Any:
        journal = self._found()
        return journal.get("state") if journal else None

    def _found(self) -> Journal | None:
        """The journal, if there is a server: the one that was found before, or that of a new
        server.
        """
        if not self._journal or not self._journal.is_there():
            journal = Journal.at(self._url, self._token)
            self._journal = journal if journal.is_there() else None
        return self._journal

    def _missed(self) -> Iterator[Missed]:
        journal = self._found()
        if not journal:
            return
        state = journal.get("state")
        if state["latest"] < self._latest:
            self._known.clear()  # it was started again
        self._latest = state["latest"]
        for row in journal.get(f"exchanges?q=verdict:miss&limit={_MOST}")["exchanges"]:
            number = row["number"]
            if number not in self._known:
                self._known[number] = _read(journal.get(f"exchanges/{number}"), state["folder"])
            found = self._known[number]
            if found and found.path.is_file():
                at = datetime.fromisoformat(row["at"]).timestamp()
                if at > found.path.stat().st_mtime:
                    yield found


def _read(row: Any, folder: str) -> Missed | None:
    place = str(row["nearest"])
    path, _, line = place.rpartition(":")
    if not path:
        return None
    return Missed(row["number"], row["words"], place, Path(folder, path), int(line))
