"""What goes to an upstream, and what becomes of its answer."""

import asyncio
from pathlib import Path

import pytest
from addon_rig import Rig
from addon_rig import completion
from mitmproxy import flow
from mitmproxy import http

from rechat.proxy import limits
from rechat.store.folder import Store


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


@pytest.mark.parametrize(("length", "verdict"), [(100, "recorded"), (101, "forwarded")])
def test_an_answer_that_says_that_it_is_too_large_is_not_called_recorded(
    folder: Path, monkeypatch: pytest.MonkeyPatch, length: int, verdict: str
) -> None:
    monkeypatch.setattr(limits, "KEPT", 100)
    rig = Rig(folder, "record")
    asked = rig.ask()
    asked.response = http.Response.make(200, b"")
    asked.response.headers["content-length"] = str(length)
    rig.addon.forwarding.responseheaders(asked)
    assert asked.response.headers["x-rechat"] == verdict


@pytest.mark.parametrize("length", [None, 2, 2 << 20], ids=["no length", "short", "long"])
@pytest.mark.parametrize("kind", ["application/json", "text/event-stream"])
@pytest.mark.parametrize("status", [101, 401, 402, 403, 408, 409, 429, 500, 502, 503, 529])
def test_a_status_that_is_not_saved_is_never_called_recorded(
    folder: Path, status: int, kind: str, length: int | None
) -> None:
    rig = Rig(folder, "record")
    asked = rig.ask()
    asked.response = http.Response.make(status, b"", {"content-type": kind})
    del asked.response.headers["content-length"]
    if length is not None:
        asked.response.headers["content-length"] = str(length)
    rig.addon.forwarding.responseheaders(asked)
    assert asked.response.headers["x-rechat"] == "forwarded"


def test_a_connection_that_breaks_is_told(folder: Path) -> None:
    rig = Rig(folder, "record")
    asked = rig.ask()
    asked.error = flow.Error("server closed connection")
    asyncio.run(rig.addon.forwarding.error(asked))
    assert [entry.reason for entry in rig.entries] == [
        "not saved: upstream:81: server closed connection"
    ]


def test_what_a_program_does_at_other_hosts_is_not_recorded(mine: Path) -> None:
    rig = Rig(mine.parent, "record")
    for host, port in (("example.com", 443), ("upstream", 443), ("upstream", 81)):
        rig.receive(rig.ask_elsewhere(host, b"/v1/files", port), b'{"data": []}')
    assert [entry.verdict for entry in rig.entries] == ["forwarded", "forwarded", "recorded"]
    assert "not an upstream" in rig.entries[0].reason


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


def test_a_miss_goes_to_the_upstream_under_its_path(folder: Path) -> None:
    asked = Rig(folder, "record").ask(path=b"/v1/chat/completions?a=b")
    assert asked.response is None
    assert (asked.request.host, asked.request.port, asked.request.path) == (
        "upstream",
        81,
        "/api/v1/chat/completions?a=b",
    )
    assert asked.request.headers["accept-encoding"] == "identity"


def test_a_destination_that_the_client_names_stays(folder: Path) -> None:
    asked = Rig(folder, "record").ask(host="other", port=82, authority=b"other:82")
    assert (asked.request.host, asked.request.port) == ("other", 82)
