"""The mitmproxy addon: flows to values, what the endpoint says, and back. It decides nothing.

It sees what the hit layer leaves to mitmproxy: what an upstream or a person has to answer, HTTP/2,
our own pages, and all that is not plain.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Coroutine, Iterable
from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from mitmproxy import http
from mitmproxy.connection import Client

from rechat.answering import Answered
from rechat.answering import Asked
from rechat.answering import Endpoint
from rechat.answering import Held
from rechat.answering import Later
from rechat.answering import Sent
from rechat.answering import failure
from rechat.answering import refusal_response
from rechat.answering import since
from rechat.answering import upstream_failure_response
from rechat.observe import Arrival
from rechat.observe import Arriving
from rechat.observe import JournalEntry
from rechat.observe import Verdict
from rechat.proxy import limits
from rechat.proxy.access import NAMES_HOST
from rechat.proxy.access import Access
from rechat.proxy.access import destination
from rechat.proxy.access import is_page
from rechat.proxy.hits import CLIENT_HEADER
from rechat.proxy.hits import Report
from rechat.proxy.layer import EXCESS
from rechat.proxy.layer import FAILURE
from rechat.proxy.layer import PIECES
from rechat.proxy.layer import Due
from rechat.proxy.routing import Router
from rechat.proxy.tee import Tee
from rechat.values import ANSWER_HEADERS
from rechat.values import RAW
from rechat.values import REQUEST_HEADERS
from rechat.values import Fault
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Piece
from rechat.values import allowed_headers
from rechat.values import redact_query
from rechat.web import Api
from rechat.web import Live

# Between a client and its proxy only (RFC 9110, section 11.7.2).
_FOR_THE_PROXY = ("proxy-authorization", "proxy-connection")
_PASSING = "rechat.passing"
_BODY = "rechat.body"
_LENGTH = re.compile("[0-9]{1,15}")
_SYSTEM_ERROR = re.compile(r"\[Errno -?\d{1,9}\] (.{1,200})")


@dataclass(frozen=True, slots=True)
class _Pending:
    """A request that is at the upstream."""

    sent: Sent
    tee: Tee
    arrival: Arrival | None


@dataclass(frozen=True, slots=True)
class _Passing:
    """A request on its way to a host that is not an upstream."""

    entry: JournalEntry
    started: float


class Rechat:
    """Answers from the store, forwards, records."""

    def __init__(
        self,
        endpoint: Endpoint,
        router: Router | None,
        access: Access,
        report: Report,
        arriving: Arriving | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._router = router
        self._access = access
        self._report = report
        self._arriving = arriving
        self._gone: dict[str, asyncio.Event] = {}
        self._expected: dict[str, Sent | Held | Later] = {}
        self._waiting: dict[str, Held] = {}
        self._change = asyncio.Event()
        self._saving: set[asyncio.Future[None]] = set()
        self.pages: Api | None = None

    def client_connected(self, client: Client) -> None:
        """Remember the connection, so that a request that is never answered ends with it."""
        self._gone[client.id] = asyncio.Event()

    def client_disconnected(self, client: Client) -> None:
        """Let go of what waits for this connection."""
        self._gone.pop(client.id, asyncio.Event()).set()
        self._expected.pop(client.id, None)

    def changed(self) -> None:
        """The store has changed: what waits for an answer looks again."""
        self._change.set()
        self._change = asyncio.Event()

    def waiting(self) -> set[str]:
        """Where the answers are missing that somebody waits for, as `path:line`."""
        return {held.entry.place for held in self._waiting.values()}

    async def drain(self) -> None:
        """Wait until all that has arrived is saved, or told to have failed."""
        while self._saving:
            await asyncio.wait(self._saving)

    def expect(self, client: str, sent: Sent | Held | Later) -> None:
        """The next request of a client was read already, and is for somebody else to answer."""
        self._expected[client] = sent

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Let what is for others stream through, however much it is."""
        is_ours = self._access.is_ours(flow)
        if not is_ours and self._passes(flow):
            self._pass_on(flow, time.perf_counter())
            flow.request.stream = True

    async def request(self, flow: http.HTTPFlow) -> None:
        """Answer a request, or send it on its way. When a hook raises, mitmproxy goes on and
        forwards the request: so whatever goes wrong is answered here.
        """
        started = time.perf_counter()
        try:
            await self._request(flow, started)
        except limits.ExcessError as excess:
            _respond(flow, self._refuse(flow, excess))
        except Exception as error:  # noqa: BLE001
            self._give_up(flow, error, started)

    async def _request(self, flow: http.HTTPFlow, started: float) -> None:
        expected = self._expected.pop(flow.client_conn.id, None)
        is_ours = self._access.is_ours(flow)
        problem = self._access.problem(flow) if is_ours else ""
        if problem:
            refused = replace(refusal_response(f"rechat: {problem}"), status=403)
            _respond(flow, refused)
            self._report(
                JournalEntry("miss", _http_request(flow).target, reason=problem), since(started)
            )
            return
        if _is_websocket(flow) and (is_ours or self._endpoint.is_offline):
            self._refuse_upgrade(flow, started)
            return
        if is_ours and self.pages and is_page(flow.request.path.partition("?")[0]):
            await self._show(flow, self.pages)
            return
        if flow.request.stream:
            return
        if not is_ours and self._passes(flow):
            self._pass_on(flow, started)
            return
        flow.metadata[_BODY] = await _body(flow)
        outcome: Answered | Sent | Held | Later | None = expected or self._ask(
            flow, started, is_ours=is_ours
        )
        if isinstance(outcome, Later):
            outcome = await self._endpoint.finish(outcome)
        if isinstance(outcome, Held):
            outcome = await self._hold(flow, outcome)
        match outcome:
            case Sent() as sent:
                self._forward(flow, sent, is_ours=is_ours)
            case Answered(fault=None) as said:
                self._pace(flow, said.response, started)
                self._report(said.entry, said.entry.milliseconds)
            case Answered() as said:
                assert said.fault
                await self._fail(flow, said.fault, said.response)
                self._report(said.entry, said.entry.milliseconds)

    def _refuse(self, flow: http.HTTPFlow, excess: limits.ExcessError) -> HttpResponse:
        """What a client is told whose request is too large."""
        method, path = flow.request.method, flow.request.path.partition("?")[0]
        self._report(JournalEntry("failed", f"{method} {path}", reason=str(excess)), 0.0)
        return limits.response(excess, method, path)

    def _give_up(self, flow: http.HTTPFlow, error: Exception, started: float) -> None:
        """Answer that something failed, with no more of the request than it takes to say so."""
        path = flow.request.path.partition("?")[0]
        asked = Asked(HttpRequest(flow.request.method, path), "", is_ours=False, started=started)
        said = failure(asked, error)
        self._over(flow)
        flow.metadata.pop(PIECES, None)
        _respond(flow, said.response)
        self._report(said.entry, said.entry.milliseconds)

    async def _show(self, flow: http.HTTPFlow, pages: Api) -> None:
        """One of our own pages, or what it asks for."""
        path, _, query = flow.request.path.partition("?")
        headers = tuple(
            (name.lower(), value) for name, value in flow.request.headers.items(multi=True)
        )
        body = flow.request.raw_content or b""
        url = f"{flow.request.scheme}://{flow.request.pretty_host}:{flow.client_conn.sockname[1]}"
        match await pages.answer(HttpRequest(flow.request.method, path, query, headers, body), url):
            case Live(headers, pieces):
                _respond(flow, HttpResponse(200, headers))
                assert flow.response
                del flow.response.headers["content-length"]
                if not flow.request.is_http2:
                    flow.response.headers["transfer-encoding"] = "chunked"
                flow.metadata[PIECES] = pieces
            case HttpResponse() as response:
                _respond(flow, response)

    async def _hold(self, flow: http.HTTPFlow, held: Held) -> Answered | Sent | None:
        """What there is to answer once a person has written it; None if the client has left."""
        self._report(held.entry, since(held.asked.started))
        self._waiting[flow.id] = held
        try:
            while True:
                change = self._change
                outcome = await self._endpoint.answer(held.asked)
                if not isinstance(outcome, Held):
                    return outcome
                self._waiting[flow.id] = outcome
                if not await self._unless_gone(flow, change.wait()):
                    flow.kill()
                    left = replace(held.entry, verdict="failed", reason="the client left")
                    self._report(left, since(held.asked.started))
                    return None
        finally:
            del self._waiting[flow.id]

    async def _unless_gone[T](self, flow: http.HTTPFlow, awaited: Awaitable[T]) -> T | None:
        """What is waited for; None if the client leaves before it is there."""
        found = asyncio.ensure_future(awaited)
        gone = asyncio.ensure_future(self._gone[flow.client_conn.id].wait())
        try:
            await asyncio.wait({found, gone}, return_when=asyncio.FIRST_COMPLETED)
            return found.result() if found.done() else None
        finally:
            found.cancel()
            gone.cancel()

    def _ask(
        self, flow: http.HTTPFlow, started: float, *, is_ours: bool
    ) -> Answered | Sent | Held | Later:
        client = flow.request.headers.get(CLIENT_HEADER, "")
        return self._endpoint.ask(
            Asked(_http_request(flow), client, is_ours or self._knows(flow), started)
        )

    def _knows(self, flow: http.HTTPFlow) -> bool:
        """Whether a request that came through us as a proxy is for an upstream."""
        return bool(self._router and self._router.knows(*destination(flow)))

    def _passes(self, flow: http.HTTPFlow) -> bool:
        """Whether a request is passed on untouched: it is for a host that is neither an upstream
        nor a public model API. Offline nothing is.
        """
        return self._router is not None and not self._router.takes(*destination(flow))

    def _pass_on(self, flow: http.HTTPFlow, started: float) -> None:
        """Let a request go as it is; only its address is read."""
        _keep_for_the_proxy(flow)
        host, port = destination(flow)
        reason = "for a host that is not an upstream: passed on untouched"
        entry = JournalEntry("forwarded", f"{flow.request.method} {host}:{port}", reason=reason)
        flow.metadata[_PASSING] = _Passing(entry, started)

    def _refuse_upgrade(self, flow: http.HTTPFlow, started: float) -> None:
        """Say no to a web socket: clients that try one first go on with a POST at this status."""
        reason = "web sockets are not recorded: ask by POST"
        _respond(flow, replace(refusal_response(f"rechat: {reason}"), status=426))
        self._report(
            JournalEntry("miss", _http_request(flow).target, reason=reason), since(started)
        )

    def _pace(self, flow: http.HTTPFlow, response: HttpResponse, started: float) -> None:
        """Answer now, or piece by piece when it is due."""
        _respond(flow, response)
        if any(piece.at > 0 for piece in response.pieces):
            flow.metadata[PIECES] = _in_time(response.pieces, started)

    async def rechat_pace(self, due: Due) -> None:
        """Wait for the next piece; a client that leaves is not waited for."""
        pieces: AsyncIterator[bytes] = due.flow.metadata[PIECES]
        due.data = await self._unless_gone(due.flow, anext(pieces, b"")) or b""

    async def _fail(self, flow: http.HTTPFlow, fault: Fault, response: HttpResponse) -> None:
        """A broken connection: none answers, it is reset, or it ends after part of the body."""
        match fault.kind:
            case "timeout":
                await self._gone[flow.client_conn.id].wait()
                flow.kill()
            case "reset":
                flow.kill()
            case "cut":
                _respond(flow, response)
                assert flow.response
                flow.response.headers["content-length"] = str(len(response.body) + 1)
                flow.response.headers["connection"] = "close"

    def _forward(self, flow: http.HTTPFlow, sent: Sent, *, is_ours: bool) -> None:
        """Send a request to its upstream, asking for plain text, so that it can be read."""
        arrival = None
        if self._arriving:
            entry = JournalEntry("forwarded", sent.asked.http.target, sent.request)
            arrival = self._arriving.begin(entry)
        tee = Tee(sent.asked.started, arrival.feed if arrival else None)
        flow.metadata["rechat"] = _Pending(sent, tee, arrival)
        flow.request.headers["accept-encoding"] = "identity"
        flow.request.headers.pop(CLIENT_HEADER, None)
        _keep_for_the_proxy(flow)
        if is_ours and self._router:
            upstream = self._router.choose(sent.model, flow.client_conn.sockname[1])
            flow.request.scheme = upstream.scheme
            flow.request.host = upstream.host
            flow.request.port = upstream.port
            path, mark, query = flow.request.path.partition("?")
            flow.request.path = upstream.rewrite(path) + mark + query

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Let an upstream's response stream through, and keep what passes."""
        if _PASSING in flow.metadata and flow.response:
            flow.response.stream = flow.response.status_code != 101
            flow.response.headers["x-rechat"] = "forwarded"
        pending: _Pending | None = flow.metadata.get("rechat")
        if pending and flow.response:
            verdict: Verdict = "recorded" if pending.sent.saves else "forwarded"
            flow.response.stream = pending.tee
            if pending.sent.saves and NAMES_HOST in flow.metadata:
                has_mark = _tells_its_end(flow.response, pending.sent)
                pending.tee.hold_end(_length(flow.response), has_mark=has_mark)
            flow.response.headers["x-rechat"] = verdict

    async def rechat_end(self, flow: http.HTTPFlow) -> None:
        """Take in an answer of which all is here; the client has its end when this returns."""
        await self._when_over(flow, tells_its_end=True)

    async def response(self, flow: http.HTTPFlow) -> None:
        """Take in an answer that is over, unless its end was held back until that was done."""
        self._passed(flow)
        await self._when_over(flow)

    async def _when_over(self, flow: http.HTTPFlow, *, tells_its_end: bool = False) -> None:
        pending = self._over(flow)
        if pending and flow.response:
            await self._to_the_end(
                self._record(flow.response, pending, tells_its_end=tells_its_end)
            )

    async def _to_the_end(self, work: Coroutine[object, object, None]) -> None:
        """Wait for work that is done even if nobody waits for it any more."""
        task = asyncio.ensure_future(work)
        self._saving.add(task)
        task.add_done_callback(self._saving.discard)
        await asyncio.shield(task)

    async def _record(
        self, response: http.Response, pending: _Pending, *, tells_its_end: bool
    ) -> None:
        entry = await self._taken_in(response, pending, tells_its_end=tells_its_end)
        self._report(entry, entry.milliseconds)

    async def error(self, flow: http.HTTPFlow) -> None:
        """An upstream or a client closed the connection early. Clients do so regularly: the SDKs of
        OpenAI close it at `[DONE]`, which may be before the message is over. Such a stream
        is whole, and its dialect knows; nothing else is saved.
        """
        self._passed(flow, _what_failed(flow))
        pending = self._over(flow)
        excess: limits.ExcessError | None = flow.metadata.get(EXCESS)
        if excess:
            flow.metadata[FAILURE] = _to_mitmproxy(self._refuse(flow, excess))
        elif not flow.response:
            api = pending.sent.request.api if pending and pending.sent.request else ""
            told = upstream_failure_response(f"rechat: {_what_failed(flow)}", api)
            flow.metadata[FAILURE] = _to_mitmproxy(told)
        if not pending or not flow.error:
            return
        await self._to_the_end(self._record_what_broke(flow, pending))

    async def _record_what_broke(self, flow: http.HTTPFlow, pending: _Pending) -> None:
        entry = None
        if flow.response and _tells_its_end(flow.response, pending.sent):
            entry = await self._taken_in(flow.response, pending, tells_its_end=True)
        if not entry or entry.verdict == "failed":
            entry = self._endpoint.failed(pending.sent, _what_failed(flow))
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

    def _over(self, flow: http.HTTPFlow) -> _Pending | None:
        """What was at the upstream, and no longer is."""
        pending: _Pending | None = flow.metadata.pop("rechat", None)
        if pending and pending.arrival and self._arriving:
            self._arriving.end(pending.arrival)
        return pending

    async def _taken_in(
        self, response: http.Response, pending: _Pending, *, tells_its_end: bool = False
    ) -> JournalEntry:
        """What becomes of an answer that has arrived."""
        encoding = response.headers.get("content-encoding", "")
        status = response.status_code
        headers = allowed_headers(response.headers.items(multi=True), ANSWER_HEADERS)
        receive = partial(
            pending.tee.response, status, headers, encoding, tells_its_end=tells_its_end
        )
        is_upgrade = status == HTTPStatus.SWITCHING_PROTOCOLS
        return await self._endpoint.received(pending.sent, receive, is_upgrade=is_upgrade)


