"""One mitmproxy master in this process, with our addons, until it is told to stop."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import batched
from pathlib import Path

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
from rechat.proxy.interception.local_mode import Machine
from rechat.proxy.interception.local_mode import is_local
from rechat.proxy.interception.local_mode import widened
from rechat.proxy.interception.passing import Passing
from rechat.proxy.interception.redirector import Redirector
from rechat.proxy.layers import install
from rechat.proxy.layers.addons import call_at_once
from rechat.proxy.server.lifetime import Lifetime
from rechat.proxy.server.listen import Listen
from rechat.proxy.server.master import master_of
from rechat.proxy.upstreams.router import Router
from rechat.store import Change
from rechat.store import Store
from rechat.store import StoreThread
from rechat.store import Watch
from rechat.values import UsageError
from rechat.web import Api
from rechat.web import Guard

# So many edited files are read before the store's thread does something else that waits.
_AT_ONCE = 20
# So many seconds the store's thread may keep the event loop from going on.
_SWITCH = 0.0005


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
    _check_machine(listen)
    master = master_of(listen, reports.warn)
    _know_destinations(listen, router)
    access = Access(listen.host, listen.origins)
    addon = Rechat(
        *(endpoint, router, access, reports.entry, reports.arriving, reports.warn),
        coalesces=listen.coalesces,
        asks_each=listen.asks_each,
    )
    waiting = addon.waiting
    guard = Guard(pages.token, is_open=listen.is_private)
    addon.pages = Api(
        *(pages.log, endpoint, store, guard, waiting.changed, waiting.places, pages.prices),
        router.table_now,
        reports.arriving,
    )
    passing = Passing(
        *(router.hosts, access, router.proxies, reports.entry), is_offline=endpoint.is_offline
    )
    redirector = await _redirector(listen, reports.warn)
    in_flight = addon.forwarding.in_flight
    lifetime = Lifetime(master, reports.ready, until, in_flight, reports.warn, redirector)
    _add_addons(master, router, addon, passing, redirector, lifetime)
    hits = Hits(endpoint, access, router, reports.entry)
    _answer_hits_at_once(master, addon, hits, reports.warn)
    lifetime.heed_signals()
    store.answer_here()
    sys.setswitchinterval(_SWITCH)
    with closing(endpoint.thread) as thread:
        with _watch(store, thread, reports, waiting.changed, polls=listen.polls) as watch:
            watch.tell_at_once(asyncio.get_running_loop())
            await master.run()
        await addon.forwarding.saving.drain()
    lifetime.raise_problem()


def _check_machine(listen: Listen) -> None:
    """Raise `UsageError` if this machine lacks what the `local` mode needs."""
    if any(map(is_local, listen.modes)):
        missing = Machine(has_group=listen.group is not None).missing()
        if missing:
            raise UsageError(f"--mode local: {missing}")


def _know_destinations(listen: Listen, router: Router) -> None:
    """Read what is for the hosts of reverse modes, as for those of upstreams."""
    for mode in map(mode_specs.ProxyMode.parse, listen.modes):
        if isinstance(mode, mode_specs.ReverseMode):
            router.hosts.know(*mode.address)


async def _redirector(listen: Listen, warn: Callable[[str], None]) -> Redirector | None:
    """What watches over the `local` mode, where that is a process of its own."""
    mode = next(filter(is_local, map(widened, listen.modes)), "")
    if not mode or sys.platform != "linux":
        return None
    found = Redirector(mode, warn, listen.group)
    await found.start()
    return found


def _add_addons(
    master: Master,
    router: Router,
    addon: Rechat,
    passing: Passing,
    redirector: Redirector | None,
    lifetime: Lifetime,
) -> None:
    """Add the addons that see requests, in the order in which they do."""
    clients = master.addons.get("proxyserver").connections
    caught = [redirector] if redirector else []
    sends = (addon.forwarding, addon.dispatch, addon.dispatch.chain, addon.sockets)
    own = (addon.waiting, addon.following, *sends)
    connecting = Connecting(router, clients)
    master.addons.add(*caught, passing, addon, *own, connecting, addon.browsers, lifetime)


def _answer_hits_at_once(
    master: Master, addon: Rechat, hits: Hits, warn: Callable[[str], None]
) -> None:
    """Answer hits past mitmproxy's own layers, if this is one that we know."""
    if not install.fits():
        warn("this mitmproxy is not known: hits are answered the slow way, and not paced")
        return
    clients = master.addons.get("proxyserver").connections
    at_once = call_at_once(master.addons)
    master.addons.add(install.HitLayers(hits, addon.expect, clients, at_once))
    addon.sockets.put = partial(_put, master)


def _put(master: Master, flow: HTTPFlow, message: WebSocketMessage) -> None:
    """Say something to one side of a web socket, unless it has been closed meanwhile."""
    proxy = master.addons.get("proxyserver")
    if flow.client_conn.id in proxy.connections:
        proxy.inject_event(WebSocketMessageInjected(flow, message))


def _watch(
    store: Store, thread: StoreThread, reports: Reports, changed: Callable[[], None], *, polls: bool
) -> Watch:
    """What takes in edited files on the store's thread, and tells of them on the event loop."""
    loop = asyncio.get_running_loop()

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
        changed()

    return Watch(store, reload, warn, polls=polls)


def _reload(store: Store, paths: tuple[Path, ...]) -> list[Change | None]:
    return [store.reload(path) for path in paths]
