"""The addon on flows of mitmproxy's own making."""

import asyncio
import json
from pathlib import Path

import pytest
from mitmproxy import connection
from mitmproxy import flow
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
from rechat.proxy.routing import Router
from rechat.proxy.routing import parse
from rechat.store.folder import Store
from rechat.values.conversation import Policy

HELLO = b'{"model": "m", "messages": [{"role": "user", "content": "Hello"}]}'


class Rig:
    """The addon over a folder with one file, and what it reported."""

    def __init__(self, folder: Path, policy: Policy) -> None:
        self.entries: list[JournalEntry] = []
        store = Store([folder])
        store.load()
        router = Router([parse("http://upstream:81/api/v1")])
        endpoint = Endpoint(Session(store.index, policy), store)
        report = lambda entry, _: self.entries.append(entry)  # noqa: E731
        self.addon = Rechat(endpoint, router, Access("localhost"), report)

    def ask(self, content: bytes = HELLO, **request: object) -> http.HTTPFlow:
        """A flow after the request hook, as a client of the base URL makes it."""
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
        asked.client_conn.proxy_mode = ProxyMode.parse("regular")
        asked.client_conn.sockname = ("127.0.0.1", 8910)
        asked.server_conn = connection.Server(address=None)
        asked.metadata[NAMES_HOST] = bool(made["authority"])
        asyncio.run(self.addon.request(asked))
        return asked

    def ask_elsewhere(self, host: str, path: bytes, port: int) -> http.HTTPFlow:
        """A flow of a client that uses us as its proxy."""
        headers = http.Headers(((b"host", host.encode()),))
        aim = {"host": host, "port": port, "authority": f"{host}:{port}".encode()}
        return self.ask(b"", method=b"GET", path=path, headers=headers, **aim)

    def receive(self, asked: http.HTTPFlow, body: bytes) -> None:
        """What the upstream answers, whole."""
        asked.response = http.Response.make(200, b"", {"content-type": "application/json"})
        self.addon.responseheaders(asked)
        for piece in (body[:9], body[9:], b""):
            if callable(asked.response.stream):
                asked.response.stream(piece)
        asyncio.run(self.addon.response(asked))


def completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({"id": "1", "choices": [choice]}).encode()


def test_a_hit_is_answered_with_its_place(mine: Path) -> None:
    rig = Rig(mine.parent, "replay")
    asked = rig.ask()
    assert asked.response
    assert asked.response.headers["x-rechat"] == "hit"
    assert asked.response.headers["x-rechat-transcript"] == f"{mine}:7"
    assert [entry.verdict for entry in rig.entries] == ["hit"]


