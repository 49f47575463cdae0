"""A collector of OpenTelemetry, as far as spans are sent to it."""

import json
import socket
from typing import Any

from listening import Listening


class Collector(Listening):
    """Takes spans in, and answers with a status."""

    def __init__(self, status: bytes = b"200 OK") -> None:
        super().__init__()
        self.status = status
        self.heads: list[bytes] = []
        self.spans: list[Any] = []

    def serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:
            head = b"".join(iter(stream.readline, b"\r\n"))
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            told = json.loads(stream.read(length))
            self.heads.append(head)
            self.spans += told["resourceSpans"][0]["scopeSpans"][0]["spans"]
            stream.write(
                b"HTTP/1.1 " + self.status + b"\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"
            )
