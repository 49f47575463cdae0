"""The mitmproxy addon for requests: flows to values, what the endpoint says, and back. It decides
nothing.

It sees what the hit layer leaves to mitmproxy: what an upstream or a person has to answer, HTTP/2,
our own pages, and all that is not plain.
"""

import time
from collections.abc import Callable
from dataclasses import replace

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
from rechat.observe import Arriving
from rechat.observe import JournalEntry
from rechat.proxy import limits
from rechat.proxy.access import BASE
from rechat.proxy.access import Access
from rechat.proxy.access import destination
from rechat.proxy.access import is_page
from rechat.proxy.access import is_reverse
from rechat.proxy.access import session_in
from rechat.proxy.browsers import Browsers
from rechat.proxy.dispatch import COPY
from rechat.proxy.dispatch import REDIRECTED
from rechat.proxy.dispatch import Dispatch
from rechat.proxy.each.everyone import Everyone
from rechat.proxy.each.models import Models
from rechat.proxy.flows import BODY
from rechat.proxy.flows import body_of
from rechat.proxy.flows import http_request
from rechat.proxy.flows import in_time
from rechat.proxy.flows import is_websocket
from rechat.proxy.flows import respond
from rechat.proxy.following import Following
from rechat.proxy.forwarding import Forwarding
from rechat.proxy.hits.shared import CLIENT_HEADER
from rechat.proxy.hits.shared import Report
from rechat.proxy.layers.paced_stream import PIECES
from rechat.proxy.sockets.handshake import problem_of
from rechat.proxy.sockets.sockets import Sockets
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.waiting import Waiting
from rechat.values import Fault
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import redact_path
from rechat.web import Api
from rechat.web import Live
from rechat.web import health


