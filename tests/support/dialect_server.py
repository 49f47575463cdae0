"""A server that answers each POST as one dialect writes it, for the official SDKs to talk to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any, ClassVar

from rechat.dialects.shared.protocol import Dialect
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Request
from rechat.values.http import HttpRequest


class Answering(BaseHTTPRequestHandler):
    """Answers whatever is asked with `answer`, and keeps what was asked in `asked`."""

    dialect: ClassVar[Dialect]
    answer: ClassVar[AnyAnswer]
    asked: ClassVar[list[Request]]

    def do_POST(self) -> None:  # its name is given
        body = self.rfile.read(int(self.headers["content-length"]))
        path, _, query = self.path.partition("?")
        assert self.dialect.claims("POST", path)
        request = self.dialect.read_request(HttpRequest("POST", path, query, (), body))
        self.asked.append(request)
        response = self.dialect.write_answer(self.answer, request)
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        for piece in response.pieces:
            self.wfile.write(piece.data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name is given
        """Say nothing."""


@contextmanager
def serving(dialect: Dialect, answer: AnyAnswer) -> Iterator[tuple[str, list[Request]]]:
    """The URL of a server that gives this answer, and the requests that it read."""
    asked: list[Request] = []
    own = {"dialect": dialect, "answer": answer, "asked": asked}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Answering,), own))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
