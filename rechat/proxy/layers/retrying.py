"""mitmproxy's stream of one request, which may go to another upstream as long as its client has not
seen a byte of an answer.

The head of an answer, and all of an error that may pass, stay here while another upstream could be
asked. What is next is decided elsewhere: the hook `rechat_attempt` is told what failed, and says
whether the flow is for another upstream now.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from mitmproxy import http
from mitmproxy.connection import Connection
from mitmproxy.connection import Server
from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import GetHttpConnection
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._events import ErrorCode
from mitmproxy.proxy.layers.http._events import HttpEvent
from mitmproxy.proxy.layers.http._events import RequestData
from mitmproxy.proxy.layers.http._events import RequestEndOfMessage
from mitmproxy.proxy.layers.http._events import RequestHeaders
from mitmproxy.proxy.layers.http._events import RequestProtocolError
from mitmproxy.proxy.layers.http._events import ResponseData
from mitmproxy.proxy.layers.http._events import ResponseEndOfMessage
from mitmproxy.proxy.layers.http._events import ResponseHeaders
from mitmproxy.proxy.layers.http._events import ResponseProtocolError
from mitmproxy.proxy.layers.http._http1 import Http1Client
from mitmproxy.proxy.layers.http._http2 import Http2Client

from rechat.proxy.layers.upstream_http2 import WaitingClient
from rechat.proxy.upstreams.failover import may_pass

WAY = "rechat.way"
"""Where a flow keeps what its next attempts depend on, a `Terms`."""

# An error with more bytes goes to the client as it comes.
_LONGEST_ERROR = 1 << 20
# A stream that no client has: what still comes of an attempt that was given up is for nobody.
_NOBODY = 0


@dataclass(slots=True)
class Terms:
    """Whether another upstream could be asked if this one fails, and how many seconds it may take
    until its first byte (None: any time); later, whether it broke off.
    """

    has_next: bool = False
    patience: float | None = None
    is_broken: bool = False


@dataclass
class Attempt:
    """A request whose upstream failed, with the head of the answer if it gave one; `goes_on` once
    the flow is for another upstream.
    """

    flow: http.HTTPFlow
    reason: str
    response: http.Response | None = None
    goes_on: bool = False


@dataclass
class RechatAttemptHook(commands.StartHook):
    """Ask which upstream is next."""

    name = "rechat_attempt"
    attempt: Attempt


class RetryingStream(HttpStream):
    """mitmproxy's stream of one request, which may go to one upstream after the other."""

    _deadline: commands.RequestWakeup | None = None
    _is_over: bool = False
    _size: int = 0

    def __init__(self, context: Context, stream_id: int) -> None:
        super().__init__(context, stream_id)
        self._held: list[HttpEvent] = []
        self._kept: list[HttpEvent] = []

    @property
    def _terms(self) -> Terms:
        return self.flow.metadata.get(WAY) or Terms()

    @property
    def _http_layer(self) -> HttpLayer:
        found = self.context.layers[self.context.layers.index(self) - 1]
        assert isinstance(found, HttpLayer)
        return found

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if not isinstance(event, events.Wakeup):
            yield from super()._handle_event(event)
        elif event.command is self._deadline:
            yield from self._miss_the_deadline(self._terms.patience or 0)

    def _miss_the_deadline(self, seconds: float) -> layer.CommandGenerator[None]:
        """Fail if the upstream has had the request for so long; it may have been sent later."""
        self._deadline = None
        client = self._client_of(self.flow.server_conn)
        waited = client.waited(self.stream_id) if isinstance(client, WaitingClient) else seconds
        if waited < seconds:
            self._deadline = commands.RequestWakeup(seconds - waited)
            yield self._deadline
            return
        reason = f"no first byte within {seconds:g} s"
        failed = ResponseProtocolError(self.stream_id, reason, ErrorCode.GENERIC_SERVER_ERROR)
        yield from self.handle_protocol_error(failed)

    def make_server_connection(self) -> layer.CommandGenerator[bool]:
        """Connect to the upstream, or to the next one if that fails."""
        while True:
            error = yield from self._connect()
            if not error:
                if self._terms.patience is not None:
                    self._deadline = commands.RequestWakeup(self._terms.patience)
                    yield self._deadline
                return True
            if (yield from self._goes_on(error)):
                if (yield from self.check_killed(emit_error_hook=True)):
                    return False
                continue
            self._is_over = True
            failed = ResponseProtocolError(self.stream_id, error, ErrorCode.CONNECT_FAILED)
            yield from self.handle_protocol_error(failed)
            return False

    def _connect(self) -> Generator[commands.Command, Any, str]:
        request, server = self.flow.request, self.flow.server_conn
        connection, error = yield GetHttpConnection(
            (request.host, request.port),
            request.scheme == "https",
            server.via,
            server.transport_protocol,
        )
        if not error:
            self.context.server = self.flow.server_conn = connection
            return ""
        for known in self._http_layer.connections:
            if known.error and not known.connected:
                known.error = None  # mitmproxy would not try again while this client stays
        return str(error)

    def state_wait_for_response_headers(self, event: HttpEvent) -> layer.CommandGenerator[None]:
        """Keep the head of an answer while another upstream could be asked."""
        if self._terms.has_next and isinstance(event, ResponseHeaders):
            self._held, self._size = [event], 0
            self.server_state = self.state_hold
            return
        self._deadline = None
        yield from super().state_wait_for_response_headers(event)

    def state_hold(self, event: HttpEvent) -> layer.CommandGenerator[None]:
        """The head goes on with the first byte, or with the end; an error that may pass is another
        upstream's to do better.
        """
        self._held.append(event)
        head = self._held[0]
        assert isinstance(head, ResponseHeaders)
        status = head.response.status_code
        self._size += len(event.data) if isinstance(event, ResponseData) else 0
        if not may_pass(status) or self._size > _LONGEST_ERROR:
            yield from self._release(self._held)
        elif isinstance(event, ResponseEndOfMessage):
            self._kept, self._held = self._held, []
            server, self.flow.server_conn = self.flow.server_conn, Server(address=None)
            if (yield from self._goes_on(f"status {status}", head.response)):
                self._forget(server)
                yield from self._ask_again()
            else:
                self.flow.server_conn = server
                yield from self._release(self._kept)

    def _release(self, held: list[HttpEvent]) -> layer.CommandGenerator[None]:
        """Let an answer take its normal course."""
        self._deadline = None
        self._held = self._kept = []
        self.flow.response = None
        self.server_state = super().state_wait_for_response_headers
        for event in held:
            yield from self.server_state(event)

    def handle_protocol_error(
        self, event: RequestProtocolError | ResponseProtocolError
    ) -> layer.CommandGenerator[None]:
        """Go on with the next upstream if one has failed before the client has seen a byte. If none
        is left, the client gets the last error that one told, or hears why there is no answer.
        """
        if isinstance(event, ResponseProtocolError) and self._is_unseen():
            yield from self._leave(self.flow.server_conn)
            if (yield from self._goes_on(event.message)):
                yield from self._ask_again()
                return
            self._is_over = True
        self._deadline = None
        self._terms.is_broken |= isinstance(event, ResponseProtocolError)
        if self._is_over and self._kept:
            yield from self._release(self._kept)
        else:
            yield from super().handle_protocol_error(event)

    def _is_unseen(self) -> bool:
        """Whether an upstream was asked, and the client has nothing of its answer."""
        is_waited_for = self.server_state in (
            self.state_wait_for_response_headers,
            self.state_hold,
            self.state_consume_response_body,
        )
        is_asked = WAY in self.flow.metadata and self.client_state == self.state_done
        return is_waited_for and is_asked and not self._is_over

    def _goes_on(
        self, reason: str, response: http.Response | None = None
    ) -> Generator[commands.Command, object, bool]:
        """Whether the flow is for another upstream now."""
        self._deadline = None
        attempt = Attempt(self.flow, reason, response)
        yield RechatAttemptHook(attempt)
        return attempt.goes_on

    def _ask_again(self) -> layer.CommandGenerator[None]:
        """Send the request to the upstream that it is for now."""
        if (yield from self.check_killed(emit_error_hook=True)):
            return
        self.response_body_buf.clear()
        self.flow.response = None
        self.server_state = self.state_wait_for_response_headers
        if not (yield from self.make_server_connection()):
            return
        request, server = self.flow.request, self.context.server
        content = request.raw_content
        yield SendHttp(RequestHeaders(self.stream_id, request, end_stream=not content), server)
        if content:
            yield SendHttp(RequestData(self.stream_id, content), server)
        yield SendHttp(RequestEndOfMessage(self.stream_id), server)

    def _leave(self, server: Connection) -> layer.CommandGenerator[None]:
        """Hear no more of an upstream, and close the connection to it."""
        client = self._client_of(server)
        if isinstance(client, Http1Client):
            client.state = _ignore
        gone = RequestProtocolError(self.stream_id, "given up", ErrorCode.CANCEL)
        if isinstance(client, Http1Client | Http2Client):
            yield SendHttp(gone, server)
        self._forget(server)
        self.flow.server_conn = Server(address=None)

    def _forget(self, server: Connection) -> None:
        """Ask whoever is at the end of a connection of HTTP/2 in a new stream, if it is asked once
        more: the next upstream may be at the same address.
        """
        client = self._client_of(server)
        if isinstance(client, Http2Client) and self.stream_id in client.our_stream_id:
            client.their_stream_id[client.our_stream_id.pop(self.stream_id)] = _NOBODY

    def _client_of(self, server: Connection) -> layer.Layer | None:
        found = self._http_layer.connections.get(server)
        return found.context.layers[-1] if found else None


def _ignore(_event: events.Event) -> layer.CommandGenerator[None]:
    yield from ()
