import asyncio
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.x509 import DNSName
from listening import Listening
from mitmproxy.certs import CertStore

from rechat.resend.client.connection import Exchanged
from rechat.resend.client.connection import Outgoing
from rechat.resend.client.pool import Client
from rechat.resend.client.tunnel import for_proxy
from rechat.values.addresses.outer_proxy import OuterProxies
from rechat.values.addresses.outer_proxy import OuterProxy

HELLO = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
ASKED = b"POST /v1/chat?a=b HTTP/1.1\r\nhost: server.test\r\n\r\n"
_PLAIN = (Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


class Proxy(Listening):
    """Says `said` to the first request. What follows a tunnel that it opened is TLS, and a server
    that says hello.
    """

    def __init__(self, said: bytes, context: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.said = said
        self.context = context
        self.asked: list[bytes] = []

    def serve(self, connection: socket.socket) -> None:
        threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            self.asked.append(connection.recv(1 << 16))
            connection.sendall(self.said)
            if not self.context:
                return
            with self.context.wrap_socket(connection, server_side=True) as inside:
                while asked := inside.recv(1 << 16):
                    self.asked.append(asked)
                    inside.sendall(HELLO)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of the name server.test has, and what trusts it."""
    folder = tmp_path_factory.mktemp("ca")
    entry = CertStore.from_store(folder, "own", 2048).get_cert(
        "server.test", [DNSName("server.test")]
    )
    chain = folder / "chain.pem"
    chain.write_bytes(entry.cert.to_pem() + entry.privatekey.private_bytes(*_PLAIN))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return server, ssl.create_default_context(cafile=_authority(folder))


def _authority(folder: Path) -> str:
    return str(folder / "own-ca-cert.pem")


def ask(
    scheme: str, proxy: str, times: int = 1, trust: ssl.SSLContext | None = None
) -> list[Exchanged]:
    async def run() -> list[Exchanged]:
        proxies = OuterProxies({"ALL_PROXY": proxy, "NO_PROXY": "direct.test"})
        client = Client(20.0, trust, proxies=proxies)
        request = Outgoing(scheme, "server.test", 4711, ASKED)
        found = [await client.exchange(request) for _ in range(times)]
        await client.close()
        return found

    return asyncio.run(run())


def test_a_server_with_tls_is_asked_through_one_tunnel(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, trust = contexts
    with Proxy(b"HTTP/1.1 200 Connection established\r\n\r\n", server) as proxy:
        found = ask("https", f"http://me:secret@127.0.0.1:{proxy.port}", 2, trust)
    assert [one.response.body for one in found if one.response] == [b"hello"] * 2, found
    assert proxy.asked[0] == (
        b"CONNECT server.test:4711 HTTP/1.1\r\nhost: server.test:4711\r\n"
        b"proxy-authorization: Basic bWU6c2VjcmV0\r\n\r\n"
    )
    assert proxy.asked[1:] == [ASKED, ASKED], "the password is for the proxy alone"


def test_a_server_without_tls_is_asked_by_its_whole_url() -> None:
    with Proxy(HELLO) as proxy:
        (found,) = ask("http", f"me:secret@127.0.0.1:{proxy.port}")
    assert found.status == 200
    assert proxy.asked == [
        b"POST http://server.test:4711/v1/chat?a=b HTTP/1.1\r\n"
        b"proxy-authorization: Basic bWU6c2VjcmV0\r\nhost: server.test\r\n\r\n"
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "it said 407 Proxy Authentication"),
        (b"HTTP/1.1 403\r\n\r\n", "it said 403"),
        (b"nonsense\r\n\r\n", "what came is not what a proxy says"),
        (b"x" * (1 << 17), "what came is not what a proxy says"),
        (b"HTTP/1.1 200", "it ended the connection"),
    ],
)
def test_a_proxy_that_opens_no_way_is_told_by_name(said: bytes, told: str) -> None:
    with Proxy(said) as proxy:
        (found,) = ask("https", f"http://me:secret@127.0.0.1:{proxy.port}")
    way = f"server.test:4711 through the proxy 127.0.0.1:{proxy.port} could not be reached: "
    assert found.failure.startswith(f"{way}{told}")
    assert "secret" not in found.failure


def test_a_proxy_that_is_not_there_is_told_by_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    for scheme in ("http", "https"):
        (found,) = ask(scheme, f"http://127.0.0.1:{port}")
        assert f"server.test:4711 through the proxy 127.0.0.1:{port} could not" in found.failure


def test_an_address_of_numbers_has_its_brackets() -> None:
    request = Outgoing("http", "::1", 80, b"GET / HTTP/1.1\r\n\r\n")
    assert (
        for_proxy(request, OuterProxy("http", "p", 1)) == b"GET http://[::1]:80/ HTTP/1.1\r\n\r\n"
    )
