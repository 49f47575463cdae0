"""The outcome of a question, from the tapes of processes that asked it and have ended since."""

from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from filelock import FileLock
from filelock import Timeout

from rechat.resend.client.connection import Exchanged
from rechat.resend.client.reader import ResponseReader
from rechat.resend.client.reader import WireError
from rechat.resend.client.tape import CAME
from rechat.resend.client.tape import ENDED
from rechat.resend.client.tape import GIVEN_UP
from rechat.resend.client.tape import SENT
from rechat.resend.client.tape import records
from rechat.resend.client.tape import tapes


@dataclass(frozen=True, slots=True)
class Played:
    """What the tapes of a question contain: its last outcome (with times in seconds since 1970), if
    that is complete; how often it was asked up to then, and when first; and how often the answer
    was lost because the process that asked had ended.
    """

    found: Exchanged | None = None
    tries: int = 0
    first: float = 0.0
    lost: int = 0


@dataclass
class _Take:
    """One request on a tape, and its outcome."""

    sent: float
    reader: ResponseReader = field(default_factory=ResponseReader)
    pieces: list[tuple[float, bytes]] = field(default_factory=list)
    ended: float = 0.0
    is_over: bool = False

    def feed(self, kind: bytes, moment: float, data: bytes) -> None:
        """Process the next record."""
        if self.is_over:
            return
        self.ended = moment
        try:
            if kind == CAME and (body := self.reader.feed(data)):
                self.pieces.append((moment, body))
            elif kind == ENDED:
                self.reader.close()
        except WireError:
            self.is_over = True
        self.is_over = self.is_over or self.reader.is_done or kind in (ENDED, GIVEN_UP)

    @property
    def found(self) -> Exchanged | None:
        reader = self.reader
        if not reader.is_done:
            return None
        ended = self.sent + self.ended / 1000
        return Exchanged(self.sent, ended, reader.status, reader.headers, tuple(self.pieces))


def play(name: str, patience: float) -> Played:
    """What the tapes of this name on this machine contain. A process that is still receiving is
    waited for, but only this many seconds.
    """
    found = [one for path in tapes(name) for one in _takes(path, patience)]
    takes = sorted(found, key=lambda one: one.sent)
    whole = [at for at, one in enumerate(takes) if one.found]
    upto = takes[: whole[-1] + 1] if whole else takes
    return Played(
        takes[whole[-1]].found if whole else None,
        len(upto),
        upto[0].sent if upto else 0.0,
        sum(not one.is_over for one in takes),
    )


def _takes(path: Path, patience: float) -> list[_Take]:
    with suppress(Timeout, OSError):
        FileLock(f"{path}.lock").acquire(timeout=patience).lock.release()
    found: list[_Take] = []
    for kind, moment, data in records(path):
        if kind == SENT:
            found.append(_Take(moment))
        elif found:
            found[-1].feed(kind, moment, data)
    return found
