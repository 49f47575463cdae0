"""What a request gets, as mitmproxy's hooks see it."""

import json
from pathlib import Path

import pytest
from addon_rig import HELLO
from addon_rig import Rig
from addon_rig import completion
from mitmproxy import http

from rechat.proxy.access import Access
from rechat.proxy.upstreams.router import Router


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
    assert asked.response.headers["x-rechat-transcript"].endswith("gr%C3%B6%C3%9Fe.md:5")


def test_a_path_with_a_line_break_begins_no_header(folder: Path) -> None:
    text = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"
    (folder / "new\r\nx-evil: 1.md").write_text(text)
    asked = Rig(folder, "replay").ask()
    assert asked.response
    assert "x-evil" not in asked.response.headers
    assert asked.response.headers["x-rechat-transcript"].endswith("new%0D%0Ax-evil: 1.md:5")


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


def test_a_secret_in_the_query_is_not_told(folder: Path) -> None:
    rig = Rig(folder, "replay")
    rig.ask(method=b"GET", path=b"/v1/models?key=secret", content=b"")
    assert rig.entries[0].target == "GET /v1/models?key=redacted"


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


@pytest.mark.parametrize("origin", ["http://[::1", "http://[", "null", "é"])
def test_an_origin_that_is_no_url_is_refused(mine: Path, origin: str) -> None:
    rig = Rig(mine.parent, "record")
    fields = ((b"host", b"localhost:8910"), (b"origin", origin.encode()))
    asked = rig.ask(headers=http.Headers(fields))
    assert asked.response
    assert asked.response.status_code == 403
    assert "of the web page" in json.loads(asked.response.content or b"")["error"]["message"]
