"""Rechats before rechats: a chain of any length is fine, and one that leads back is told at once."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from process import Rechat
from upstream import Upstream

CHAT = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


@contextlib.contextmanager
def chain(count: int, folder: Path, last: str = "", **environment: str) -> Iterator[list[Rechat]]:
    """So many rechats, each the upstream of the one before; the last one has the first as its own
    if there is no other.
    """
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in held:
            each.bind(("127.0.0.1", 0))
        ports = [each.getsockname()[1] for each in held]
        urls = [f"http://127.0.0.1:{port}/v1" for port in (*ports[1:], ports[0])]
        urls[-1] = last or urls[-1]
        found = []
        for number, (port, url) in enumerate(zip(ports, urls, strict=True)):
            held[number].close()
            words = ["record", url, "--port", str(port), "--to", str(folder / str(number))]
            found.append(stack.enter_context(Rechat(*words, folder=folder, **environment)))
        yield found


def test_a_chain_that_leads_to_a_provider_answers(upstream: Upstream, tmp_path: Path) -> None:
    with chain(3, tmp_path, upstream.url) as rechats:
        reply = httpx.post(f"{rechats[0].url}/chat/completions", json=CHAT, timeout=20)
    assert (reply.status_code, reply.headers["x-rechat"]) == (200, "recorded")
    assert len(upstream.requests) == 1
    assert len(upstream.requests[0].headers["x-rechat-via"].split(", ")) == 3
    assert all(len([*(tmp_path / str(number)).glob("*.md")]) == 1 for number in range(3))


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_chain_that_leads_back_is_told(tmp_path: Path, count: int, stream: bool) -> None:
    with chain(count, tmp_path) as rechats:
        url = f"{rechats[0].url}/chat/completions"
        reply = httpx.post(url, json=CHAT | {"stream": stream}, timeout=20)
        rechats[0].wait_for_line("the request has come back from its upstream")
    assert (reply.status_code, reply.headers["x-should-retry"]) == (508, "false")
    named = f"http://127.0.0.1:{rechats[1].port}"
    assert f"come back from its upstream ({named})" in reply.json()["error"]["message"]
    assert not list(tmp_path.rglob("*.md"))
