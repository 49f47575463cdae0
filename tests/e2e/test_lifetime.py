"""A server that is stopped lets the answers arrive that are on their way."""

import signal
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat
from upstream import Gate
from upstream import Stream
from upstream import Upstream


def ask(text: str) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": text}], "stream": True}


def test_a_stream_on_its_way_arrives_and_is_saved_and_nothing_new_is_sent(
    upstream: Upstream, folder: Path
) -> None:
    gate = Gate()
    upstream.reply(Stream(gate=gate))
    with (
        Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat,
        httpx.Client(base_url=rechat.url, timeout=20) as client,
    ):
        gate.open(100)
        client.post("/chat/completions", json=ask("Before")).read()  # and the connection is open
        gate = Gate()
        upstream.reply(Stream(gate=gate))
        url = f"{rechat.url}/chat/completions"
        with httpx.stream("POST", url, json=ask("Hello"), timeout=20) as reply:
            rechat.stop()
            rechat.wait_for_line("1 answer is on the way")
            refused = client.post("/chat/completions", json=ask("Another"))
            gate.open(100)
            assert reply.read().endswith(b"data: [DONE]\n\n")
    assert refused.status_code == 503
    assert "is being stopped" in refused.json()["error"]["message"]
    assert "Hello" in "".join(path.read_text() for path in folder.glob("*.md"))
    assert len(upstream.requests) == 2


def test_a_second_signal_ends_it_at_once(upstream: Upstream, folder: Path) -> None:
    upstream.reply(Stream(gate=Gate()))
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        url = f"{rechat.url}/chat/completions"
        with httpx.stream("POST", url, json=ask("Hello"), timeout=20):
            rechat.stop()
            rechat.wait_for_line("1 answer is on the way")
            rechat.stop()
            rechat.wait_for_line("not saved")
    assert list(folder.glob("*.md")) == []


def test_an_answer_on_its_way_is_saved_when_the_terminal_is_closed(
    upstream: Upstream, folder: Path
) -> None:
    gate = Gate()
    upstream.reply(Stream(gate=gate))
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        url = f"{rechat.url}/chat/completions"
        with httpx.stream("POST", url, json=ask("Hello"), timeout=20) as reply:
            # The kernel says so, and then the shell.
            rechat.stop(signal.SIGHUP)
            rechat.wait_for_line("1 answer is on the way")
            rechat.stop(signal.SIGHUP)
            gate.open(100)
            assert reply.read().endswith(b"data: [DONE]\n\n")
    assert "Hello" in "".join(path.read_text() for path in folder.glob("*.md"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell that can close a stream")
@pytest.mark.parametrize("streams", ["<&-", "2>&-", "<&- 2>&-"])
def test_a_standard_stream_that_is_closed_is_not_taken_for_a_connection(
    folder: Path, monkeypatch: pytest.MonkeyPatch, streams: str
) -> None:
    monkeypatch.setattr(Rechat, "through", ("sh", "-c", f'exec "$@" {streams}', "sh"))
    (folder / "hello.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        for _ in range(2):
            reply = httpx.post(f"{rechat.url}/chat/completions", json=ask("Hello"), timeout=20)
            assert reply.text.endswith("data: [DONE]\n\n")


def test_an_offer_of_http_2_is_passed_over_in_silence(upstream: Upstream, folder: Path) -> None:
    """Java's client makes one on each new connection."""
    offer = {
        "connection": "Upgrade, HTTP2-Settings",
        "upgrade": "h2c",
        "http2-settings": "AAEAAEAA",
    }
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        for _ in range(2):  # recorded, then answered from the file
            reply = httpx.post(
                f"{rechat.url}/chat/completions", json=ask("Hello"), headers=offer, timeout=20
            )
            assert reply.status_code == 200
    assert "h2c" not in rechat.output
