"""The mitmproxy addon: flows to values, the session's decision, and back. It decides nothing."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from mitmproxy import http
from mitmproxy.connection import Client

from rechat import redact
from rechat.dialects import Dialect, dialect_of
from rechat.errors import BodyError, RechatError
from rechat.http import HttpRequest, HttpResponse, header
from rechat.journal import Entry, Verdict
from rechat.model import RAW, Answer, AnyAnswer, ErrorAnswer, Fault, Request
from rechat.proxy.access import Access
from rechat.proxy.tee import Tee
from rechat.recording import Recording, is_worth_saving
from rechat.session import (
    Decision,
    Forward,
    Make,
    Refuse,
    Serve,
    Session,
    explain,
    refusal_response,
)
from rechat.store import Store
from rechat.upstreams import Router

CLIENT_HEADER = "x-rechat-session"

# Between the client and the proxy only; they are not for the upstream.
_OURS = (CLIENT_HEADER,)


@dataclass(slots=True)
class _Pending:
    """A request that is at the upstream."""

    target: str
    started: float
    tee: Tee
    dialect: Dialect | None = None
    request: Request | None = None
    saves: bool = False
    reason: str = ""


class Rechat:
    """Answers from the store, forwards, records."""

    def __init__(
        self,
        session: Session,
        store: Store,
        router: Router | None,
        access: Access,
        report: Callable[[Entry], None],
    ) -> None:
        self._session = session
        self._store = store
        self._router = router
        self._access = access
        self._report = report
        self._gone: dict[str, asyncio.Event] = {}

    def client_connected(self, client: Client) -> None:
        """Remember the connection, so that a request that is never answered ends with it."""
        self._gone[client.id] = asyncio.Event()

    def client_disconnected(self, client: Client) -> None:
        """Let go of what waits for this connection."""
        self._gone.pop(client.id, asyncio.Event()).set()

    async def request(self, flow: http.HTTPFlow) -> None:
        """Answer a request, or send it on its way."""
        started = time.perf_counter()
        is_ours = self._access.is_ours(flow)
        problem = self._access.problem(flow) if is_ours else ""
        if problem:
            _respond(flow, refusal_response(f"rechat: {problem}"), "miss")
            flow.response.status_code = 403  # type: ignore[union-attr]
            self._report(Entry("miss", _target(flow), reason=problem))
            return
        if _is_websocket(flow) and (is_ours or self._session.policy == "replay"):
            self._refuse_upgrade(flow, started)
            return
        asked = _http_request(flow)
        dialect = dialect_of(asked.method, asked.path)
        request, reason = _read(dialect, asked)
        if request and request.api == RAW and not (is_ours or self._knows(flow)):
            request, reason = None, "an endpoint of a host that is no upstream is not recorded"
        request = self._session.whole(request) if request else None
        decision = self._decide(flow, request, reason)
        pending = _Pending(_target(flow), started, Tee(started), dialect, request, reason=reason)
        match decision:
            case Serve() if dialect and request:
                await self._serve(flow, decision, pending)
            case Make(answer, rule) if dialect and request:
                _respond(flow, dialect.write_answer(answer, request), "hit")
                self._report(
                    Entry("hit", pending.target, request, answer, "", rule, "", _since(started))
                )
            case Refuse(message, miss):
                _respond(flow, refusal_response(message, dialect.name if dialect else ""), "miss")
                milliseconds = _since(started)
                self._report(
                    Entry(
                        "miss",
                        pending.target,
                        request,
                        reason=message,
                        milliseconds=milliseconds,
                        miss=miss,
                    )
                )
            case Forward(saves):
                pending.saves = saves and request is not None
                self._forward(flow, pending, is_ours=is_ours)

    def _knows(self, flow: http.HTTPFlow) -> bool:
        """Whether a request that came through us as a proxy is for an upstream. What a program
        does elsewhere is none of our business.
        """
        return bool(self._router and self._router.knows(flow.request.host))

    def _refuse_upgrade(self, flow: http.HTTPFlow, started: float) -> None:
        """Say no to a web socket: clients that try one first go on with a POST at this status."""
        reason = "web sockets are not recorded: ask by POST"
        _respond(flow, replace(refusal_response(f"rechat: {reason}"), status=426), "miss")
        self._report(Entry("miss", _target(flow), reason=reason, milliseconds=_since(started)))

    def _decide(self, flow: http.HTTPFlow, request: Request | None, reason: str) -> Decision:
        if request:
            return self._session.decide(request, flow.request.headers.get(CLIENT_HEADER, ""))
        if self._session.policy == "replay":
            return Refuse(f"rechat: {reason}")
        return Forward(saves=False)

    async def _serve(self, flow: http.HTTPFlow, served: Serve, pending: _Pending) -> None:
        assert pending.dialect
        assert pending.request
        answer = served.answer
        response = self._wire(served, pending.request) or pending.dialect.write_answer(
            answer, pending.request
        )
        if pending.request.follows is not None and isinstance(answer, Answer):
            self._session.answered(pending.request, pending.dialect.read_answer(response).answer)
        if isinstance(answer, Fault):
            await self._fail(flow, answer, response)
        else:
            _respond(flow, response, "hit")
        if flow.response:
            flow.response.headers["x-rechat-transcript"] = _latin(served.place)
            flow.response.headers["x-rechat-match"] = served.hit.rule
        self._report(
            Entry(
                "hit",
                pending.target,
                pending.request,
                answer,
                served.place,
                served.hit.rule,
                milliseconds=_since(pending.started),
                miss=None,
            )
        )

    def _wire(self, served: Serve, request: Request) -> HttpResponse | None:
        """The recorded bytes, if the answer is served as it was recorded, in the shape that was
        recorded.
        """
        if not served.is_verbatim:
            return None
        return self._store.wire(served.place, request.shape, served.answer)

    async def _fail(self, flow: http.HTTPFlow, fault: Fault, response: HttpResponse) -> None:
        """A broken connection: none answers, it is reset, or it ends after part of the body."""
        match fault.kind:
            case "timeout":
                await self._gone[flow.client_conn.id].wait()
                flow.kill()
            case "reset":
                flow.kill()
            case "cut":
                _respond(flow, response, "hit")
                assert flow.response
                flow.response.headers["content-length"] = str(len(response.body) + 1)
                flow.response.headers["connection"] = "close"

    def _forward(self, flow: http.HTTPFlow, pending: _Pending, *, is_ours: bool) -> None:
        """Send a request to its upstream, asking for plain text, so that it can be read."""
        flow.metadata["rechat"] = pending
        flow.request.headers["accept-encoding"] = "identity"
        for name in _OURS:
            flow.request.headers.pop(name, None)
        if is_ours and self._router:
            model = pending.request.model if pending.request else ""
            upstream = self._router.choose(model, flow.client_conn.sockname[1])
            flow.request.scheme = upstream.scheme
            flow.request.host = upstream.host
            flow.request.port = upstream.port
            path, mark, query = flow.request.path.partition("?")
            flow.request.path = upstream.rewrite(path) + mark + query

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Let an upstream's response stream through, and keep what passes."""
        pending: _Pending | None = flow.metadata.get("rechat")
        if pending and flow.response:
            flow.response.stream = pending.tee
            flow.response.headers["x-rechat"] = "recorded" if pending.saves else "forwarded"

    def response(self, flow: http.HTTPFlow) -> None:
        """Save an answer that is whole."""
        pending: _Pending | None = flow.metadata.pop("rechat", None)
        if not pending or not flow.response:
            return
        if flow.websocket or not pending.dialect or not pending.request:
            self._report(
                Entry(
                    "forwarded",
                    pending.target,
                    reason=pending.reason,
                    milliseconds=_since(pending.started),
                )
            )
            return
        self._received(pending, pending.dialect, pending.request, flow)

    def _received(
        self, pending: _Pending, dialect: Dialect, request: Request, flow: http.HTTPFlow
    ) -> None:
        assert flow.response
        headers = redact.allowed(tuple(flow.response.headers.items()), redact.ANSWER_HEADERS)
        verdict: Verdict = "forwarded"
        answer: AnyAnswer | None = None
        place = reason = ""
        try:
            if not pending.tee.is_whole:
                raise BodyError("the answer broke off")
            encoding = flow.response.headers.get("content-encoding", "")
            response = pending.tee.response(flow.response.status_code, headers, encoding)
            received = dialect.read_answer(response)
            answer = received.answer
            self._session.answered(request, answer)
            if pending.saves:
                place, reason = self._save(
                    request, answer, response if received.is_verbatim else None, pending
                )
                verdict = "recorded" if place else verdict
        except (RechatError, OSError, ValueError, RecursionError) as error:
            verdict, reason = "failed", f"not saved: {error}" if pending.saves else str(error)
        self._report(
            Entry(
                verdict,
                pending.target,
                request,
                answer,
                place,
                reason=reason,
                milliseconds=_since(pending.started),
            )
        )

    def _save(
        self, request: Request, answer: AnyAnswer, response: HttpResponse | None, pending: _Pending
    ) -> tuple[str, str]:
        """Where the answer was saved, or why it was not."""
        if not is_worth_saving(answer):
            status = answer.status if isinstance(answer, ErrorAnswer) else ""
            return "", f"not saved: status {status} may pass"
        recording = Recording(request, answer, f"{_since(pending.started):.0f} ms")
        saved = self._store.save(
            recording, replaces=self._session.policy == "rerecord", takes=self._session.takes
        )
        if not saved:
            return "", "the transcripts say the same"
        if response:
            self._store.keep_wire(saved, request.shape, response)
        return saved.place, ""

    def error(self, flow: http.HTTPFlow) -> None:
        """An upstream or a client broke off: nothing is saved."""
        pending: _Pending | None = flow.metadata.pop("rechat", None)
        if pending and flow.error:
            kept = "; nothing was saved" if pending.saves else ""
            entry = Entry(
                "failed", pending.target, pending.request, milliseconds=_since(pending.started)
            )
            self._report(replace(entry, reason=f"{flow.error.msg}{kept}"))


