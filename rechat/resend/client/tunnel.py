"""Connects to a server through the proxy that the environment names: a tunnel for HTTPS, and
requests with the whole URL for HTTP, since many proxies open no tunnels to HTTP ports.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from typing import cast

from rechat.resend.client.connection import Connection
from rechat.resend.client.connection import Outgoing
from rechat.values import OuterProxy

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: ([^\r\n]*))?\r?\n")
_HEAD_LIMIT = 1 << 16


class Tunnel(asyncio.Protocol):
    """Asks a proxy for a tunnel to a server, and waits for the reply."""

    def __init__(self) -> None:
        self._said = b""
        self._transport: asyncio.Transport | None = None
        self._done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)

    async def open(self, server: str, login: str) -> None:
        """Have it opened to `HOST:PORT`. Raises `OSError` if the proxy refuses."""
        assert self._transport
        lines = [f"CONNECT {server} HTTP/1.1", f"host: {server}"]
        lines += [f"proxy-authorization: {login}"] if login else []
        self._transport.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))
        status = _STATUS.match(await self._done)
        if not status:
            raise OSError("what came is not what a proxy says")
        if not status[1].startswith(b"2"):
            told = b" ".join(filter(None, status.groups())).decode("latin-1").strip()
            raise OSError(f"it said {told}")

    def data_received(self, data: bytes) -> None:
        """Called by the loop with received data."""
        self._said += data
        if not self._done.done() and (b"\r\n\r\n" in self._said or len(self._said) > _HEAD_LIMIT):
            self._done.set_result(self._said)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop when the connection has ended."""
        if not self._done.done():
            self._done.set_exception(
                OSError(f"it ended the connection{f' ({exc})' if exc else ''}")
            )


async def connect_through(
    proxy: OuterProxy, server: tuple[str, str, int], trusted: Callable[[], ssl.SSLContext]
) -> Connection:
    """A connection to a server (its scheme, host and port) through a proxy. Raises `OSError`."""
    scheme, host, port = server
    loop = asyncio.get_running_loop()
    trust = trusted() if proxy.scheme == "https" else None
    if scheme == "http":
        _, plain = await loop.create_connection(Connection, proxy.host, proxy.port, ssl=trust)
        return plain
    transport, tunnel = await loop.create_connection(Tunnel, proxy.host, proxy.port, ssl=trust)
    try:
        await tunnel.open(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", proxy.login)
        connection = Connection()
        way = await loop.start_tls(transport, connection, trusted(), server_hostname=host)
    except BaseException:
        transport.abort()
        raise
    assert way
    connection.connection_made(way)
    return connection


def for_proxy(request: Outgoing, proxy: OuterProxy) -> bytes:
    """The bytes of an HTTP request as a proxy needs them: with the whole URL and its
    credentials.
    """
    host = f"[{request.host}]" if ":" in request.host else request.host
    method, rest = request.data.split(b" ", 1)
    line, rest = rest.split(b"\r\n", 1)
    url = f"http://{host}:{request.port}".encode("latin-1", "replace")
    login = f"proxy-authorization: {proxy.login}\r\n".encode() if proxy.login else b""
    return method + b" " + url + line + b"\r\n" + login + rest
