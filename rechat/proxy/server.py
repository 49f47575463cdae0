"""One mitmproxy master in this process: started, watched, stopped."""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import batched
from pathlib import Path

from mitmproxy import exceptions
from mitmproxy import options
from mitmproxy.addons import block
from mitmproxy.addons import core
from mitmproxy.addons import disable_h2c
from mitmproxy.addons import dns_resolver
from mitmproxy.addons import next_layer
from mitmproxy.addons import proxyserver
from mitmproxy.addons import upstream_auth
from mitmproxy.http import HTTPFlow
from mitmproxy.master import Master
from mitmproxy.proxy import mode_specs
from mitmproxy.proxy.layers.websocket import WebSocketMessageInjected
from mitmproxy.websocket import WebSocketMessage

from rechat.answering import Endpoint
from rechat.observe import Arriving
from rechat.observe import Log
from rechat.observe import Prices
from rechat.proxy.access import Access
from rechat.proxy.addon import Rechat
from rechat.proxy.failures.connecting import Connecting
from rechat.proxy.hits.shared import Hits
from rechat.proxy.hits.shared import Report
from rechat.proxy.in_flight import PATIENCE
from rechat.proxy.in_flight import InFlight
from rechat.proxy.interception.certificates import Certificates
from rechat.proxy.interception.local_mode import Machine
from rechat.proxy.interception.local_mode import is_local
from rechat.proxy.interception.local_mode import widened
from rechat.proxy.interception.modes import bound
from rechat.proxy.interception.modes import described
from rechat.proxy.interception.modes import is_private
from rechat.proxy.interception.passing import Passing
from rechat.proxy.interception.process_group import ProcessGroup
from rechat.proxy.interception.redirector import Redirector
from rechat.proxy.layers import install
from rechat.proxy.layers.addons import call_at_once
from rechat.proxy.layers.addons import speed_up
from rechat.proxy.upstreams.router import Router
from rechat.store import Change
from rechat.store import Store
from rechat.store import Watch
from rechat.values import UsageError
from rechat.web import Api
from rechat.web import Guard


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen: one address, more ports for upstreams of their own, and mitmproxy's modes
    beside it. `origins` are those of web pages that may ask; `trusted` is a file of the
    certificates that upstreams may have. It `polls` if edits are to be looked for, and
    `asks_each` if a request that is saved goes to every upstream of its route. Those `for_tests`
    make no certificate before a client wants it. The `local` mode catches the programs of a `group`
    if there is one.
    """

    host: str = "localhost"
    port: int = 8910
    more_ports: tuple[int, ...] = ()
    modes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    coalesces: bool = True
    origins: tuple[str, ...] = ()
    trusted: str = ""
    polls: bool = False
    asks_each: bool = False
    for_tests: bool = False
    group: ProcessGroup | None = None

    def specs(self) -> list[str]:
        """The modes in mitmproxy's words, each with its address. Raises `UsageError` for what is
        none.
        """
        ports = (self.port, *self.more_ports)
        own = [f"regular@{self.host}:{port}" for port in ports]
        return own + [bound(widened(mode), self.host) for mode in self.modes]

    @property
    def is_private(self) -> bool:
        """Whether only programs of this machine can ask."""
        return is_private(self.specs())


@dataclass(frozen=True, slots=True)
class Reports:
    """What the server tells: that it listens (and where), each request and the milliseconds it
    took, each change of a transcript, what is amiss; and the answers that arrive, if somebody
    watches.
    """

    ready: Callable[[int, list[str]], None]
    entry: Report
    change: Callable[[Change], None]
    warn: Callable[[str], None]
    arriving: Arriving | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """What the page and its API show and ask for: the log, the token, prices."""

    log: Log
    token: str
    prices: Prices


class _Start:
    """The addon that looks at the servers once they are up."""

    def __init__(
        self,
        master: Master,
        listen: Listen,
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
        self._listen = listen
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

    def heed_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop when a signal says so."""
        if sys.platform == "win32":
            return
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


# It logs what `_Start` raises with advice.
logging.getLogger("mitmproxy.addons.proxyserver").setLevel(logging.CRITICAL)


def _explain_start(mode: mode_specs.ProxyMode, error: BaseException | None) -> str:
    reason = getattr(error, "strerror", None) or str(error) or "it did not start"
    if "address already in use" in str(error).lower():
        advice = "stop what listens there, or take another with --port (0 for any)"
        return f"port {mode.listen_port()} is in use: {advice}"
    return f"cannot listen on {mode.full_spec}: {reason}"


