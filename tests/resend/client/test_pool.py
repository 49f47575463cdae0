import asyncio
import gc
import socket

import pytest
from listening import Listening

from rechat.resend.client.connection import Exchanged
from rechat.resend.client.connection import Outgoing
from rechat.resend.client.pool import Client

HELLO = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"


class Scripted(Listening):
    """Answers each request on a connection with the next of these, and closes after the last."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__()
        self.answers = answers
        self.connections = 0

    def serve(self, connection: socket.socket) -> None:
        self.connections += 1
        with connection:
            for answer in self.answers:
                if not connection.recv(1 << 16):
                    return
                connection.sendall(answer)


def ask(port: int, times: int = 1, timeout: float = 20.0) -> list[Exchanged]:
    async def run() -> list[Exchanged]:
        client = Client(timeout)
        request = Outgoing("http", "127.0.0.1", port, b"GET / HTTP/1.1\r\n\r\n")
        found = [await client.exchange(request) for _ in range(times)]
        await client.close()
        return found

    return asyncio.run(run())


def test_requests_share_a_connection() -> None:
    with Scripted(HELLO, HELLO) as server:
        found = ask(server.port, 2)
    assert [one.response.body for one in found if one.response] == [b"hello"] * 2
    assert server.connections == 1
    assert found[0].ended >= found[0].sent


def test_a_connection_that_the_server_closed_meanwhile_is_replaced() -> None:
    with Scripted(HELLO) as server:
        found = ask(server.port, 3)
    assert [one.failure for one in found] == ["", "", ""]


def test_a_request_may_begin_on_a_connection_that_is_there() -> None:
    async def run(port: int) -> list[Exchanged]:
        client = Client(20.0)
        request = Outgoing("http", "127.0.0.1", port, b"GET / HTTP/1.1\r\n\r\n")
        assert client.begin(request) is None
        await client.prepare("http", "127.0.0.1", port, 1)
        begun = client.begin(request)
        assert begun
        found = [await client.exchange(request, begun), await client.exchange(request)]
        await client.close()
        return found

    with Scripted(HELLO, HELLO) as server:
        first, second = asyncio.run(run(server.port))
    assert first.response
    assert first.sent < second.sent
    assert server.connections == 1


def test_exchanges_leave_no_garbage() -> None:
    gc.collect()
    gc.disable()
    try:
        with Scripted(*[HELLO] * 20) as server:
            ask(server.port, 2)  # what is made once
            gc.collect()
            ask(server.port, 18)
            left = gc.collect()
    finally:
        gc.enable()
    assert left < 18


def test_a_server_that_closes_without_an_answer_is_asked_once() -> None:
    with Scripted(b"") as server:
        (found,) = ask(server.port)
    assert found.failure == "the connection ended before the answer"
    assert server.connections == 1


def test_an_answer_that_does_not_end_is_given_up() -> None:
    with Scripted(HELLO[:-1], b"") as server:
        (found,) = ask(server.port, timeout=0.05)
    assert found.failure == "no whole answer after 0.05 s"


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    (found,) = ask(port)
    assert "could not be reached" in found.failure
    assert found.response is None


@pytest.mark.parametrize("data", [b"nonsense\r\n\r\n", HELLO + b"more"])
def test_a_connection_with_nonsense_is_not_used_again(data: bytes) -> None:
    with Scripted(data, data) as server:
        ask(server.port, 2)
    assert server.connections == 2


def test_connections_are_open_before_they_are_needed() -> None:
    async def run(port: int) -> list[Exchanged]:
        client = Client(20.0)
        await client.prepare("http", "127.0.0.1", port, 3)
        request = Outgoing("http", "127.0.0.1", port, b"GET / HTTP/1.1\r\n\r\n")
        found = await asyncio.gather(*(client.exchange(request) for _ in range(3)))
        await client.close()
        return found

    with Scripted(HELLO) as server:
        found = asyncio.run(run(server.port))
    assert [one.failure for one in found] == [""] * 3
    assert server.connections == 3


def test_where_nobody_is_the_first_request_tells_it() -> None:
    async def run(port: int) -> Exchanged:
        client = Client(20.0, spare=2)
        await client.prepare("http", "127.0.0.1", port, 2)
        found = await client.exchange(Outgoing("http", "127.0.0.1", port, b""))
        await client.close()
        return found

    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert "could not be reached" in asyncio.run(run(port)).failure


def test_a_spare_connection_is_opened_when_one_is_taken() -> None:
    async def run(server: Scripted) -> None:
        client = Client(20.0, spare=1)
        request = Outgoing("http", "127.0.0.1", server.port, b"GET / HTTP/1.1\r\n\r\n")
        await client.prepare("http", "127.0.0.1", server.port, 1)
        async with asyncio.timeout(20):
            await client.exchange(request)
            while server.connections < 2:
                await client.exchange(request)
        await client.close()

    with Scripted(*[HELLO] * 1000) as server:
        asyncio.run(run(server))
    assert server.connections >= 2
