"""Whether a client still listens that has ended its side of the connection."""

import asyncio
import socket
from types import SimpleNamespace
from typing import Any

from mitmproxy.connection import Client
from mitmproxy.connection import ConnectionState

from rechat.proxy.failures.listening import INTERIM
from rechat.proxy.failures.listening import is_half_open
from rechat.proxy.failures.listening import listens


def client(state: ConnectionState = ConnectionState.OPEN) -> Client:
    return Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), state=state)


def test_a_connection_is_half_open_if_only_we_may_send() -> None:
    assert is_half_open(client(ConnectionState.CAN_WRITE))
    for other in (ConnectionState.OPEN, ConnectionState.CAN_READ, ConnectionState.CLOSED):
        assert not is_half_open(client(other))


def test_a_client_whose_connection_is_gone_does_not_listen() -> None:
    assert not listens({}, client())


async def _listens(*, leaves: bool) -> bool:
    """Whether a client listens after something was sent to it."""
    taken: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda _, writer: taken.set_result(writer), "127.0.0.1")
    async with server:
        with socket.create_connection(server.sockets[0].getsockname()) as asking:
            writer = await taken
            asking.shutdown(socket.SHUT_WR)
            if leaves:
                asking.close()
            own = client()
            handler: Any = SimpleNamespace(
                client=own, transports={own: SimpleNamespace(writer=writer)}
            )
            writer.write(INTERIM)
            await writer.drain()
            if not leaves:
                assert asking.recv(100) == INTERIM
            answer = listens({own.id: handler}, own)
            writer.close()
            return answer


def test_a_client_that_waits_listens() -> None:
    assert asyncio.run(_listens(leaves=False))


def test_a_client_that_has_left_does_not() -> None:
    assert not asyncio.run(_listens(leaves=True))
