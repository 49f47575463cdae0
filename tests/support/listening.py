"""A server of one thread that has its sockets in hand: what it sends need not be HTTP."""

import socket
import threading
from abc import ABC
from abc import abstractmethod
from typing import Self


class Listening(ABC):
    """Accepts connections on a free port of this machine while its `with` block lasts."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.serve(connection)

    @abstractmethod
    def serve(self, connection: socket.socket) -> None:
        """Answer one connection, and close it."""
