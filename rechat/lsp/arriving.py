"""Reads an editor's messages as they arrive, and knows whether more of them wait."""

import threading
from queue import SimpleQueue
from typing import IO

from rechat.lsp.framing import FramingError
from rechat.lsp.framing import read_message
from rechat.values import JsonObject


class Arriving:
    """The messages of an editor up to its `exit`, read on a separate thread."""

    def __init__(self, incoming: IO[bytes]) -> None:
        self._incoming = incoming
        self._read_on: SimpleQueue[JsonObject | FramingError | None] = SimpleQueue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    @property
    def are_waiting(self) -> bool:
        """Whether more have arrived."""
        return not self._read_on.empty()

    def next(self) -> JsonObject | None:
        """The next message; None at the end. Raises `FramingError`."""
        found = self._read_on.get()
        if isinstance(found, FramingError):
            raise found
        return found

    def _read(self) -> None:
        # Nothing is read after `exit`: a thread blocked on a pipe would delay the end of the
        # process.
        message: JsonObject | None = {}
        while message is not None and message.get("method") != "exit":
            try:
                message = read_message(self._incoming)
            except FramingError as error:
                self._read_on.put(error)
                return
            self._read_on.put(message)
