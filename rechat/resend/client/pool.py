"""The connections to a server: kept open between requests, and as many as are needed at once."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

from rechat.resend.client.connection import Connection
from rechat.resend.client.connection import Exchanged
from rechat.resend.client.connection import Outgoing
from rechat.resend.client.tape import Tape
from rechat.resend.client.tunnel import connect_through
from rechat.resend.client.tunnel import for_proxy
from rechat.values import OuterProxies
from rechat.values import OuterProxy

_CONNECTING = 20.0
# At most this many connections are opened at a time before a load begins, since the backlog of many
# servers is a hundred.
_OPENED_AT_ONCE = 50
type _Server = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that was sent, and whose answer is awaited."""

    connection: Connection
    done: asyncio.Future[Exchanged]


class Client:
    """Sends requests, each on a separate connection. `timeout` is how many seconds an answer may
    take; `spare` how many connections are kept open beyond those in use, so that no request waits
    for one; `proxies` are those to use. Received data is written to the `tape`, if there is one:
    then only one request may be sent at a time.
    """

    def __init__(
        self,
        timeout: float,
        trust: ssl.SSLContext | None = None,
        spare: int = 0,
        proxies: OuterProxies | None = None,
        tape: Tape | None = None,
    ) -> None:
        self._timeout = timeout
        self._trust = trust
        self._spare = spare
        self._proxies = proxies or OuterProxies({})
        self._tape = tape
        self._free: dict[_Server, list[Connection]] = {}
        self._all: set[Connection] = set()
        self._opening: set[asyncio.Task[None]] = set()

    async def prepare(self, scheme: str, host: str, port: int, count: int) -> None:
        """Open this many connections before they are needed. If the server is not reachable, the
        first request reports it.
        """
        room = asyncio.Semaphore(_OPENED_AT_ONCE)

        async def one() -> None:
            async with room:
                await self._open((scheme, host, port))

        await asyncio.gather(*(one() for _ in range(count)))

    def begin(self, request: Outgoing) -> Begun | None:
        """Send a request now, if a connection is ready for it: `exchange` returns the outcome."""
        server = (request.scheme, request.host, request.port)
        connection = self._kept(server)
        if not connection:
            return None
        return self._begun(connection, request)

    def _begun(self, connection: Connection, request: Outgoing) -> Begun:
        proxy = self._proxy(request) if request.scheme == "http" else None
        data = for_proxy(request, proxy) if proxy else request.data
        return Begun(connection, connection.exchange(data, asyncio.get_running_loop()))

    def _proxy(self, request: Outgoing) -> OuterProxy | None:
        return self._proxies.of(request.scheme, request.host, port=request.port)

    async def exchange(self, request: Outgoing, begun: Begun | None = None) -> Exchanged:
        """The outcome of a request, which may have `begun`; a failure is part of the outcome, and
        not raised. A connection that the server had closed meanwhile is replaced.
        """
        server = (request.scheme, request.host, request.port)
        loop = asyncio.get_running_loop()
        started = perf_counter()
        while True:
            is_fresh = False
            begun = begun or self.begin(request)
            self._open_spare(server)
            try:
                if not begun:
                    connection, is_fresh = await self._connect(server, loop), True
                    begun = self._begun(connection, request)
            except (OSError, TimeoutError) as error:
                told = _why_not(request, error, self._proxy(request))
                return Exchanged(started, perf_counter(), failure=told)
            connection, done = begun.connection, begun.done
            begun = None
            late = loop.call_later(self._timeout, self._late, connection)
            try:
                found = await done
            except asyncio.CancelledError:
                self._drop(connection)
                raise
            finally:
                late.cancel()
            if connection.is_open:
                self._free.setdefault(server, []).append(connection)
            else:
                self._all.discard(connection)
            if found.status or is_fresh or connection.has_heard:
                return found

    async def close(self) -> None:
        """End all connections."""
        for task in self._opening:
            task.cancel()
        ended = [*self._all]
        for connection in ended:
            self._drop(connection)
        await asyncio.sleep(0)
        # A TLS shutdown is a handshake of its own; it is not awaited.
        for connection in ended:
            connection.abort()
        await asyncio.sleep(0)

    def _late(self, connection: Connection) -> None:
        connection.give_up(f"no whole answer after {self._timeout:g} s")

    def _kept(self, server: _Server) -> Connection | None:
        free = self._free.get(server, [])
        while free:
            connection = free.pop()
            if connection.is_open:
                return connection
            self._all.discard(connection)
        return None

    def _open_spare(self, server: _Server) -> None:
        """Start opening missing connections."""
        missing = self._spare - len(self._free.get(server, ())) - len(self._opening)
        for _ in range(missing):
            task = asyncio.create_task(self._open(server))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self, server: _Server) -> None:
        """Open a connection for a later request, which reports a failure."""
        with suppress(OSError):
            connection = await self._connect(server, asyncio.get_running_loop())
            self._free.setdefault(server, []).append(connection)

    async def _connect(self, server: _Server, loop: asyncio.AbstractEventLoop) -> Connection:
        scheme, host, port = server
        trust = self._trusted() if scheme == "https" else None
        async with asyncio.timeout(_CONNECTING):
            if proxy := self._proxies.of(scheme, host, port=port):
                connection = await connect_through(proxy, server, self._trusted)
            else:
                _, connection = await loop.create_connection(Connection, host, port, ssl=trust)
        connection.tape = self._tape
        self._all.add(connection)
        return connection

    def _trusted(self) -> ssl.SSLContext:
        if not self._trust:
            self._trust = ssl.create_default_context()
        return self._trust

    def _drop(self, connection: Connection) -> None:
        self._all.discard(connection)
        connection.close()


def _why_not(request: Outgoing, error: OSError, proxy: OuterProxy | None) -> str:
    """Why there is no connection, in one line."""
    server = f"{request.host}:{request.port}"
    if proxy:
        server += f" through the proxy {proxy.host}:{proxy.port}"
    match error:
        case TimeoutError():
            return f"{server} could not be reached within {_CONNECTING:g} s"
        case ssl.SSLCertVerificationError():
            return f"{server} has a certificate that is not trusted: {error.verify_message}"
    return f"{server} could not be reached: {error.strerror or error}"
