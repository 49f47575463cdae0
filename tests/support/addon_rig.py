"""The addon on flows of mitmproxy's own making."""

import asyncio
import json
from pathlib import Path

from mitmproxy import connection
from mitmproxy import http
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.test import tflow
from mitmproxy.test import tutils

from rechat.answering.endpoint import Endpoint
from rechat.answering.policy import Session
from rechat.observe.entry import JournalEntry
from rechat.proxy.access import NAMES_HOST
from rechat.proxy.access import Access
from rechat.proxy.addon import Rechat
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.upstream import parse_upstream
from rechat.store.folder import Store
from rechat.values.conversation import Policy

HELLO = b'{"model": "m", "messages": [{"role": "user", "content": "Hello"}]}'


class Rig:
    """The addon over a folder with one file, and what it reported."""

    def __init__(self, folder: Path, policy: Policy) -> None:
        self.entries: list[JournalEntry] = []
        store = Store([folder])
        store.load()
        router = Router([parse_upstream("http://upstream:81/api/v1")])
        endpoint = Endpoint(Session(store.index, policy), store)
        report = lambda entry, _: self.entries.append(entry)  # noqa: E731
        self.addon = Rechat(endpoint, router, Access("localhost"), report)

    def ask(self, content: bytes = HELLO, **request: object) -> http.HTTPFlow:
        """A flow after the request hook, as a client of the base URL makes it."""
        asked = self.flow(content, **request)
        asyncio.run(self.addon.request(asked))
        return asked

    def flow(self, content: bytes = HELLO, **request: object) -> http.HTTPFlow:
        """A flow before the request hook."""
        made = {
            "host": "localhost",
            "port": 8910,
            "method": b"POST",
            "path": b"/v1/chat/completions",
            "authority": b"",
            "content": content,
            "headers": http.Headers(((b"host", b"localhost:8910"),)),
        } | request
        asked = tflow.tflow(req=tutils.treq(**made))
        asked.client_conn.timestamp_end = None
        asked.client_conn.proxy_mode = ProxyMode.parse("regular")
        asked.client_conn.sockname = ("127.0.0.1", 8910)
        asked.server_conn = connection.Server(address=None)
        asked.metadata[NAMES_HOST] = bool(made["authority"])
        return asked

    def ask_elsewhere(self, host: str, path: bytes, port: int) -> http.HTTPFlow:
        """A flow of a client that uses us as its proxy."""
        headers = http.Headers(((b"host", host.encode()),))
        aim = {"host": host, "port": port, "authority": f"{host}:{port}".encode()}
        return self.ask(b"", method=b"GET", path=path, headers=headers, **aim)

    def receive(self, asked: http.HTTPFlow, body: bytes) -> None:
        """What the upstream answers, whole."""
        asked.response = http.Response.make(200, b"", {"content-type": "application/json"})
        self.addon.forwarding.responseheaders(asked)
        for piece in (body[:9], body[9:], b""):
            if callable(asked.response.stream):
                asked.response.stream(piece)
        asyncio.run(self.addon.forwarding.response(asked))


def completion(text: str) -> bytes:
    """What an upstream answers."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({"id": "1", "choices": [choice]}).encode()
