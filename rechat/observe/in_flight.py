"""Answers in flight, with the text received so far."""

import string
import threading
import time
from dataclasses import dataclass
from dataclasses import field
from itertools import count

from rechat.dialects import LiveText
from rechat.observe.entry import JournalEntry
from rechat.values import redact_text

# The characters of keys and tokens.
_OF_KEYS = string.ascii_letters + string.digits + "-_.+/="
# At most this many bytes wait until somebody looks; if more have arrived, they are read.
_UNREAD = 1 << 18
# At most this many characters of a text are kept.
_LONGEST = 1 << 18


@dataclass(eq=False, slots=True)
class Arrival:
    """An answer in flight: the request, its number among those in flight, and when it began
    (seconds since 1970). Its data is parsed only when somebody looks, which is rare.
    """

    entry: JournalEntry
    number: int = 0
    began: float = field(default_factory=time.time)
    _text: str = ""
    _deltas: LiveText = field(default_factory=LiveText)
    _unread: list[bytes] = field(default_factory=list)
    _size: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def feed(self, data: bytes) -> None:
        """Add a chunk of the body. Never raises."""
        self._unread.append(data)
        self._size += len(data)
        if self._size > _UNREAD:
            self._read()

    def _read(self) -> None:
        with self._lock:
            self._size, number = 0, len(self._unread)
            read = b"".join(self._unread[:number])
            del self._unread[:number]
            text = self._text + self._deltas.feed(read)
            # What is left of a word where it is cut may be half a secret.
            self._text = text[-_LONGEST:].lstrip(_OF_KEYS) if len(text) > _LONGEST else text

    @property
    def text(self) -> str:
        """The text so far, or its end if it is long, which may contain secrets."""
        self._read()
        return self._text

    @property
    def words(self) -> str:
        """The text so far without secrets: without its last word, which may be half of one, and
        redacted before it is truncated, because secrets are recognised by how they begin.
        """
        return redact_text(self.text.rstrip(_OF_KEYS))


class Arriving:
    """All answers in flight. One thread adds and removes, others may read."""

    def __init__(self) -> None:
        self._arrivals: dict[int, Arrival] = {}
        self._numbers = count(1)

    def begin(self, entry: JournalEntry) -> Arrival:
        """Add an answer that has begun to arrive."""
        arrival = Arrival(entry, next(self._numbers))
        self._arrivals[arrival.number] = arrival
        return arrival

    def end(self, arrival: Arrival) -> None:
        """Remove an answer that has ended."""
        self._arrivals.pop(arrival.number, None)

    def get(self, number: int) -> Arrival | None:
        """The answer with a number, as long as it is in flight."""
        return self._arrivals.get(number)

    def all(self) -> list[Arrival]:
        """All that were requested and have not ended, newest last."""
        return list(self._arrivals.values())

    def now(self) -> list[Arrival]:
        """The answers that have some text, newest last."""
        return [arrival for arrival in self.all() if arrival.text]