def _read(dialect: Dialect | None, asked: HttpRequest) -> tuple[Request | None, str]:
    """What is asked, or why that cannot be told."""
    if not dialect:
        return (
            None,
            f"{asked.method} {asked.path} is no endpoint that can be answered from transcripts",
        )
    try:
        return dialect.read_request(asked), ""
    except BodyError as error:
        return None, explain(error)
    except RecursionError:
        return None, "the body is nested too deeply to be read"


def _is_websocket(flow: http.HTTPFlow) -> bool:
    return str(flow.request.headers.get("upgrade", "")).lower() == "websocket"


def _http_request(flow: http.HTTPFlow) -> HttpRequest:
    path, _, query = flow.request.path.partition("?")
    headers = redact.allowed(tuple(flow.request.headers.items()), redact.REQUEST_HEADERS)
    body = flow.request.get_content(strict=False) or b""
    return HttpRequest(flow.request.method, path, redact.redact_query(query), headers, body)


def _respond(flow: http.HTTPFlow, response: HttpResponse, verdict: Verdict) -> None:
    headers = http.Headers(
        [(name.encode(), value.encode("utf-8", "replace")) for name, value in response.headers]
    )
    flow.response = http.Response.make(response.status, response.body, headers)
    flow.response.headers["x-rechat"] = verdict
    if not header(response.headers, "content-type"):
        flow.response.headers["content-type"] = "application/json"


def _latin(text: str) -> str:
    """A path as a header can hold it."""
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _target(flow: http.HTTPFlow) -> str:
    """What was asked for, without anything secret."""
    path, mark, query = flow.request.path.partition("?")
    return f"{flow.request.method} {path}{mark}{redact.redact_query(query)}"


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
