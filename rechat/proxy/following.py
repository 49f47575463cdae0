"""Equal requests at once: who asks the upstream, and who gets the answer along with it.

A request that says the same as one in flight, in the same words and shape, is answered with that
one's bytes as they come. One that says the same otherwise (in whole where the other streams, from
another folder) waits until the answer is saved, and gets it as it would on replay.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Coroutine, Hashable
from dataclasses import replace

from mitmproxy import http
from mitmproxy.connection import Client

from rechat.answering import Answered
from rechat.answering import Endpoint
from rechat.answering import Held
from rechat.answering import Later
from rechat.answering import Sent
from rechat.answering import since
from rechat.proxy.access import NAMES_HOST
from rechat.proxy.access import destination
from rechat.proxy.flows import lead_on
from rechat.proxy.hits.shared import Report
from rechat.proxy.layers.paced_stream import PIECES
from rechat.proxy.upstreams.flight import FLIGHT
from rechat.proxy.upstreams.flight import BrokenError
from rechat.proxy.upstreams.flight import Flight
from rechat.proxy.upstreams.flight import Flights
from rechat.proxy.upstreams.outgoing import credentials
from rechat.proxy.waiting import Waiting
from rechat.proxy.way import PIN_HEADER
from rechat.store import placement
from rechat.values import Request

_FOLLOWING = "rechat.following"
# How many pieces of the answer its client was given.
_COUNT = "rechat.following.count"
_REASON = "along with an equal request"
# Of one connection only (RFC 9110, section 7.6.1).
_OF_THE_CONNECTION = ("connection", "keep-alive", "proxy-connection", "transfer-encoding")


class Following:
    """The addon that has equal requests answered together."""

    def __init__(
        self, endpoint: Endpoint, waiting: Waiting, report: Report, *, coalesces: bool = True
    ) -> None:
        self._endpoint = endpoint
        self._waiting = waiting
        self._report = report
        self._coalesces = coalesces
        self._reports: set[asyncio.Future[None]] = set()
        self.flights = Flights()

    async def client_disconnected(self, client: Client) -> None:
        """Keep a connection to an upstream for those who follow, though the leader's client is
        gone: mitmproxy ends it when this returns.
        """
        for flight in self.flights.led_by(client.id):
            await flight.left_alone()

    async def join(
        self, flow: http.HTTPFlow, sent: Sent, *, is_ours: bool
    ) -> Answered | Sent | Held | None:
        """What becomes of a request that is for an upstream: it asks (`Sent`), or it has an answer
        meanwhile; None if it gets that of another one as it comes, or its client has left.
        """
        if not self._may_join(sent):
            return sent
        key = _key(flow, sent, is_ours=is_ours)
        outcome: Answered | Sent | Held | Later = sent
        is_recorded = False
        while True:
            if is_recorded or sent.version != self._endpoint.version:
                outcome = self._endpoint.again(sent, is_recorded=is_recorded)
            if isinstance(outcome, Later):
                outcome = await self._endpoint.finish(outcome)
            if not isinstance(outcome, Sent):
                return outcome
            sent = outcome
            flight = self.flights.find(key, sent.room, sent.asked.client)
            if not flight:
                flight = self.flights.lead(key, sent, flow.client_conn.id)
                flow.metadata[FLIGHT] = flight
                return await self._ask_alone(flow, sent, flight)
            if not await self._follow(flow, sent, flight):
                return None
            is_recorded = True

    async def _ask_alone(
        self, flow: http.HTTPFlow, sent: Sent, flight: Flight
    ) -> Answered | Sent | Held | None:
        """What becomes of a request that leads a flight, once no other process asks for the
        same.
        """
        assert sent.request
        if self._endpoint.policy != "record" or sent.room.left > 1:
            return sent
        # Whatever becomes of the claim, it ends with the flight.
        self._later(self._release(sent.request, flight))
        others, request = self._endpoint.others, sent.request
        if not (
            await others.claim(request)
            or await self._waiting.unless_gone(flow, others.wait(request))
        ):
            self._abandon(flow, flight)
            flow.kill()
            self._report(self._endpoint.failed(sent, "the client left"), since(sent.asked.started))
            return None
        if sent.version == self._endpoint.version:
            return sent
        outcome = self._endpoint.again(sent, is_recorded=True)
        if isinstance(outcome, Later):
            outcome = await self._endpoint.finish(outcome)
        if not isinstance(outcome, Sent):
            self._abandon(flow, flight)
        return outcome

    def _abandon(self, flow: http.HTTPFlow, flight: Flight) -> None:
        """Lead no longer: whoever follows asks again."""
        flow.metadata.pop(FLIGHT, None)
        flight.fail()
        self.flights.land(flight, None)

    async def _release(self, request: Request, flight: Flight) -> None:
        await flight.over()
        await self._endpoint.others.release(request)

    def _later(self, work: Coroutine[object, object, None]) -> None:
        """Do what nobody waits for."""
        task = asyncio.ensure_future(work)
        self._reports.add(task)
        task.add_done_callback(self._reports.discard)

    def _may_join(self, sent: Sent) -> bool:
        return bool(
            self._coalesces and sent.saves and sent.request and not placement.is_poll(sent.request)
        )

    async def _follow(self, flow: http.HTTPFlow, sent: Sent, flight: Flight) -> bool:
        """Whether the request is to be asked again: the flight is over."""
        is_live = flight.fits(sent) and NAMES_HOST in flow.metadata
        flight.join(sent.asked.client)
        found = await self._waiting.unless_gone(flow, flight.begun() if is_live else flight.over())
        if found and is_live:
            self._attend(flow, sent, flight)
            return False
        flight.leave()
        if found is None:
            flow.kill()
            self._report(self._endpoint.failed(sent, "the client left"), since(sent.asked.started))
        return found is not None

    def _attend(self, flow: http.HTTPFlow, sent: Sent, flight: Flight) -> None:
        """Answer with the pieces of another answer, as they come."""
        assert flight.head
        flow.response = flight.head.copy()
        lead_on(flow.response, flight.sent.asked.base, sent.asked.base)
        headers = flow.response.headers
        for name in _OF_THE_CONNECTION:
            headers.pop(name, None)
        if "content-length" not in headers and not flow.request.is_http2:
            headers["transfer-encoding"] = "chunked"
        flow.metadata[_FOLLOWING] = sent, flight
        flow.metadata[PIECES] = _pieces(flow, flight)

    def response(self, flow: http.HTTPFlow) -> None:
        """A follower has the answer."""
        self._end(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """A follower has half of the answer: it left, or the upstream broke off. Or it has all, and
        closed the connection at the last byte.
        """
        _, flight = flow.metadata.get(_FOLLOWING, (None, None))
        has_all = flight and flight.is_all(flow.metadata.get(_COUNT, 0))
        self._end(flow, flow.error.msg if flow.error and not has_all else "")

    def _end(self, flow: http.HTTPFlow, problem: str = "") -> None:
        sent, flight = flow.metadata.pop(_FOLLOWING, (None, None))
        if sent and flight:
            flight.leave()
            self._later(self._tell(sent, flight, problem))

    async def _tell(self, sent: Sent, flight: Flight, problem: str) -> None:
        """Report a follower once it is known what became of the answer."""
        took = since(sent.asked.started)
        await flight.over()
        if problem or not flight.entry:
            self._report(self._endpoint.failed(sent, problem or "the upstream broke off"), took)
            return
        told = " · ".join(filter(None, [flight.entry.reason, _REASON]))
        entry = replace(
            flight.entry, headers=sent.asked.http.headers, reason=told, milliseconds=took
        )
        self._report(entry, took)


async def _pieces(flow: http.HTTPFlow, flight: Flight) -> AsyncIterator[bytes]:
    """The pieces of another answer; the connection is closed if that breaks off."""
    try:
        async for piece in flight.pieces():
            flow.metadata[_COUNT] = flow.metadata.get(_COUNT, 0) + 1
            yield piece
    except BrokenError:
        flow.kill()


def _key(flow: http.HTTPFlow, sent: Sent, *, is_ours: bool) -> Hashable:
    """What requests have in common that are equal: where they go to, in whose name, and what they
    say.
    """
    assert sent.request
    at = ("", flow.client_conn.sockname[1]) if is_ours else destination(flow)
    # An upstream may answer otherwise to whoever asks in another name.
    told = [*credentials(flow.request.headers), flow.request.headers.get(PIN_HEADER, "")]
    query = flow.request.path.partition("?")[2]
    names = hashlib.sha256(repr([*told, query]).encode("utf-8", "backslashreplace")).digest()
    return at, sent.asked.http.path, names, placement.key_of(sent.request)
