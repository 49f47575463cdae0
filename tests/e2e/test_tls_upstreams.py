"""Upstreams whose URL says TLS where they speak plain HTTP, or the other way round, and upstreams
whose certificate is not taken: the client is told which of it, in JSON, and nothing is saved.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from internet import Authority
from listening import Listening
from process import Rechat
from upstream import Upstream

CHAT = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


class Server(Listening):
    """A server that says the same to whoever has said something, and hangs up."""

    def __init__(self, data: bytes, context: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self._data = data
        self._context = context

    def serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(connection)
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
                stack.enter_context(connection)
            connection.recv(1 << 16)
            connection.sendall(self._data)


def failure(url: str, folder: Path, *more: str | Path, is_lasting: bool = False) -> str:
    """What a client is told whose upstream is there; that asking again is of no use, if that is
    certain (`is_lasting`).
    """
    with Rechat("record", f"{url}/v1", "--to", folder, *more, folder=folder.parent) as rechat:
        reply = httpx.post(f"{rechat.url}/chat/completions", json=CHAT, timeout=20)
        assert (reply.status_code, reply.headers["x-rechat"]) == (502, "failed")
        if is_lasting:
            assert reply.headers["x-should-retry"] == "false"
        message: str = reply.json()["error"]["message"]
        rechat.wait_for_line(f"not saved: {message.removeprefix('rechat: ')}")
    assert not list(folder.glob("*.md"))
    return message


def test_plain_http_behind_https_is_told_though_it_waits_in_silence(
    upstream: Upstream, folder: Path
) -> None:
    address = upstream.url.removeprefix("http://").removesuffix("/v1")
    told = f"rechat: {address}: it speaks plain HTTP and does not speak TLS"
    assert failure(f"https://{address}", folder, is_lasting=True).startswith(told)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n", "does not speak TLS"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "it ended the connection where TLS should begin"),
        (b"", "it ended the connection where TLS should begin"),
    ],
    ids=["HTTP", "SSH", "nothing"],
)
def test_what_is_no_tls_is_told(folder: Path, data: bytes, told: str) -> None:
    with Server(data) as server:
        assert told in failure(f"https://127.0.0.1:{server.port}", folder)


@pytest.mark.parametrize("is_told", [False, True], ids=["it hangs up", "it says so"])
def test_tls_behind_http_is_told(folder: Path, is_told: bool) -> None:
    certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.load_cert_chain(*Authority(folder.parent).certify("localhost"))
    page = b"Client sent an HTTP request to an HTTPS server.\n"
    said = b"HTTP/1.0 400 Bad Request\r\n\r\n" + page
    with Server(said) if is_told else Server(b"", certificate) as server:
        told = failure(f"http://127.0.0.1:{server.port}", folder)
    assert "it speaks TLS and not plain HTTP: its URL begins with https://" in told


def test_an_error_of_the_api_that_is_no_json_is_passed_on_and_saved(folder: Path) -> None:
    with (
        Server(b"HTTP/1.0 400 Bad Request\r\n\r\nno such field\n") as server,
        Rechat("record", f"{server.url}/v1", "--to", folder, folder=folder.parent) as rechat,
    ):
        reply = httpx.post(f"{rechat.url}/chat/completions", json=CHAT, timeout=20)
    assert (reply.status_code, reply.text) == (400, "no such field\n")
    assert reply.headers["x-rechat"] == "recorded"


def mine(authority: Authority) -> tuple[str, list[str | Path]]:
    authority.certify("localhost")
    return "localhost", []


def of_another(authority: Authority) -> tuple[str, list[str | Path]]:
    authority.certify("other.example")
    return "other.example", ["--ca", authority.file]


@pytest.mark.parametrize(
    ("certified", "told"),
    [
        (mine, "its certificate is not trusted"),
        (of_another, "its certificate is for another host"),
    ],
    ids=["own authority", "other host"],
)
def test_a_certificate_that_is_not_taken_says_why(
    folder: Path,
    certified: Callable[[Authority], tuple[str, list[str | Path]]],
    told: str,
) -> None:
    authority = Authority(folder.parent)
    name, more = certified(authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.certify(name))
    with Server(b"", context) as server:
        assert told in failure(f"https://localhost:{server.port}", folder, *more)
