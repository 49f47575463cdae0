"""Sends requests on their way: which upstream is asked, which one if that fails, and what is told
of it. How the choice is made is in `upstreams`; how a request is sent once more, in `layers`.
"""

import re
import time
from dataclasses import replace

from mitmproxy import http
from mitmproxy.net.server_spec import ServerSpec
from mitmproxy.proxy.mode_specs import UpstreamMode

from rechat.answering import Answered
from rechat.answering import Sent
from rechat.answering import bad_request_response
from rechat.answering import since
from rechat.observe import JournalEntry
from rechat.proxy import limits
from rechat.proxy.access import Address
from rechat.proxy.failures import speech
from rechat.proxy.failures.chain import LOOP
from rechat.proxy.failures.chain import Chain
from rechat.proxy.failures.wording import explained
from rechat.proxy.failures.wording import why
from rechat.proxy.flows import BODY
from rechat.proxy.hits.shared import CLIENT_HEADER
from rechat.proxy.hits.shared import Report
from rechat.proxy.layers.retrying import WAY
from rechat.proxy.layers.retrying import Attempt
from rechat.proxy.upstreams.failover import may_pass
from rechat.proxy.upstreams.failover import patience
from rechat.proxy.upstreams.line import FullError
from rechat.proxy.upstreams.outgoing import Original
from rechat.proxy.upstreams.outgoing import foreign
from rechat.proxy.upstreams.outgoing import name_host
from rechat.proxy.upstreams.outgoing import usual_path
from rechat.proxy.upstreams.outgoing import write
from rechat.proxy.upstreams.redirects import Redirects
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.way import PIN_HEADER
from rechat.proxy.way import Way
from rechat.proxy.way import ask_of
from rechat.proxy.way import way_of
from rechat.values import redact_path
from rechat.values import retry_after
from rechat.web import TOKEN_HEADER

ATTEMPTS_HEADER = "x-rechat-attempts"

COPY = "rechat.copy"
"""The mark of a flow that is a copy of another one, for one upstream more (`proxy.each`)."""

REDIRECTED = "rechat.redirected"
"""The mark of a flow that was for another host than an upstream: that host."""

# What mitmproxy says of a server that has said nothing.
_HUNG_UP = "server closed connection"
_TAKEN = "rechat.taken"
# A path at the proxy, and no other host.
_FROM_ROOT = re.compile("/(?!/)")
_NOT_FOUND = 404
_TOO_MANY = 429
_REFUSALS = (401, 403)