async def serve(
    endpoint: Endpoint,
    store: Store,
    router: Router,
    listen: Listen,
    reports: Reports,
    pages: Pages,
    until: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, or until `until` (started once all is up) is over. Raises
    `UsageError` if an address cannot be listened on or a mode is none.
    """
    access = Access(listen.host, listen.origins)
    machine = Machine(has_group=listen.group is not None)
    missing = machine.missing() if any(map(is_local, listen.modes)) else ""
    if missing:
        raise UsageError(f"--mode local: {missing}")
    master = _master(listen, reports.warn)
    for mode in map(mode_specs.ProxyMode.parse, listen.modes):
        if isinstance(mode, mode_specs.ReverseMode):
            router.hosts.know(*mode.address)
    addon = Rechat(
        endpoint,
        router,
        access,
        reports.entry,
        reports.arriving,
        reports.warn,
        coalesces=listen.coalesces,
        asks_each=listen.asks_each,
    )
    in_flight = addon.forwarding.in_flight
    redirector = await _redirector(listen, reports.warn)
    start = _Start(master, listen, reports.ready, until, in_flight, reports.warn, redirector)
    guard = Guard(pages.token, is_open=listen.is_private)
    waiting = addon.waiting
    addon.pages = Api(
        *(pages.log, endpoint, store, guard, waiting.changed, waiting.places, pages.prices),
        router.table_now,
        reports.arriving,
    )
    passing = Passing(
        *(router.hosts, access, router.proxies, reports.entry), is_offline=endpoint.is_offline
    )
    chain = addon.dispatch.chain
    own = (waiting, addon.following, addon.forwarding, addon.dispatch, chain, addon.sockets)
    clients = master.addons.get("proxyserver").connections
    connecting = Connecting(router, clients)
    caught = [redirector] if redirector else []
    master.addons.add(*caught, passing, addon, *own, connecting, addon.browsers, start)
    if not install.fits():
        reports.warn("this mitmproxy is not known: hits are answered the slow way, and not paced")
    else:
        hits = Hits(endpoint, access, router, reports.entry)
        at_once = call_at_once(master.addons)
        master.addons.add(install.HitLayers(hits, addon.expect, clients, at_once))
        addon.sockets.put = partial(_put, master)
    loop = asyncio.get_running_loop()
    start.heed_signals(loop)

    def reload(paths: list[Path]) -> None:
        changes: list[Change | None] = []
        for some in batched(paths, _AT_ONCE):
            changes += thread.wait_for(partial(_reload, store, some))
        loop.call_soon_threadsafe(tell, [change for change in changes if change])

    def warn(text: str) -> None:
        loop.call_soon_threadsafe(reports.warn, text)

    def tell(changes: list[Change]) -> None:
        for change in changes:
            reports.change(change)
        waiting.changed()

    store.answer_here()
    sys.setswitchinterval(_SWITCH)
    with closing(endpoint.thread) as thread:
        with Watch(store, reload, warn, polls=listen.polls) as watch:
            watch.tell_at_once(loop)
            await master.run()
        await addon.forwarding.saving.drain()
    start.raise_problem()


def _put(master: Master, flow: HTTPFlow, message: WebSocketMessage) -> None:
    """Say something to one side of a web socket, unless it has been closed meanwhile."""
    proxy = master.addons.get("proxyserver")
    if flow.client_conn.id in proxy.connections:
        proxy.inject_event(WebSocketMessageInjected(flow, message))


def _reload(store: Store, paths: tuple[Path, ...]) -> list[Change | None]:
    return [store.reload(path) for path in paths]


# So many edited files are read before the store's thread does something else that waits.
_AT_ONCE = 20
# So many seconds the store's thread may keep the event loop from going on.
_SWITCH = 0.0005
# So many seconds a connection may be silent, while an upstream thinks.
_SILENCE = 24 * 3600
# So long the open connections may take to end when the proxy does.
_LAST_WORDS = 1.0
# So many seconds after an answer is saved its last piece has left.
_LAST_PIECE = 0.1


async def _redirector(listen: Listen, warn: Callable[[str], None]) -> Redirector | None:
    """What watches over the `local` mode, where that is a process of its own."""
    mode = next(filter(is_local, map(widened, listen.modes)), "")
    if not mode or sys.platform != "linux":
        return None
    found = Redirector(mode, warn, listen.group)
    await found.start()
    return found


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


def _master(listen: Listen, warn: Callable[[str], None]) -> Master:
    """A master with the addons that a proxy needs, and no more: the full set costs twice the time
    for each request.
    """
    try:
        chosen = options.Options(mode=listen.specs())
        master = Master(chosen)
        # It breaks logging once the loop is closed.
        master._legacy_log_events.uninstall()  # noqa: SLF001
        speed_up(master.addons)
        master.addons.add(
            core.Core(),
            block.Block(),
            disable_h2c.DisableH2C(),
            dns_resolver.DnsResolver(),
            proxyserver.Proxyserver(),
            next_layer.NextLayer(),
            Certificates(warn, for_tests=listen.for_tests),
            upstream_auth.UpstreamAuth(),
        )
        # With "eager" an upstream that is down closes the client's connection before a hit can be
        # served.
        master.options.update(
            connection_strategy="lazy",
            tcp_timeout=_SILENCE,
            ssl_verify_upstream_trusted_ca=listen.trusted or None,
        )
        master.options.set(*listen.settings)
    except (exceptions.OptionsError, ValueError) as error:
        raise UsageError(str(error)) from None
    return master