def _tells_its_end(response: http.Response, sent: Sent) -> bool:
    """Whether the dialect of a response can tell that it is whole: it is a stream of events."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_known = sent.request is not None and sent.request.api != RAW
    return is_known and kind in ("text/event-stream", "application/x-ndjson")


def _length(response: http.Response) -> int | None:
    """How many bytes a body was said to have; None if that is to be seen."""
    length = response.headers.get("content-length", "")
    is_known = "transfer-encoding" not in response.headers and _LENGTH.fullmatch(length)
    return int(length) if is_known else None


def _keep_for_the_proxy(flow: http.HTTPFlow) -> None:
    """Take away what a client tells its proxy only, such as the proxy's password."""
    for name in _FOR_THE_PROXY:
        flow.request.headers.pop(name, None)


def _is_websocket(flow: http.HTTPFlow) -> bool:
    return str(flow.request.headers.get("upgrade", "")).lower() == "websocket"


def _http_request(flow: http.HTTPFlow) -> HttpRequest:
    path, _, query = flow.request.path.partition("?")
    headers = allowed_headers(flow.request.headers.items(multi=True), REQUEST_HEADERS)
    body: bytes = flow.metadata.get(_BODY, b"")
    return HttpRequest(flow.request.method, path, redact_query(query), headers, body)