class Dispatch:
    """The addon that chooses upstreams and keeps count of them. Its `chain` is an addon too."""

    def __init__(self, router: Router, report: Report) -> None:
        self.chain = Chain()
        self._plain: set[Address] = set()
        self._router = router
        self._report = report
        self._redirects = Redirects()

    def refusal(self, flow: http.HTTPFlow, sent: Sent) -> Answered | None:
        """What a client is told whose request is for no upstream; None if it is for one."""
        ask = ask_of(flow, sent)
        if self._router.table.fitting(ask):
            return None
        reason = self._router.table.problem(ask)
        api = sent.request.api if sent.request else ""
        target = sent.asked.http.target
        entry = JournalEntry(
            "failed", target, sent.request, reason=reason, milliseconds=since(sent.asked.started)
        )
        told = bad_request_response(f"rechat: {reason}", _NOT_FOUND, api, "model_not_found")
        return Answered(told, entry)

    def send(self, flow: http.HTTPFlow, sent: Sent, to: Upstream | None = None) -> None:
        """Address a request to an upstream: to the one that it is for whatever happens, or to one
        that fits. Raises `limits.ExcessError` if none does.
        """
        ask = ask_of(flow, sent)
        for name in (PIN_HEADER, CLIENT_HEADER, TOKEN_HEADER):  # for us
            flow.request.headers.pop(name, None)
        self.chain.add(flow.request.headers)
        is_stream = sent.request is not None and sent.request.stream
        body: bytes = flow.metadata.get(BODY, b"")
        api = sent.request.api if sent.request else ""
        original = Original.of(flow.request, body, api, sent.model)
        flow.metadata[WAY] = way = Way(original=original, ask=ask, is_stream=is_stream)
        way.is_copy = COPY in flow.metadata
        way.has_copies = to is not None and not way.is_copy
        way.meant_for = flow.metadata.get(REDIRECTED)
        if way.meant_for:
            way.original = replace(original, path=usual_path(original.path, api))
        taken: Upstream | None = flow.metadata.pop(_TAKEN, None)
        chosen = taken or to or self._router.choose(ask)
        if not chosen:
            raise limits.ExcessError(_NOT_FOUND, self._router.table.problem(ask))
        if not taken:
            self._router.begin(chosen)
        self._aim(flow, way, chosen)

    def loop(self) -> limits.ExcessError:
        """What is said to a request that this process has sent to an upstream before."""
        names = ", ".join(upstream.name for upstream in self._router.upstreams)
        reason = f"the request has come back from its upstream ({names}): name another one"
        return limits.ExcessError(LOOP, reason)

    async def admit(self, flow: http.HTTPFlow, sent: Sent, to: Upstream | None = None) -> bool:
        """Wait until an upstream (the one that a request is for whatever happens, or one that fits)
        may take one more, which it then has. Raises `limits.ExcessError` if too many wait.
        """
        try:
            flow.metadata[_TAKEN] = await self._router.take(ask_of(flow, sent), only=to)
        except FullError as error:
            raise limits.ExcessError(_TOO_MANY, f"the upstreams are busy, and {error}") from None
        return True

    def _aim(self, flow: http.HTTPFlow, way: Way, upstream: Upstream) -> None:
        way.upstream = upstream
        way.attempts += 1
        way.is_running = True
        way.asked = self._router.clock()
        way.has_next = self._router.has_next(way.ask, (*way.tried, upstream))
        way.patience = patience(
            self._router.first_byte, is_stream=way.is_stream, has_next=way.has_next
        )
        path, mark, query = self._router.table.path(way.original.path).partition("?")
        there = self._redirects.path_there(upstream, path) + mark + query
        key = self._router.keys.get(upstream.key_env, "")
        is_home = self._is_home(upstream, way)
        write(flow.request, way.original, upstream, there, key, is_home=is_home)
        self.through_the_proxy(flow)
        if isinstance(flow.client_conn.proxy_mode, UpstreamMode) and not way.is_copy:
            name_host(flow.request)

    def _is_home(self, upstream: Upstream, way: Way) -> bool:
        """Whether the credentials of the client are for this upstream."""
        if way.meant_for:
            return upstream.client_key or upstream.address == way.meant_for
        return self._router.is_home(upstream, way.ask)

    def through_the_proxy(self, flow: http.HTTPFlow) -> None:
        """Send a request through the proxy before its host, if there is one: that of its listener
        (`upstream:`), or of the environment.
        """
        via = self._way_out(flow)
        if via:
            flow.server_conn.via = via

    def _way_out(self, flow: http.HTTPFlow) -> ServerSpec | None:
        mode = flow.client_conn.proxy_mode
        if isinstance(mode, UpstreamMode):
            return mode.scheme, mode.address
        own = flow.client_conn.sockname[1]
        at = flow.request
        proxy = self._router.proxies.of(at.scheme, at.host, own, port=at.port)
        return (proxy.scheme, (proxy.host, proxy.port)) if proxy else None

    def http_connect_upstream(self, flow: http.HTTPFlow) -> None:
        """Log in at the proxy on the way to an upstream."""
        login = self._router.proxies.login(flow.server_conn.address)
        if login:
            flow.request.headers["proxy-authorization"] = login

    async def rechat_attempt(self, attempt: Attempt) -> None:
        """Go on with the next upstream after one that failed, if there is one."""
        flow = attempt.flow
        way = way_of(flow)
        if not way or not way.upstream:
            return
        reason = await self._in_full(flow, attempt.reason)
        self._fail(way, way.upstream, why(flow, reason), attempt.response)
        following = None if way.is_copy else await self._next(way)
        if following:
            self._tell(flow, way, following)
            self._aim(flow, way, following)
            attempt.goes_on = True
        else:
            way.upstream = way.answered or way.upstream

    async def _in_full(self, flow: http.HTTPFlow, reason: str) -> str:
        """Why an upstream failed: one that hangs up on plain HTTP may speak TLS."""
        at = flow.request
        is_new = at.scheme == "http" and (at.host, at.port) not in self._plain
        if reason != _HUNG_UP or not is_new or self._way_out(flow):
            return reason
        return speech.ONLY_TLS if await speech.speaks_tls(at.host, at.port) else reason

    async def _next(self, way: Way) -> Upstream | None:
        try:
            return await self._router.take(way.ask, way.tried)
        except FullError:
            return None

    def _fail(
        self, way: Way, upstream: Upstream, reason: str, response: http.Response | None
    ) -> None:
        headers = response.headers.items(multi=True) if response else ()
        self._router.failed(upstream, way.asked, reason, retry_after(headers, time.time()))
        self._router.release(upstream)
        way.is_running = False
        way.tried = (*way.tried, upstream)
        way.reasons = (*way.reasons, reason)
        if response:
            way.answered = upstream

    def _tell(self, flow: http.HTTPFlow, way: Way, following: Upstream) -> None:
        """Write into the journal that a request goes on."""
        assert way.upstream
        target = f"{flow.request.method} {redact_path(way.ask.path)}"
        reason = f"{way.reasons[-1]}: {following.name} is asked"
        entry = JournalEntry(
            "failover",
            target,
            reason=reason,
            milliseconds=(self._router.clock() - way.asked) * 1000,
            upstream=way.upstream.name,
            attempts=len(way.tried),
        )
        self._report(entry, entry.milliseconds)

    def answers(self, flow: http.HTTPFlow) -> None:
        """The head of the answer that its client gets is here: say in it who answers, after how
        many attempts. Redirects lead to the proxy again.
        """
        way = way_of(flow)
        response = flow.response
        if not way or not way.upstream or not response:
            return
        self._plain.add(way.upstream.address)
        if way.is_running:
            if may_pass(response.status_code):
                address = f"{flow.request.host}:{flow.request.port}"
                reason = explained(address, f"status {response.status_code}")
                self._fail(way, way.upstream, reason, response)
            else:
                self._router.answered(way.upstream, way.asked, way.ask)
        self.tell(flow, response)
        if self._router.has_several_hosts:
            response.headers.pop("set-cookie", None)
        if location := response.headers.get("location", ""):
            path = flow.request.path
            leads = self._redirects.at_the_proxy(location, way.upstream, path)
            if _FROM_ROOT.match(leads):
                leads = self._router.table.prefix(way.original.path) + leads
            response.headers["location"] = leads

    def tell(self, flow: http.HTTPFlow, response: http.Response) -> None:
        """Say in a response whose it is, and after how many attempts."""
        way = way_of(flow)
        if way and way.upstream:
            response.headers[PIN_HEADER] = way.upstream.name
            response.headers[ATTEMPTS_HEADER] = str(way.attempts)

    def answering(self, flow: http.HTTPFlow) -> str:
        """The name of the upstream that answers, where there are several; else empty."""
        way = way_of(flow)
        has_several = len(self._router.upstreams) > 1
        return way.upstream.name if way and way.upstream and has_several else ""

    def told(self, flow: http.HTTPFlow, entry: JournalEntry) -> JournalEntry:
        """A journal entry with the way of its request where there are several upstreams, and with
        why one refused it.
        """
        way = way_of(flow)
        if not way:
            return entry
        reason = " · ".join(filter(None, [entry.reason, self._why_refused(flow, way)]))
        entry = replace(entry, reason=reason)
        name = self.answering(flow)
        return replace(entry, upstream=name, attempts=way.attempts) if name else entry

    def _why_refused(self, flow: http.HTTPFlow, way: Way) -> str:
        """Why an upstream may have refused a request: the client's key was not for it."""
        upstream, response = way.upstream, flow.response
        if not upstream or not response or response.status_code not in _REFUSALS:
            return ""
        if upstream.key_env or upstream.client_key:
            return ""
        is_kept_back = bool(foreign(way.original.headers, upstream))
        if self._is_home(upstream, way) and not is_kept_back:
            return ""
        return (
            f"{upstream.name} got no key, as the client's is for another host: client_key=true "
            "gives it that one, key_env=NAME one of its own"
        )

    def is_saved_otherwise(self, flow: http.HTTPFlow) -> bool:
        """Whether the answer of an upstream is for the client only: a copy of the request, which is
        there too, saves it.
        """
        way = way_of(flow)
        return way is not None and way.has_copies and way.attempts > 1

    def over(self, flow: http.HTTPFlow, broken: str = "") -> None:
        """A request is over; `broken` says why the upstream did not end its answer."""
        way = way_of(flow)
        if taken := flow.metadata.pop(_TAKEN, None):
            self._router.release(taken)
        if not way or not way.upstream or not way.is_running:
            return
        if broken:
            self._fail(way, way.upstream, broken, None)
        else:
            self._router.release(way.upstream)
            way.is_running = False
