"""What goes to upstreams and comes back: sent under the upstream's address, streamed through to the
client, taken in when it is over.

What is for hosts that are not upstreams passes here too, untouched; only its address is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from mitmproxy import http

from rechat.answering import Endpoint
from rechat.answering import Sent
from rechat.answering import since
from rechat.observe import Arrival
from rechat.observe import Arriving
from rechat.observe import JournalEntry
from rechat.observe import Verdict
from rechat.proxy import limits
from rechat.proxy.access import NAMES_HOST
from rechat.proxy.access import destination
from rechat.proxy.dispatch import Dispatch
from rechat.proxy.failures import speech
from rechat.proxy.failures.telling import failure_response
from rechat.proxy.failures.telling import reasons_of
from rechat.proxy.failures.wording import what_failed
from rechat.proxy.failures.wording import why
from rechat.proxy.flows import keep_for_the_proxy
from rechat.proxy.flows import lead_on
from rechat.proxy.flows import led_back
from rechat.proxy.flows import to_mitmproxy
from rechat.proxy.hits.shared import CLIENT_HEADER
from rechat.proxy.hits.shared import Report
from rechat.proxy.in_flight import InFlight
from rechat.proxy.interception.passing import UNTOUCHED
from rechat.proxy.layers.paced_stream import EXCESS
from rechat.proxy.layers.paced_stream import FAILURE
from rechat.proxy.saving import Saving
from rechat.proxy.sockets.handshake import SOCKET
from rechat.proxy.upstreams.answer_head import length_of
from rechat.proxy.upstreams.answer_head import marks_its_end
from rechat.proxy.upstreams.answer_head import may_be_saved
from rechat.proxy.upstreams.answer_head import says_it_is_empty
from rechat.proxy.upstreams.flight import FLIGHT
from rechat.proxy.upstreams.flight import Flight
from rechat.proxy.upstreams.flight import Flights
from rechat.proxy.upstreams.tee import Tee
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.way import way_of
from rechat.values import ANSWER_HEADERS
from rechat.values import LASTING_ERRORS
from rechat.values import allowed_headers

_PASSING = "rechat.passing"
_PENDING = "rechat.pending"
# A body of up to so many bytes that says its length is kept until it is saved, so that the head can
# say whether it was. Longer ones, streams, and those that a server keeps alive leave as they come.
_SHORT = 1 << 20
_WHOLE = range(200, 300)


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that is at the upstream."""

    sent: Sent
    tee: Tee
    arrival: Arrival | None
    flight: Flight | None


@dataclass(frozen=True, slots=True)
class _Passing:
    """A request on its way to a host that is not an upstream."""

    entry: JournalEntry
    started: float