class Rechat:
    """Answers from the store, or has the request forwarded. `browsers`, `dispatch`, `following`,
    `forwarding`, `sockets` and `waiting` are addons of their own.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        router: Router,
        access: Access,
        report: Report,
        arriving: Arriving | None = None,
        warn: Callable[[str], None] = lambda _: None,
        *,
        coalesces: bool = True,
        asks_each: bool = False,
    ) -> None:
        self._endpoint = endpoint
        self._router = router
        self._hosts = router.hosts
        self._access = access
        self._report = report
        self._expected: dict[str, Sent | Held | Later] = {}
        self.browsers = Browsers(access)
        self.waiting = Waiting(endpoint, report)
        self.following = Following(endpoint, self.waiting, report, coalesces=coalesces)
        flights = self.following.flights
        self.dispatch = Dispatch(router, report)
        self.forwarding = Forwarding(endpoint, self.dispatch, report, flights, arriving, warn)
        self.sockets = Sockets(endpoint, self.waiting, self.forwarding, report, coalesces=coalesces)
        self._models = Models(router, self.dispatch, endpoint)
        self._everyone = Everyone(router, self.dispatch, self.forwarding) if asks_each else None
        self.pages: Api | None = None

    def client_disconnected(self, client: Client) -> None:
        """Forget what was read of the connection's next request."""
        self._expected.pop(client.id, None)

    def expect(self, client: str, sent: Sent | Held | Later) -> None:
        """The next request of a client was read already, and is for somebody else to answer."""
        self._expected[client] = sent

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Let what is for others stream through, however much it is."""
        if COPY in flow.metadata:
            return
        is_ours = self._access.is_ours(flow)
        if not is_ours and self._hosts.passes(*destination(flow)):
            self.forwarding.pass_on(flow, time.perf_counter())
            flow.request.stream = True

    async def request(self, flow: http.HTTPFlow) -> None:
        """Answer a request, or send it on its way. When a hook raises, mitmproxy goes on and
        forwards the request: so whatever goes wrong is answered here.
        """
        if COPY in flow.metadata:  # it is on its way already
            return
        started = time.perf_counter()
        try:
            await self._request(flow, started)
        except limits.ExcessError as excess:
            self.forwarding.give_up(flow)
            self._answer(flow, limits.refused(excess, flow.request.method, flow.request.path))
        except Exception as error:  # noqa: BLE001
            self._give_up(flow, error, started)

    async def _request(self, flow: http.HTTPFlow, started: float) -> None:
        expected = self._expected.pop(flow.client_conn.id, None)
        is_ours = self._access.is_ours(flow)
        if is_ours:
            _name_session(flow)
        elif self._hosts.redirects(*destination(flow)):
            flow.metadata[REDIRECTED] = destination(flow)
        is_routed = is_ours or REDIRECTED in flow.metadata
        is_guarded = is_ours or is_reverse(flow.client_conn)
        problem = self._access.problem(flow) if is_guarded else ""
        if problem:
            self._refuse(flow, problem, 403, started)
        elif not is_ours and self._hosts.blocks(*destination(flow)):
            self._refuse(flow, f"blocked {destination(flow)[0]}", 403, started)
        elif is_ours and self.browsers.answer_preflight(flow):
            return
        elif self.dispatch.chain.comes_back(flow.request.headers):
            raise self.dispatch.loop()
        elif is_websocket(flow) and (is_ours or not self._hosts.passes(*destination(flow))):
            self._open_socket(flow, started, is_ours=is_routed)
        elif is_ours and self.pages and is_page(_path(flow)):
            await self._show(flow, self.pages)
        elif flow.request.stream:
            return
        elif not is_ours and self._hosts.passes(*destination(flow)):
            self.forwarding.pass_on(flow, started)
        else:
            flow.metadata[BODY] = await body_of(flow)
            outcome = expected or self._ask(flow, started, is_ours=is_ours)
            await self._carry_out(flow, outcome, started, is_ours=is_routed)

    def _open_socket(self, flow: http.HTTPFlow, started: float, *, is_ours: bool) -> None:
        """Open a web socket, or say at once why not: clients that try one first go on with a POST
        at this status.
        """
        problem = problem_of(flow)
        if not problem and not self.sockets.put:
            problem = "this mitmproxy is not known, so web sockets are not taken"
        elif not problem and is_ours and self._router.asks_by_model:
            problem = "upstreams are chosen by the model, which no web socket names"
        if problem:
            self._refuse(flow, f"{problem}: ask by POST", 426, started)
        else:
            is_known = is_ours or self._hosts.knows(*destination(flow))
            self.sockets.open(flow, is_ours=is_ours, is_known=is_known)

    def _ask(
        self, flow: http.HTTPFlow, started: float, *, is_ours: bool
    ) -> Answered | Sent | Held | Later:
        client = flow.request.headers.get(CLIENT_HEADER, "")
        is_known = is_ours or self._hosts.knows(*destination(flow))
        base = flow.metadata.get(BASE, "")
        return self._endpoint.ask(Asked(http_request(flow), client, is_known, started, base))

    async def _carry_out(
        self,
        flow: http.HTTPFlow,
        outcome: Answered | Sent | Held | Later | None,
        started: float,
        *,
        is_ours: bool,
    ) -> None:
        """Do what the endpoint said is to become of a request."""
        if isinstance(outcome, Later):
            outcome = await self._endpoint.finish(outcome)
        if isinstance(outcome, Held):
            outcome = await self.waiting.hold(flow, outcome)
        if isinstance(outcome, Sent) and self.forwarding.in_flight.is_ending:
            raise limits.ExcessError(503, "it is being stopped, and asks no upstream any more")
        if isinstance(outcome, Sent) and is_ours:
            outcome = self.dispatch.refusal(flow, outcome) or outcome
        if isinstance(outcome, Sent) and is_ours and self._models.is_of_several(flow, outcome):
            outcome = await self._models.listed(flow, outcome) or outcome
        if isinstance(outcome, Sent):
            outcome = await self.following.join(flow, outcome, is_ours=is_ours)
        match outcome:
            case Answered(entry=JournalEntry("miss")) if is_ours and _path(flow) == "/health":
                respond(flow, health())
            case Sent(saves=True) as sent if self._everyone and is_ours:
                first = self._everyone.copy(flow, sent)
                await self._forward(flow, sent, is_ours=True, to=first)
            case Sent() as sent:
                await self._forward(flow, sent, is_ours=is_ours)
            case Answered(fault=None) as said:
                self._pace(flow, said.response, started)
                self._report(said.entry, said.entry.milliseconds)
            case Answered() as said:
                assert said.fault
                await self._fail(flow, said.fault, said.response)
                self._report(said.entry, said.entry.milliseconds)

    async def _forward(
        self, flow: http.HTTPFlow, sent: Sent, *, is_ours: bool, to: Upstream | None = None
    ) -> None:
        """Send a request on its way, once an upstream may take one more."""
        if is_ours and self._router.has_limits:
            admitted = self.dispatch.admit(flow, sent, to)
            if not await self.waiting.unless_gone(flow, admitted):
                self.forwarding.give_up(flow)
                flow.kill()
                self._report(
                    self._endpoint.failed(sent, "the client left"), since(sent.asked.started)
                )
                return
        self.forwarding.forward(flow, sent, is_ours=is_ours, to=to)

    def _answer(self, flow: http.HTTPFlow, said: Answered) -> None:
        respond(flow, said.response)
        self._report(said.entry, said.entry.milliseconds)

    def _give_up(self, flow: http.HTTPFlow, error: Exception, started: float) -> None:
        """Answer that something failed, with no more of the request than it takes to say so."""
        path = redact_path(flow.request.path.partition("?")[0])
        asked = Asked(HttpRequest(flow.request.method, path), "", is_ours=False, started=started)
        self.forwarding.give_up(flow)
        flow.metadata.pop(PIECES, None)
        self._answer(flow, failure(asked, error))

    def _refuse(self, flow: http.HTTPFlow, problem: str, status: int, started: float) -> None:
        """Say no to a request before it is read."""
        entry = JournalEntry("miss", http_request(flow).target, reason=problem, status=status)
        respond(flow, replace(refusal_response(f"rechat: {problem}"), status=status))
        self._report(entry, since(started))

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
                respond(flow, HttpResponse(200, headers))
                assert flow.response
                del flow.response.headers["content-length"]
                if not flow.request.is_http2:
                    flow.response.headers["transfer-encoding"] = "chunked"
                flow.metadata[PIECES] = pieces
            case HttpResponse() as response:
                respond(flow, response)

    def _pace(self, flow: http.HTTPFlow, response: HttpResponse, started: float) -> None:
        """Answer now, or piece by piece when it is due."""
        respond(flow, response)
        if any(piece.at > 0 for piece in response.pieces):
            flow.metadata[PIECES] = in_time(response.pieces, started)

    async def _fail(self, flow: http.HTTPFlow, fault: Fault, response: HttpResponse) -> None:
        """A broken connection: none answers, it is reset, or it ends after part of the body."""
        match fault.kind:
            case "timeout":
                await self.waiting.until_gone(flow)
                flow.kill()
            case "reset":
                flow.kill()
            case "cut":
                respond(flow, response)
                assert flow.response
                flow.response.headers["content-length"] = str(len(response.body) + 1)
                flow.response.headers["connection"] = "close"


def _name_session(flow: http.HTTPFlow) -> None:
    """Put the name of a session into the header for it if the path begins with it."""
    session, flow.metadata[BASE], flow.request.path = session_in(flow.request.path)
    if session:
        flow.request.headers[CLIENT_HEADER] = session


def _path(flow: http.HTTPFlow) -> str:
    return flow.request.path.partition("?")[0]
