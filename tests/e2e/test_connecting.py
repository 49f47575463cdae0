"""An upstream that takes a connection and says nothing on it."""

import socket
from pathlib import Path

import pytest
from routing import ask
from routing import routed
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
