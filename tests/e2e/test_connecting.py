"""An upstream that takes a connection and says nothing on it."""

import asyncio
import math
import socket
from pathlib import Path

import pytest
from routing import AT_ONCE
from routing import ask
from routing import load
from routing import routed
from upstream import Gate
from upstream import Stream
from upstream import Upstream


def test_the_next_upstream_is_asked_if_one_does_not_speak_tls(folder: Path) -> None:
    with socket.socket() as silent, Upstream() as other:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/v1"
        with routed(folder, url, other, first_byte="0.5") as rechat:
            reply = ask(rechat)
            assert url.removesuffix("/v1")[8:] in rechat.wait_for_line("failover")
    assert (reply.status_code, reply.headers["x-rechat-attempts"]) == (200, "2")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_is_not_taken_is_given_up(folder: Path, scheme: str) -> None:
    """A server whose queue is full leaves the next connection without an answer."""
    with socket.socket() as full, Upstream() as other:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        try:
            with routed(
                folder, f"{scheme}://127.0.0.1:{address[1]}/v1", other, first_byte="0.5"
            ) as rechat:
                reply = ask(rechat)
        finally:
            for one in waiting:
                one.close()
    assert (reply.status_code, reply.headers["x-rechat-attempts"]) == (200, "2")


def test_what_an_http_2_client_asks_at_once_is_asked_of_the_upstream_at_once(
    upstream: Upstream, folder: Path
) -> None:
    """mitmproxy lets five connections to a host stand, and a sixth waits, unanswered for ever."""
    gate = Gate()
    upstream.reply(Stream(gate=gate))
    with routed(folder, upstream) as rechat:

        async def all_at_once() -> dict[str, int]:
            running = asyncio.ensure_future(load(rechat, calls=AT_ONCE, http2=True))
            await asyncio.to_thread(upstream.wait_for_requests, AT_ONCE)
            gate.open(math.inf)
            return await running

        assert asyncio.run(all_at_once()) == {"": AT_ONCE}
