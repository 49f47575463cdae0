"""How long it may take to reach an upstream: until its connection stands, TLS included. mitmproxy
would wait for as long as the system does, which is minutes.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from mitmproxy.connection import Client
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.tls import TlsData

from rechat.proxy.upstreams.router import Router

PATIENCE = 10.0
"""So many seconds at most."""


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
        loop = asyncio.get_running_loop()
        self._timers[data.server.id] = loop.call_later(self._seconds, task.cancel, reason)

    def server_connected(self, data: ServerConnectionHookData) -> None:
        """It stands, if there is no TLS to come."""
        if not data.server.tls:
            self._end(data.server.id)

    def tls_established_server(self, data: TlsData) -> None:
        """It stands, with TLS."""
        self._end(data.conn.id)

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        """It has failed."""
        self._end(data.server.id)

    def server_disconnected(self, data: ServerConnectionHookData) -> None:
        """It is over."""
        self._end(data.server.id)

    def _end(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer:
            timer.cancel()