async def _body(flow: http.HTTPFlow) -> bytes:
    """What a request says, unpacked beside the event loop. Raises `limits.ExcessError`."""
    body = flow.request.raw_content or b""
    coding = flow.request.headers.get("content-encoding", "")
    return await asyncio.to_thread(limits.unpacked, body, coding) if body and coding else body


async def _in_time(pieces: Iterable[Piece], started: float) -> AsyncIterator[bytes]:
    """The pieces, each when it is due."""
    for piece in pieces:
        await asyncio.sleep(max(0.0, started + piece.at / 1000 - time.perf_counter()))
        yield piece.data


def _what_failed(flow: http.HTTPFlow) -> str:
    """Why there is no answer of the upstream's, or half of one: which upstream, and what to do."""
    address = f"{flow.request.host}:{flow.request.port}"
    reason = flow.error.msg if flow.error else ""
    system_error = _SYSTEM_ERROR.fullmatch(reason)
    if system_error:
        return (
            f"{address} cannot be reached: {system_error[1]}; is it running, and is the URL right?"
        )
    return f"{address}: {reason}"


def _respond(flow: http.HTTPFlow, response: HttpResponse) -> None:
    flow.response = _to_mitmproxy(response)


def _to_mitmproxy(response: HttpResponse) -> http.Response:
    headers = http.Headers(
        [(name.encode(), value.encode("utf-8", "replace")) for name, value in response.headers]
    )
    return http.Response.make(response.status, response.body, headers)
