"""How long it may take to reach an upstream: until its connection stands, TLS included. mitmproxy
would wait for as long as the system does, which is minutes. A server that is silent where TLS
should begin is looked at sooner: it may not speak it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any

from mitmproxy.connection import Client
from mitmproxy.connection import Server
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.tls import TlsData

from rechat.proxy.failures import speech
from rechat.proxy.upstreams.router import Router

PATIENCE = 10.0
"""So many seconds at most."""

# A server that speaks TLS has said something by then, unless it is very slow.
_SILENCE = 1.0
# What mitmproxy says of a connection that ends where TLS should begin, and of one that goes on in
# another way.
_NO_TLS = ("connection closed", "The remote server does not speak TLS.")


class Connecting:
    """The addon that gives up connections to upstreams that take too long. `clients` are
    mitmproxy's handlers of the connections that are open, by the ids of the clients.
    """

    def __init__(
        self, router: Router, clients: Mapping[tuple[object, ...] | str, ProxyConnectionHandler]
    ) -> None:
        self._router = router
        self._clients = clients
        self._seconds = min(PATIENCE, router.first_byte or PATIENCE)
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._looks: dict[str, asyncio.Future[None]] = {}
        self._reasons: dict[str, str] = {}

    def client_connected(self, client: Client) -> None:
        """A client that asks several things at once, as HTTP/2 does, has a connection for each.
        mitmproxy opens five to a host, and has others wait until one of them ends: to be given up
        in that line, unanswered.
        """
        lines: Any = defaultdict(nullcontext)
        if handler := self._clients.get(client.id):
            handler.max_conns = lines

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """A connection is opened in this very task, which later reads from it."""
        address = data.server.address
        task = asyncio.current_task()
        if not address or not task or not self._router.hosts.knows(address[0], address[1]):
            return
        reason = f"no connection within {self._seconds:g} s"
        stop = partial(self._give_up, data.server.id, task, reason)
        loop = asyncio.get_running_loop()
        self._timers[data.server.id] = loop.call_later(self._seconds, stop)

    def _give_up(self, name: str, task: asyncio.Task[object], reason: str) -> None:
        if name in self._looks and reason != speech.NO_TLS:
            reason = f"no TLS within {self._seconds:g} s: does it speak TLS?"
        self._reasons[name] = reason
        task.cancel(reason)

    def server_connected(self, data: ServerConnectionHookData) -> None:
        """It stands, if there is no TLS to come."""
        name, address, task = data.server.id, data.server.address, asyncio.current_task()
        if not data.server.tls:
            self._end(name)
        elif name in self._timers and address and task and not data.server.via:
            look = self._look(name, task, address[0], address[1])
            self._looks[name] = asyncio.ensure_future(look)

    async def _look(self, name: str, task: asyncio.Task[object], host: str, port: int) -> None:
        """Give up a server that is silent to TLS, and is not to plain HTTP."""
        await asyncio.sleep(min(_SILENCE, self._seconds / 2))
        if await speech.speaks_http(host, port):
            self._give_up(name, task, speech.NO_TLS)

    def tls_established_server(self, data: TlsData) -> None:
        """It stands, with TLS."""
        self._end(data.conn.id)

    async def tls_failed_server(self, data: TlsData) -> None:
        """Say why TLS did not begin: of a connection that ends, mitmproxy only says so."""
        server = data.conn
        assert isinstance(server, Server)
        if given_up := self._reasons.get(server.id):
            server.error = given_up
        elif server.address and server.error in _NO_TLS:
            host, port, *_ = server.address
            is_plain = not server.via and await speech.speaks_http(host, port)
            server.error = speech.NO_TLS if is_plain else speech.PERHAPS_NO_TLS

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        """It has failed."""
        self._end(data.server.id)

    def server_disconnected(self, data: ServerConnectionHookData) -> None:
        """It is over."""
        self._end(data.server.id)

    def _end(self, name: str) -> None:
        self._reasons.pop(name, None)
        for running in (self._timers.pop(name, None), self._looks.pop(name, None)):
            if running:
                running.cancel()
