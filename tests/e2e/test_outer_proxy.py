"""Upstreams that are only reached through another proxy, or have a certificate of a private CA."""

import contextlib
import socket
import ssl
import threading
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.x509 import DNSName
from listening import Listening
from mitmproxy.certs import CertStore
from process import Rechat
from process import run
from upstream import Upstream
from upstream import failure

_PLAIN = (Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
QUESTION = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


class Tunnels(Listening):
    """A proxy that only knows CONNECT, and connects whoever asks with one address. With `context`,
    it is no proxy but TLS before that address.
    """

    def __init__(self, target: str, context: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self._target = ("127.0.0.1", int(target.removesuffix("/v1").rpartition(":")[2]))
        self._context = context
        self.asked: list[str] = []

    def serve(self, connection: socket.socket) -> None:
        threading.Thread(target=self._connect, args=(connection,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(client)
            other = stack.enter_context(socket.create_connection(self._target))
            if self._context:
                client = stack.enter_context(self._context.wrap_socket(client, server_side=True))
            else:
                self.asked.append(client.recv(65535).decode())
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_copy, args=(other, client), daemon=True)
            back.start()
            _copy(client, other)
            back.join()


def _copy(source: socket.socket, to: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65535):
            to.sendall(data)
        to.shutdown(socket.SHUT_WR)


def test_the_proxy_of_the_environment_is_asked(upstream: Upstream, tmp_path: Path) -> None:
    with Tunnels(upstream.url) as tunnels:
        proxy = f"http://me:secret@127.0.0.1:{tunnels.port}"
        with Rechat(
            "record", "http://upstream.test/v1", folder=tmp_path, HTTP_PROXY=proxy, NO_PROXY=""
        ) as rechat:
            answer = httpx.post(f"{rechat.url}/chat/completions", json=QUESTION)
            assert "secret" not in rechat.output
    assert (answer.status_code, answer.headers["x-rechat"]) == (200, "recorded"), answer.text
    assert answer.headers["x-rechat-upstream"] == "http://upstream.test"
    assert tunnels.asked[0].startswith("CONNECT upstream.test:80 HTTP/1.1\r\n")
    assert "Basic bWU6c2VjcmV0" in tunnels.asked[0]


def test_the_next_upstream_is_asked_as_it_is_reached_itself(
    upstream: Upstream, tmp_path: Path
) -> None:
    with Upstream() as behind, Tunnels(behind.url) as tunnels:
        behind.reply(failure(500))
        proxy = f"http://127.0.0.1:{tunnels.port}"
        specs = ("http://upstream.test/v1", upstream.url)
        with Rechat("record", *specs, folder=tmp_path, HTTP_PROXY=proxy, NO_PROXY="") as rechat:
            answer = httpx.post(f"{rechat.url}/chat/completions", json=QUESTION)
    assert (answer.status_code, answer.headers["x-rechat-attempts"]) == (200, "2"), answer.text
    assert [line.split()[1] for line in tunnels.asked] == ["upstream.test:80"]


def test_a_proxy_that_cannot_be_used_is_told_at_start(tmp_path: Path) -> None:
    result = run("record", folder=tmp_path, ALL_PROXY="socks5://127.0.0.1:1")
    assert (result.returncode, "ALL_PROXY" in result.stderr) == (2, True)
    assert not list(tmp_path.iterdir()), "what cannot start leaves nothing behind"


@pytest.mark.parametrize("how", ["--ca", "SSL_CERT_FILE"])
def test_a_private_authority_is_trusted(upstream: Upstream, tmp_path: Path, how: str) -> None:
    store = CertStore.from_store(tmp_path, "private", 2048)
    entry = store.get_cert("localhost", [DNSName("localhost")])
    chain = tmp_path / "chain.pem"
    chain.write_bytes(entry.cert.to_pem() + entry.privatekey.private_bytes(*_PLAIN))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    authority = str(tmp_path / "private-ca-cert.pem")
    with Tunnels(upstream.url, context) as tls:
        url = f"https://localhost:{tls.port}/v1"
        words = ["--ca", authority] if how == "--ca" else []
        variables = {} if how == "--ca" else {how: authority}
        with Rechat("record", url, *words, folder=tmp_path, **variables) as rechat:
            answer = httpx.post(f"{rechat.url}/chat/completions", json=QUESTION)
        assert (answer.status_code, answer.headers["x-rechat"]) == (200, "recorded"), answer.text
        with Rechat("record", url, "--to", "other", folder=tmp_path) as rechat:
            refused = httpx.post(f"{rechat.url}/chat/completions", json=QUESTION)
        assert (refused.status_code, refused.headers["x-rechat"]) == (502, "failed")
        reason = refused.json()["error"]["message"]
        assert f"localhost:{tls.port}" in reason
        assert "--ca" in reason


def test_a_file_without_certificates_is_told_at_start(tmp_path: Path) -> None:
    result = run("record", "--ca", "none.pem", folder=tmp_path)
    assert result.returncode == 2
    assert "--ca none.pem: No such file" in result.stderr
    assert not list(tmp_path.iterdir()), "what cannot start leaves nothing behind"
