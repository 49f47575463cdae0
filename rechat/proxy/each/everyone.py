"""Who gets a request that is for every upstream of its route, and whose answer the client gets."""

import asyncio
from collections.abc import Callable, Coroutine

from mitmproxy import http

from rechat.answering import Sent
from rechat.proxy.dispatch import Dispatch
from rechat.proxy.each import copying
from rechat.proxy.forwarding import Forwarding
from rechat.proxy.limits import ExcessError
from rechat.proxy.upstreams.flight import FLIGHT
from rechat.proxy.upstreams.flight import Flight
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.way import ask_of

type Send = Callable[[http.HTTPFlow], Coroutine[object, object, None]]


class Everyone:
    """Sends requests to all upstreams of their routes. `send` is what sends a copy."""

    def __init__(
        self,
        router: Router,
        dispatch: Dispatch,
        forwarding: Forwarding,
        send: Send = copying.send,
    ) -> None:
        self._router = router
        self._dispatch = dispatch
        self._forwarding = forwarding
        self._send = send
        self._running: set[asyncio.Future[None]] = set()

    def copy(self, flow: http.HTTPFlow, sent: Sent) -> Upstream:
        """Send copies of a request to all upstreams but the first that is well: that one, which
        comes back, is the client's. Its answer is saved first: it is the first take.
        """
        first, *others = self._router.everyone(ask_of(flow, sent))
        flight = flow.metadata.setdefault(FLIGHT, _flight(sent))
        for upstream in others:
            copy = copying.copy_of(flow)
            copy.metadata[FLIGHT] = _flight(sent, flight)
            task = asyncio.ensure_future(self._run(copy, sent, upstream))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return first

    async def _run(self, copy: http.HTTPFlow, sent: Sent, upstream: Upstream) -> None:
        try:
            await self._dispatch.admit(copy, sent, upstream)
        except ExcessError as excess:
            self._forwarding.give_up_on(self._forwarding.begin(sent), str(excess))
            return
        self._forwarding.forward(copy, sent, is_ours=True, to=upstream)
        await self._send(copy)


def _flight(sent: Sent, before: Flight | None = None) -> Flight:
    """A flight that nobody else joins, and on which no client waits."""
    flight = Flight(None, sent, "", before)
    if before:
        flight.clients.clear()
    return flight
