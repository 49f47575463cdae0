"""Who may ask: programs of this machine, not pages of other sites."""

from pathlib import Path

import httpx
import pytest
from process import Rechat
from upstream import Upstream

HELLO = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8910"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
    ],
    ids=["rebound-host", "rebound-host-and-port", "origin", "cross-site"],
)
def test_a_page_on_another_site_can_ask_nothing(
    upstream: Upstream, folder: Path, headers: dict[str, str]
) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        host = headers.get("host", "")
        if host and ":" in host:
            headers = {"host": f"evil.example:{rechat.port}"}
        reply = httpx.post(
            f"{rechat.url}/chat/completions", json=HELLO, headers=headers, timeout=20
        )
    assert reply.status_code == 403
    assert upstream.requests == []


def test_a_page_of_this_machine_may_ask(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        headers = {"origin": "http://localhost:3000", "sec-fetch-site": "same-site"}
        reply = httpx.post(
            f"{rechat.url}/chat/completions", json=HELLO, headers=headers, timeout=20
        )
    assert reply.status_code == 200
