"""How long it may take to reach an upstream: until its connection stands, TLS included. mitmproxy
would wait for as long as the system does, which is minutes.
"""

import asyncio

from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.tls import TlsData

from rechat.proxy.upstreams.router import Router

PATIENCE = 10.0
"""So many seconds at most."""


class Connecting:
    """The addon that gives up connections to upstreams that take too long."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._seconds = min(PATIENCE, router.first_byte or PATIENCE)
        self._timers: dict[str, asyncio.TimerHandle] = {}

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