def test_a_path_that_is_not_ascii_fits_into_a_header(folder: Path) -> None:
    (folder / "größe.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
    asked = Rig(folder, "replay").ask()
    assert asked.response
    assert asked.response.headers["x-rechat-transcript"].endswith("gr\\xf6\\xdfe.md:5")


def test_a_miss_goes_to_the_upstream_under_its_path(folder: Path) -> None:
    asked = Rig(folder, "record").ask(path=b"/v1/chat/completions?a=b")
    assert asked.response is None
    assert (asked.request.host, asked.request.port, asked.request.path) == (
        "upstream",
        81,
        "/api/v1/chat/completions?a=b",
    )
    assert asked.request.headers["accept-encoding"] == "identity"


def test_a_whole_answer_is_saved(folder: Path) -> None:
    rig = Rig(folder, "record")
    rig.receive(rig.ask(), completion("Hi!"))
    assert [entry.verdict for entry in rig.entries] == ["recorded"]
    assert rig.ask().response is not None


@pytest.mark.parametrize("body", [completion("Hi!")[:-5], b"<html>", b'{"object": "list"}'])
def test_half_an_answer_is_not(folder: Path, body: bytes) -> None:
    rig = Rig(folder, "record")
    rig.receive(rig.ask(), body)
    assert [entry.verdict for entry in rig.entries] == ["failed"]
    assert rig.entries[0].reason.startswith("not saved: ")
    assert list(folder.glob("*.md")) == []


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_a_body_that_is_nested_without_end_takes_nothing_down(folder: Path, depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    body = HELLO[:-1] + b', "x": ' + nested + b"}"
    refused = Rig(folder, "replay").ask(body)
    assert refused.response
    assert refused.response.status_code == 400
    rig = Rig(folder, "record")
    rig.receive(rig.ask(), completion("Hi!")[:-1] + b', "x": ' + nested + b"}")
    assert len(rig.entries) == 1


def test_a_connection_that_breaks_is_told(folder: Path) -> None:
    rig = Rig(folder, "record")
    asked = rig.ask()
    asked.error = flow.Error("server closed connection")
    asyncio.run(rig.addon.error(asked))
    assert [entry.reason for entry in rig.entries] == [
        "not saved: upstream:81: server closed connection"
    ]


def test_a_secret_in_the_query_is_not_told(folder: Path) -> None:
    rig = Rig(folder, "replay")
    rig.ask(method=b"GET", path=b"/v1/models?key=secret", content=b"")
    assert rig.entries[0].target == "GET /v1/models?key=redacted"


def test_a_destination_that_the_client_names_stays(folder: Path) -> None:
    asked = Rig(folder, "record").ask(host="other", port=82, authority=b"other:82")
    assert (asked.request.host, asked.request.port) == ("other", 82)


def test_what_a_program_does_at_other_hosts_is_not_recorded(mine: Path) -> None:
    rig = Rig(mine.parent, "record")
    for host, port in (("example.com", 443), ("upstream", 443), ("upstream", 81)):
        rig.receive(rig.ask_elsewhere(host, b"/v1/files", port), b'{"data": []}')
    assert [entry.verdict for entry in rig.entries] == ["forwarded", "forwarded", "recorded"]
    assert "not an upstream" in rig.entries[0].reason


def test_whatever_raises_is_answered_and_never_forwarded(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(mine.parent, "record")

    def stumble(*_: object) -> None:
        raise TypeError("no such thing")

    monkeypatch.setattr(Access, "problem", stumble)
    asked = rig.ask()
    assert asked.response
    assert (asked.response.status_code, asked.response.headers["x-rechat"]) == (500, "failed")
    assert asked.response.headers["x-should-retry"] == "false"
    assert json.loads(asked.response.content or b"")["error"]["type"] == "rechat_failed"
    assert [entry.verdict for entry in rig.entries] == ["failed"]
    assert rig.entries[0].reason.startswith("TypeError: no such thing (rechat/proxy/addon.py:")


def test_a_failure_on_the_way_out_takes_the_request_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "choose", lambda *_: 1 // 0)
    asked = Rig(folder, "record").ask()
    assert asked.response
    assert asked.response.status_code == 500
    assert "rechat" not in asked.metadata


def test_an_answer_that_cannot_be_taken_in_is_told_and_not_saved(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(folder, "record")
    monkeypatch.setattr(Store, "save", lambda *_, **__: 1 // 0)
    rig.receive(rig.ask(), completion("Hi!"))
    [entry] = rig.entries
    assert entry.verdict == "failed"
    assert entry.reason.startswith("not saved: ZeroDivisionError")
    assert list(folder.glob("*.md")) == []


@pytest.mark.parametrize("origin", ["http://[::1", "http://[", "null", "é"])
def test_an_origin_that_is_no_url_is_refused(mine: Path, origin: str) -> None:
    rig = Rig(mine.parent, "record")
    fields = ((b"host", b"localhost:8910"), (b"origin", origin.encode()))
    asked = rig.ask(headers=http.Headers(fields))
    assert asked.response
    assert asked.response.status_code == 403
    assert "of the web page" in json.loads(asked.response.content or b"")["error"]["message"]