class Forwarding:
    """The addon that sees to the answers of others."""

    def __init__(
        self,
        endpoint: Endpoint,
        dispatch: Dispatch,
        report: Report,
        flights: Flights,
        arriving: Arriving | None = None,
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._endpoint = endpoint
        self._flights = flights
        self._warn = warn
        self._dispatch = dispatch
        self._report = report
        self._arriving = arriving
        self.saving = Saving(endpoint, warn)
        self.in_flight = InFlight()

    def pass_on(self, flow: http.HTTPFlow, started: float) -> None:
        """Let a request go as it is; only its address is read."""
        keep_for_the_proxy(flow)
        host, port = destination(flow)
        self._dispatch.through_the_proxy(flow)
        entry = JournalEntry("forwarded", f"{flow.request.method} {host}:{port}", reason=UNTOUCHED)
        flow.metadata[_PASSING] = _Passing(entry, started)

    def forward(
        self, flow: http.HTTPFlow, sent: Sent, *, is_ours: bool, to: Upstream | None = None
    ) -> None:
        """Send a request to its upstream (the one that it is for, or the one that the router
        chooses), asking for plain text, so that it can be read.
        """
        flow.request.headers["accept-encoding"] = "identity"
        keep_for_the_proxy(flow)
        flow.metadata[_PENDING] = self.begin(sent, flow.metadata.get(FLIGHT))
        if is_ours:
            self._dispatch.send(flow, sent, to)
        else:
            flow.request.headers.pop(CLIENT_HEADER, None)
            self._dispatch.through_the_proxy(flow)
        self.in_flight.begin(flow.id)

    def begin(self, sent: Sent, flight: Flight | None = None) -> Pending:
        """A request that goes to an upstream: what comes back is for its `tee`."""
        arrival = None
        if self._arriving:
            entry = JournalEntry("forwarded", sent.asked.http.target, sent.request)
            arrival = self._arriving.begin(entry)
        return Pending(sent, _tee(sent, arrival, flight), arrival, flight)

    async def take_in(self, flow: http.HTTPFlow, pending: Pending, response: http.Response) -> None:
        """Take in an answer that its `tee` has whole, and wait until it is saved."""
        self._end(pending)
        await self.saving.to_the_end(self._record(flow, response, pending, tells_its_end=True))

    def give_up_on(self, pending: Pending, reason: str) -> None:
        """Tell of an answer of which no more will come."""
        self._end(pending)
        entry = self._endpoint.failed(pending.sent, reason)
        self._report(entry, entry.milliseconds)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Let an upstream's response stream through, and keep what passes."""
        if _PASSING in flow.metadata and flow.response:
            flow.response.stream = flow.response.status_code != 101
            flow.response.headers["x-rechat"] = "forwarded"
        pending: Pending | None = flow.metadata.get(_PENDING)
        if pending and flow.response:
            if pending.tee.is_used:  # by an answer that broke before the client had any of it
                tee = _tee(pending.sent, pending.arrival, pending.flight)
                flow.metadata[_PENDING] = pending = replace(pending, tee=tee)
            self._dispatch.answers(flow)
            if self._dispatch.is_saved_otherwise(flow):
                sent = replace(pending.sent, saves=False)
                flow.metadata[_PENDING] = pending = replace(pending, sent=sent)
            _let_through(flow.response, pending, may_hold=NAMES_HOST in flow.metadata)
            is_doubtful = _may_ask_for_tls(flow, flow.response)
            if is_doubtful:
                flow.response.stream = False
            if pending.flight:
                self._begin(pending.flight, flow.response, is_doubtful=is_doubtful)
            lead_on(flow.response, "", pending.sent.asked.base)

    def _begin(self, flight: Flight, response: http.Response, *, is_doubtful: bool) -> None:
        """Let others follow, unless the answer is none that would be given again."""
        status = response.status_code
        if not is_doubtful and (status in _WHOLE or status in LASTING_ERRORS):
            flight.begin(response)
        else:
            flight.fail()
            self._flights.land(flight, None)

    async def rechat_end(self, flow: http.HTTPFlow) -> None:
        """Take in an answer of which all is here; the client has its end when this returns."""
        await self._when_over(flow, tells_its_end=True)

    async def response(self, flow: http.HTTPFlow) -> None:
        """Take in an answer that is over, unless its end was held back until that was done."""
        self._passed(flow)
        self._refuse_page(flow)
        await self._when_over(flow)
        self.in_flight.end(flow.id)
        self._dispatch.over(flow)

    def _refuse_page(self, flow: http.HTTPFlow) -> None:
        """Tell a client that its upstream speaks TLS only, in place of a page that says so: that is
        no answer of the API, and is not saved.
        """
        pending: Pending | None = flow.metadata.get(_PENDING)
        page = flow.response
        if not pending or not page or page.stream or not _may_ask_for_tls(flow, page):
            return
        if speech.asks_for_tls(page.raw_content or b""):
            self.over(flow)
            reason = why(flow, speech.ONLY_TLS)
            flow.response = failure_response(pending.sent.request, reason)
            self._dispatch.tell(flow, flow.response)
            entry = self._dispatch.told(flow, self._endpoint.failed(pending.sent, reason))
            self._land(pending, entry)
            self._report(entry, entry.milliseconds)

    async def _when_over(self, flow: http.HTTPFlow, *, tells_its_end: bool = False) -> None:
        pending = self.over(flow)
        if pending and flow.response:
            if flow.response.stream is False and flow.response.raw_content:
                for piece in (flow.response.raw_content, b""):
                    pending.tee(piece)
            pending.tee.is_whole |= not tells_its_end and says_it_is_empty(
                flow.response, flow.request.method
            )
            await self.saving.to_the_end(
                self._record(flow, flow.response, pending, tells_its_end=tells_its_end)
            )
            if pending.flight:
                pending.flight.add(pending.tee.held)
                pending.flight.finish()

    async def _record(
        self,
        flow: http.HTTPFlow,
        response: http.Response,
        pending: Pending,
        *,
        tells_its_end: bool,
    ) -> None:
        if pending.flight and pending.flight.before:
            await pending.flight.before.over()
        upstream = self._dispatch.answering(flow)
        entry = await self._taken_in(response, pending, upstream, tells_its_end=tells_its_end)
        entry = self._dispatch.told(flow, entry)
        self._land(pending, entry)
        if response.stream is False:  # its head has not left
            response.headers["x-rechat"] = entry.verdict
        self._report(entry, entry.milliseconds)

    def _land(self, pending: Pending, entry: JournalEntry) -> None:
        """Tell those who follow what became of an answer."""
        flight, request = pending.flight, pending.sent.request
        if entry.verdict == "recorded" and request:
            for client in flight.clients if flight else [pending.sent.asked.client]:
                self._endpoint.counts(request, client)
        if flight:
            self._flights.land(flight, entry)

    async def error(self, flow: http.HTTPFlow) -> None:
        """An upstream or a client closed the connection early. Clients do so regularly: the SDKs of
        OpenAI close it at `[DONE]`, which may be before the message is over. Such a stream
        is whole, and its dialect knows; nothing else is saved.
        """
        self._passed(flow, what_failed(flow))
        self.in_flight.end(flow.id)
        pending = self.over(flow)
        excess: limits.ExcessError | None = flow.metadata.get(EXCESS)
        if excess:
            refused = limits.refused(excess, flow.request.method, flow.request.path)
            self._report(refused.entry, refused.entry.milliseconds)
            flow.metadata[FAILURE] = to_mitmproxy(refused.response)
        elif not flow.response or flow.response.stream is False:
            request = pending.sent.request if pending else None
            flow.metadata[FAILURE] = failure_response(request, *reasons_of(flow))
            self._dispatch.tell(flow, flow.metadata[FAILURE])
        if not pending or not flow.error:
            self._dispatch.over(flow)
            return
        await self.saving.to_the_end(self._record_what_broke(flow, pending))

    async def _record_what_broke(self, flow: http.HTTPFlow, pending: Pending) -> None:
        entry = None
        # What refuses a web socket says all in its head; most clients read no more.
        tells_all = SOCKET in flow.metadata
        if flow.response and (tells_all or marks_its_end(flow.response, pending.sent.request)):
            upstream = self._dispatch.answering(flow)
            entry = await self._taken_in(flow.response, pending, upstream, tells_its_end=True)
        is_whole = entry is not None and entry.verdict != "failed"
        if not entry or not is_whole:
            entry = self._endpoint.failed(pending.sent, "; ".join(reasons_of(flow)))
        way = way_of(flow)
        has_left = bool(flow.client_conn.timestamp_end)
        is_broken = way is not None and way.is_broken and not is_whole and not has_left
        self._dispatch.over(flow, what_failed(flow) if is_broken else "")
        if pending.flight:
            pending.flight.add(pending.tee.held)
            (pending.flight.finish if is_whole else pending.flight.fail)()
        entry = self._dispatch.told(flow, entry)
        self._land(pending, entry)
        self._report(entry, entry.milliseconds)

    def _passed(self, flow: http.HTTPFlow, problem: str = "") -> None:
        """Report a request that was passed on, now that it is over."""
        passing: _Passing | None = flow.metadata.pop(_PASSING, None)
        if passing:
            took = since(passing.started)
            entry = replace(passing.entry, milliseconds=took)
            self._report(
                replace(entry, verdict="failed", reason=problem) if problem else entry, took
            )

    def give_up(self, flow: http.HTTPFlow) -> None:
        """Forget a request that will not reach the upstream."""
        self.over(flow)
        self.in_flight.end(flow.id)
        self._dispatch.over(flow)
        flight: Flight | None = flow.metadata.get(FLIGHT)
        if flight:
            flight.fail()
            self._flights.land(flight, None)

    def over(self, flow: http.HTTPFlow) -> Pending | None:
        """What was at the upstream, and no longer is."""
        pending: Pending | None = flow.metadata.pop(_PENDING, None)
        if pending:
            self._end(pending)
        return pending

    def _end(self, pending: Pending) -> None:
        if pending.arrival and self._arriving:
            self._arriving.end(pending.arrival)

    async def _taken_in(
        self,
        response: http.Response,
        pending: Pending,
        upstream: str,
        *,
        tells_its_end: bool = False,
    ) -> JournalEntry:
        """What becomes of an answer that has arrived."""
        encoding = response.headers.get("content-encoding", "")
        status = response.status_code
        base = pending.sent.asked.base
        headers = allowed_headers(led_back(response, base), ANSWER_HEADERS)
        receive = partial(
            pending.tee.response, status, headers, encoding, tells_its_end=tells_its_end
        )
        is_upgrade = status == HTTPStatus.SWITCHING_PROTOCOLS
        return await self._endpoint.received(
            pending.sent, receive, is_upgrade=is_upgrade, upstream=upstream
        )


def _may_ask_for_tls(flow: http.HTTPFlow, response: http.Response) -> bool:
    """Whether an answer to plain HTTP may be a page that says that its server speaks TLS only."""
    kind = response.headers.get("content-type", "")
    is_plain = flow.request.scheme == "http"
    return is_plain and speech.may_ask_for_tls(response.status_code, kind, length_of(response))


def _tee(sent: Sent, arrival: Arrival | None, flight: Flight | None) -> Tee:
    watch = arrival.feed if arrival else None
    return Tee(sent.asked.started, watch, flight.add if flight else None)


def _let_through(response: http.Response, pending: Pending, *, may_hold: bool) -> None:
    """Let a response pass as it comes, but for a short one, and for the end of one that is saved:
    they wait until it is.
    """
    length = length_of(response)
    is_stream = marks_its_end(response, pending.sent.request)
    saves = pending.sent.saves and (length or 0) <= limits.KEPT and may_be_saved(response)
    verdict: Verdict = "recorded" if saves else "forwarded"
    response.headers["x-rechat"] = verdict
    is_short = saves and not is_stream and 0 < (length or 0) <= _SHORT
    response.stream = False if is_short else pending.tee
    if saves and not is_short and may_hold:
        pending.tee.hold_end(length, has_mark=is_stream)
