"""How the server begins and ends."""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Awaitable, Callable

from mitmproxy.master import Master
from mitmproxy.proxy import mode_specs

from rechat.proxy.in_flight import PATIENCE
from rechat.proxy.in_flight import InFlight
from rechat.proxy.interception import ports
from rechat.proxy.interception.modes import described
from rechat.proxy.interception.redirector import Redirector
from rechat.values import UsageError

# It logs what `Lifetime` raises with advice.
logging.getLogger("mitmproxy.addons.proxyserver").setLevel(logging.CRITICAL)
# Java's client offers HTTP/2 on each new connection, and is content with HTTP/1.1.
logging.getLogger().addFilter(lambda record: "h2c upgrade" not in str(record.msg))


# So many seconds the open connections may take to end when the proxy does.
_LAST_WORDS = 1.0
# So many seconds after an answer is saved its last piece has left.
_LAST_PIECE = 0.1


class Lifetime:
    """The addon that says when the server is up, and ends it: when it is told to, when `until` is
    over, or at once if an address cannot be listened on.
    """

    def __init__(
        self,
        master: Master,
        ready: Callable[[int, list[str]], None],
        until: Callable[[], Awaitable[None]] | None,
        in_flight: InFlight,
        warn: Callable[[str], None],
        redirector: Redirector | None,
    ) -> None:
        self._redirector = redirector
        self._is_up = asyncio.Event()
        self._in_flight = in_flight
        self._warn = warn
        self._master = master
        self._ready = ready
        self._until = until
        self.problem: UsageError | None = None
        self._task: asyncio.Future[None] | None = None
        self._stopping: asyncio.Future[None] | None = None

    async def running(self) -> None:
        """Say that all is up, or stop with the reason."""
        self._is_up.set()
        try:
            await self._begin()
        except UsageError as error:
            self.problem = error
            self.stop()

    async def _begin(self) -> None:
        servers = list(self._master.addons.get("proxyserver").servers)
        failed = [server for server in servers if not server.is_running]
        if failed:
            error = failed[0].last_exception
            is_local_mode = isinstance(failed[0].mode, mode_specs.LocalMode)
            if self._redirector and is_local_mode:
                raise self._redirector.problem()
            raise UsageError(_explain_start(failed[0].mode, error))
        if self._redirector:
            await self._redirector.until_it_catches()
        if self._stopping:
            return
        addresses = [server.listen_addrs for server in servers]
        others = [described(server) for server in servers[1:]]
        self._ready(addresses[0][0][1], others)
        if self._until:
            self._task = asyncio.ensure_future(self._until())
            self._task.add_done_callback(lambda _: self.stop())

    def stop(self) -> None:
        """Close what is open, then end."""
        if self._stopping:
            self._in_flight.hurry()
        else:
            self._stopping = asyncio.ensure_future(self._end())

    def heed_signals(self) -> None:
        """Stop when a signal says so."""
        if sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        # Who is not to end with the terminal (nohup) ignores it.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            loop.add_signal_handler(signal.SIGHUP, self._hang_up)

    def _hang_up(self) -> None:
        """The terminal is closed: kernel and shell may both say so."""
        if not self._stopping:
            self.stop()

    async def _end(self) -> None:
        await self._is_up.wait()  # what has begun to start can be stopped when it has
        count = len(self._in_flight)
        if count:
            what = "1 answer is" if count == 1 else f"{count} answers are"
            self._warn(f"{what} on the way: waits {PATIENCE:g} s at most, or until a second signal")
        await _close(self._master, self._in_flight)
        if self._redirector:
            await self._redirector.end()
        self._master.shutdown()

    def raise_problem(self) -> None:
        """Raise what kept the server from starting, or what `until` raised."""
        if self.problem:
            raise self.problem
        if self._task and self._task.done():
            self._task.result()


async def _close(master: Master, in_flight: InFlight) -> None:
    """Listen no more, let what is on its way arrive, and end the open connections. Left to
    themselves they would end in tracebacks on Python 3.12.
    """
    proxy = master.addons.get("proxyserver")
    for server in list(proxy.servers):
        if server.is_running:
            await server.stop()
    if in_flight:
        await in_flight.arrive()
        await asyncio.sleep(_LAST_PIECE)
    in_flight.is_ending = True
    for connection in list(proxy.connections.values()):
        for transport in list(connection.transports.values()):
            if transport.handler:
                transport.handler.cancel("the proxy ends")
    latest = time.monotonic() + _LAST_WORDS
    while proxy.connections and time.monotonic() < latest:  # noqa: ASYNC110
        await asyncio.sleep(0.01)  # mitmproxy has no event for it


def _explain_start(mode: mode_specs.ProxyMode, error: BaseException | None) -> str:
    reason = getattr(error, "strerror", None) or str(error) or "it did not start"
    if "address already in use" in str(error).lower():
        return ports.in_use(mode.listen_port() or 0)
    return f"cannot listen on {mode.full_spec}: {reason}"
