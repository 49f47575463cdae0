"""The mitmproxy addon: flows to values, what the endpoint says, and back. It decides nothing.

It sees what the hit layer leaves to mitmproxy: what an upstream has to answer, HTTP/2, and all that
is not plain.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, replace

from mitmproxy import http
from mitmproxy.connection import Client

from rechat import redact
from rechat.endpoint import Asked, Endpoint, Said, Sent, since
from rechat.http import HttpRequest, HttpResponse, Piece
from rechat.journal import Entry, Verdict
from rechat.model import Fault
from rechat.proxy.access import Access
from rechat.proxy.hits import CLIENT_HEADER, Report
from rechat.proxy.layer import PIECES, Due
from rechat.proxy.tee import Tee
from rechat.session import refusal_response
from rechat.upstreams import Router

# Between the client and the proxy only; they are not for the upstream.
_OURS = (CLIENT_HEADER,)


@dataclass(frozen=True, slots=True)
class _Pending:
    """A request that is at the upstream."""

    sent: Sent
    tee: Tee


class Rechat:
    """Answers from the store, forwards, records."""

    def __init__(
        self, endpoint: Endpoint, router: Router | None, access: Access, report: Report
    ) -> None:
        self._endpoint = endpoint
        self._router = router
        self._access = access
        self._report = report
        self._gone: dict[str, asyncio.Event] = {}
        self._expected: dict[str, Sent] = {}

    def client_connected(self, client: Client) -> None:
        """Remember the connection, so that a request that is never answered ends with it."""
        self._gone[client.id] = asyncio.Event()

    def client_disconnected(self, client: Client) -> None:
        """Let go of what waits for this connection."""
        self._gone.pop(client.id, asyncio.Event()).set()
        self._expected.pop(client.id, None)

    def expect(self, client: str, sent: Sent) -> None:
        """The next request of a client was read already, and is to be forwarded."""
        self._expected[client] = sent

    async def request(self, flow: http.HTTPFlow) -> None:
        """Answer a request, or send it on its way."""
        started = time.perf_counter()
        is_ours = self._access.is_ours(flow)
        problem = self._access.problem(flow) if is_ours else ""
        if problem:
            refused = replace(refusal_response(f"rechat: {problem}"), status=403)
            _respond(flow, refused)
            self._report(Entry("miss", _http_request(flow).target, reason=problem), since(started))
            return
        if _is_websocket(flow) and (is_ours or self._endpoint.is_offline):
            self._refuse_upgrade(flow, started)
            return
        outcome = self._expected.pop(flow.client_conn.id, None) or self._ask(
            flow, started, is_ours=is_ours
        )
        match outcome:
            case Sent() as sent:
                self._forward(flow, sent, is_ours=is_ours)
            case Said(fault=None) as said:
                self._pace(flow, said.response, started)
                self._report(said.entry, said.entry.milliseconds)
            case Said() as said:
                assert said.fault
                await self._fail(flow, said.fault, said.response)
                self._report(said.entry, said.entry.milliseconds)

    def _ask(self, flow: http.HTTPFlow, started: float, *, is_ours: bool) -> Said | Sent:
        client = flow.request.headers.get(CLIENT_HEADER, "")
        return self._endpoint.ask(
            Asked(_http_request(flow), client, is_ours or self._knows(flow), started)
        )

    def _knows(self, flow: http.HTTPFlow) -> bool:
        """Whether a request that came through us as a proxy is for an upstream. What a program
        does elsewhere is none of our business.
        """
        return bool(self._router and self._router.knows(flow.request.host))

    def _refuse_upgrade(self, flow: http.HTTPFlow, started: float) -> None:
        """Say no to a web socket: clients that try one first go on with a POST at this status."""
        reason = "web sockets are not recorded: ask by POST"
        _respond(flow, replace(refusal_response(f"rechat: {reason}"), status=426))
        self._report(Entry("miss", _http_request(flow).target, reason=reason), since(started))

    def _pace(self, flow: http.HTTPFlow, response: HttpResponse, started: float) -> None:
        """Answer now, or piece by piece when it is due."""
        _respond(flow, response)
        if any(piece.at > 0 for piece in response.pieces):
            due = [Piece(started + piece.at / 1000, piece.data) for piece in response.pieces]
            flow.metadata[PIECES] = iter(due)

    async def rechat_pace(self, due: Due) -> None:
        """Wait for the next piece; a client that leaves is not waited for."""
        piece = next(due.flow.metadata[PIECES], None)
        if piece:
            gone = self._gone[due.flow.client_conn.id]
            delay = piece.at - time.perf_counter()
            if delay > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), delay)
        due.data = piece.data if piece else b""

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
        flow.metadata["rechat"] = _Pending(sent, Tee(sent.asked.started))
        flow.request.headers["accept-encoding"] = "identity"
        for name in _OURS:
            flow.request.headers.pop(name, None)
        if is_ours and self._router:
            upstream = self._router.choose(sent.model, flow.client_conn.sockname[1])
            flow.request.scheme = upstream.scheme
            flow.request.host = upstream.host
            flow.request.port = upstream.port
            path, mark, query = flow.request.path.partition("?")
            flow.request.path = upstream.rewrite(path) + mark + query

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Let an upstream's response stream through, and keep what passes."""
        pending: _Pending | None = flow.metadata.get("rechat")
        if pending and flow.response:
            verdict: Verdict = "recorded" if pending.sent.saves else "forwarded"
            flow.response.stream = pending.tee
            flow.response.headers["x-rechat"] = verdict

    def response(self, flow: http.HTTPFlow) -> None:
        """Take in an answer that is over."""
        pending: _Pending | None = flow.metadata.pop("rechat", None)
        if not pending or not flow.response:
            return
        headers = redact.allowed(tuple(flow.response.headers.items()), redact.ANSWER_HEADERS)
        encoding = flow.response.headers.get("content-encoding", "")
        try:
            received = pending.tee.response(flow.response.status_code, headers, encoding)
        except ValueError as error:
            entry = self._endpoint.failed(pending.sent, str(error))
        else:
            is_upgrade = flow.websocket is not None
            entry = self._endpoint.received(pending.sent, received, is_upgrade=is_upgrade)
        self._report(entry, entry.milliseconds)

    def error(self, flow: http.HTTPFlow) -> None:
        """An upstream or a client broke off: nothing is saved."""
        pending: _Pending | None = flow.metadata.pop("rechat", None)
        if pending and flow.error:
            entry = self._endpoint.failed(pending.sent, flow.error.msg)
            self._report(entry, entry.milliseconds)


def _is_websocket(flow: http.HTTPFlow) -> bool:
    return str(flow.request.headers.get("upgrade", "")).lower() == "websocket"


def _http_request(flow: http.HTTPFlow) -> HttpRequest:
    path, _, query = flow.request.path.partition("?")
    headers = redact.allowed(tuple(flow.request.headers.items()), redact.REQUEST_HEADERS)
    body = flow.request.get_content(strict=False) or b""
    return HttpRequest(flow.request.method, path, redact.redact_query(query), headers, body)


def _respond(flow: http.HTTPFlow, response: HttpResponse) -> None:
    headers = http.Headers(
        [(name.encode(), value.encode("utf-8", "replace")) for name, value in response.headers]
    )
    flow.response = http.Response.make(response.status, response.body, headers)
