"""Who gets a request that is for every upstream of its route, and whose answer the client gets."""

import asyncio
from collections.abc import Callable, Coroutine

from mitmproxy import http

from rechat.answering import Sent
from rechat.proxy.dispatch import ask_of
from rechat.proxy.each import copying
from rechat.proxy.forwarding import Forwarding
from rechat.proxy.upstreams.flight import FLIGHT
from rechat.proxy.upstreams.flight import Flight
from rechat.proxy.upstreams.router import Router

type Send = Callable[[http.HTTPFlow], Coroutine[object, object, None]]


class Everyone:
    """Sends requests to all upstreams of their routes. `send` is what sends a copy."""

    def __init__(self, router: Router, forwarding: Forwarding, send: Send = copying.send) -> None:
        self._router = router
        self._forwarding = forwarding
        self._send = send
        self._running: set[asyncio.Future[None]] = set()

    def forward(self, flow: http.HTTPFlow, sent: Sent) -> None:
        """Send a request to the first upstream that is well, whose answer is the client's, and
        copies of it to the others. The client's answer is saved first: it is the first take.
        """
        first, *others = self._router.everyone(ask_of(flow, sent))
        copies = [copying.copy_of(flow) for _ in others]
        flight = flow.metadata.setdefault(FLIGHT, _flight(sent))
        self._forwarding.forward(flow, sent, is_ours=True, to=first)
        for copy, upstream in zip(copies, others, strict=True):
            copy.metadata[FLIGHT] = _flight(sent, flight)
            self._forwarding.forward(copy, sent, is_ours=True, to=upstream)
            task = asyncio.ensure_future(self._send(copy))
            self._running.add(task)
            task.add_done_callback(self._running.discard)


def _flight(sent: Sent, before: Flight | None = None) -> Flight:
    """A flight that nobody else joins, and on which no client waits."""
    flight = Flight(None, sent, "", before)
    if before:
        flight.clients.clear()
    return flight
