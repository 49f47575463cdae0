"""Clients that end their side of the connection once they have asked: they get their answer, and
one that has left is found.
"""

import math
import socket
from pathlib import Path

import httpx
from process import Rechat
from raw_requests import STREAMED
from raw_requests import request
from upstream import Break
from upstream import Gate
from upstream import Stream
from upstream import Upstream


def recording(upstream: Upstream, folder: Path) -> Rechat:
    return Rechat("record", upstream.url, "--to", folder, folder=folder.parent)


def asked(rechat: Rechat, data: bytes) -> socket.socket:
    """A connection on which a client has asked, and sends no more."""
    client = socket.create_connection(("localhost", rechat.port), 20)
    client.sendall(data)
    client.shutdown(socket.SHUT_WR)
    return client


def rest(client: socket.socket) -> bytes:
    with client, client.makefile("rb") as stream:
        return stream.read()


def test_the_answer_is_sent_and_the_connection_ends(upstream: Upstream, folder: Path) -> None:
    with recording(upstream, folder) as rechat:
        recorded, hit = (rest(asked(rechat, request())) for _ in range(2))
        page = rest(asked(rechat, b"GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n"))
    assert b"x-rechat: recorded" in recorded
    assert b"x-rechat: hit" in hit
    assert recorded.endswith(hit.partition(b"\r\n\r\n")[2])
    assert b'"status":"ok"' in page


def test_an_answer_that_begins_late_is_sent_after_interim_ones(
    upstream: Upstream, folder: Path
) -> None:
    gate = Gate()
    upstream.reply(Stream(gate=gate, framing="eof"))
    with recording(upstream, folder) as rechat:
        client = asked(rechat, request(STREAMED))
        gate.open(math.inf)
        assert b"data: [DONE]" in rest(client)


def test_a_client_that_waits_is_asked_whether_it_is_there(upstream: Upstream, folder: Path) -> None:
    upstream.reply(Break("mute"))
    with recording(upstream, folder) as rechat:
        with asked(rechat, request()) as client:
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 102 Processing\r\n\r\n")
        rechat.wait_for_line("the client left")


def test_paced_answers_go_on(folder: Path) -> None:
    (folder / "a.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> one two three four\n")
    with Rechat("replay", folder, "--pace", "20", folder=folder.parent) as rechat:
        assert b"data: [DONE]" in rest(asked(rechat, request(STREAMED)))
        assert "the client left" not in rechat.output


def test_a_client_of_http_1_0_gets_no_chunks(upstream: Upstream, folder: Path) -> None:
    with recording(upstream, folder) as rechat:
        told = rest(asked(rechat, request(STREAMED).replace(b"HTTP/1.1", b"HTTP/1.0")))
        again = httpx.post(f"{rechat.url}/chat/completions", content=STREAMED, timeout=20)
    head, _, body = told.partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert body == again.content
    assert again.headers["x-rechat"] == "hit"
