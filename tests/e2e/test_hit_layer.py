"""Hits over real sockets: however a request comes, it gets the same answer."""

import contextlib
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import h2.config
import h2.connection
import h2.events
import httpx
import pytest
from process import Rechat
from raw_requests import BODY
from raw_requests import STREAMED
from raw_requests import request


def response(stream: Any) -> tuple[dict[str, str], bytes]:
    """The next response on a connection."""
    assert stream.readline().startswith(b"HTTP/1.1 200")
    headers = {}
    while line := stream.readline().strip():
        name, _, value = line.decode().partition(": ")
        headers[name.lower()] = value
    return headers, stream.read(int(headers["content-length"]))


@pytest.fixture(scope="module")
def rechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rechat]:
    folder = tmp_path_factory.mktemp("hits")
    (folder / "transcripts").mkdir()
    (folder / "transcripts" / "a.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
    with Rechat("replay", "--set", f"confdir={folder / 'ca'}", folder=folder) as running:
        yield running


@pytest.fixture
def connection(rechat: Rechat) -> Iterator[socket.socket]:
    with socket.create_connection(("localhost", rechat.port), 20) as made:
        yield made


@pytest.fixture(scope="module")
def answer(rechat: Rechat) -> bytes:
    """What everyone gets."""
    return httpx.post(f"{rechat.url}/chat/completions", content=BODY).content


def trusting_nobody() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_requests_in_a_row_are_answered_in_order(connection: socket.socket, answer: bytes) -> None:
    connection.sendall(request() * 3 + request(STREAMED) + request())
    with connection.makefile("rb") as stream:
        bodies = [response(stream)[1] for _ in range(5)]
    assert [body == answer for body in bodies] == [True, True, True, False, True]
    assert bodies[3].endswith(b"data: [DONE]\n\n")


def test_a_connection_is_fast_again_after_a_request_that_was_not(
    connection: socket.socket, answer: bytes
) -> None:
    odd = request(BODY, "te: trailers")
    with connection.makefile("rb") as stream:
        for raw in (request(), odd, request(), odd + request(), request()):
            connection.sendall(raw)
            for _ in range(raw.count(b"POST ")):
                assert response(stream)[1] == answer


def test_tls_clients_get_the_same(rechat: Rechat, answer: bytes) -> None:
    with httpx.Client(verify=trusting_nobody()) as client:
        for _ in range(2):
            found = client.post(
                f"https://localhost:{rechat.port}/v1/chat/completions", content=BODY
            )
            assert (found.content, found.headers["x-rechat"]) == (answer, "hit")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("step", [1, 4, 7, 100, 1 << 16])
def test_records_of_tls_may_come_in_any_pieces(
    rechat: Rechat, answer: bytes, version: ssl.TLSVersion, step: int
) -> None:
    context = trusting_nobody()
    context.minimum_version = context.maximum_version = version
    received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    secure = context.wrap_bio(received, sent, server_hostname="localhost")
    big = request(json.dumps(json.loads(BODY) | {"user": "x" * 40_000}).encode())
    with socket.create_connection(("localhost", rechat.port), 20) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def until_done[T](action: Callable[[], T]) -> T:
            while True:
                try:
                    return action()
                except ssl.SSLWantReadError:
                    plain.sendall(sent.read())
                    received.write(plain.recv(65535))

        until_done(secure.do_handshake)
        for raw in (request(), request(), request() * 2, big, request()):
            secure.write(raw)
            data = sent.read()
            size = step if len(data) < len(big) else 9_999 + step
            for start in range(0, len(data), size):
                plain.sendall(data[start : start + size])
            found = b""
            while found.count(answer) < raw.count(b"POST "):
                found += until_done(lambda: secure.read(65535))
            assert found.endswith(answer)


def test_a_client_of_tls_may_say_goodbye(rechat: Rechat, answer: bytes) -> None:
    with (
        socket.create_connection(("localhost", rechat.port), 20) as plain,
        trusting_nobody().wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        with secure.makefile("rb") as stream:
            for _ in range(2):
                secure.sendall(request())
                assert response(stream)[1] == answer
        with contextlib.suppress(ssl.SSLEOFError):
            secure.unwrap()


def test_clients_that_go_through_the_proxy_get_the_same(rechat: Rechat, answer: bytes) -> None:
    with httpx.Client(proxy=rechat.root, verify=trusting_nobody()) as client:
        for _ in range(2):
            found = client.post("https://api.openai.com/v1/chat/completions", content=BODY)
            assert (found.content, found.headers["x-rechat"]) == (answer, "hit")


def test_http_2_clients_get_the_same(rechat: Rechat, answer: bytes) -> None:
    context = trusting_nobody()
    context.set_alpn_protocols(["h2"])
    with (
        socket.create_connection(("localhost", rechat.port), 20) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"
        client = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        client.initiate_connection()
        target = {":scheme": "https", ":authority": "localhost", ":path": "/v1/chat/completions"}
        client.send_headers(1, [(":method", "POST"), *target.items()])
        client.send_data(1, BODY, end_stream=True)
        body = b""
        while True:
            secure.sendall(client.data_to_send())
            events = client.receive_data(secure.recv(65535))
            body += b"".join(e.data for e in events if isinstance(e, h2.events.DataReceived))
            if any(isinstance(e, h2.events.StreamEnded) for e in events):
                break
    assert body == answer
