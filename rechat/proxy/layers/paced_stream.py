"""mitmproxy's stream of one request, whose answer may leave piece by piece, and whose failures are
told in the words of the API that was asked.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mitmproxy import http
from mitmproxy.flow import Error
from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._events import RequestProtocolError
from mitmproxy.proxy.layers.http._events import ResponseData
from mitmproxy.proxy.layers.http._events import ResponseEndOfMessage
from mitmproxy.proxy.layers.http._events import ResponseHeaders
from mitmproxy.proxy.layers.http._events import ResponseProtocolError
from mitmproxy.proxy.layers.http._hooks import HttpErrorHook

from rechat.proxy import limits
from rechat.proxy.access import ASKED_HOST
from rechat.proxy.access import NAMES_HOST
from rechat.proxy.layers.first_word import listen_to_both
from rechat.proxy.layers.retrying import RetryingStream
from rechat.proxy.layers.socket_layer import SocketLayer
from rechat.proxy.sockets.handshake import SOCKET
from rechat.proxy.upstreams.flight import FLIGHT
from rechat.proxy.upstreams.flight import Flight
from rechat.proxy.upstreams.tee import Tee

# So many seconds after the last event of a stream its message ends, or will not.
_SILENCE = 0.3

PIECES = "rechat.pieces"
"""Where a flow keeps the pieces of its response that are to leave at their times."""

EXCESS = "rechat.excess"
"""Where a flow keeps in what its request is too large."""

FAILURE = "rechat.failure"
"""Where a flow keeps the response that tells its client why there is none of the upstream's."""


type CallAtOnce = Callable[[commands.StartHook], bool]


def never(_hook: commands.StartHook) -> bool:
    """Leave a hook to mitmproxy."""
    return False


@dataclass
class Due:
    """A piece of a response that is to leave now; no data if there is none left."""

    flow: http.HTTPFlow
    data: bytes = b""


@dataclass
class RechatPaceHook(commands.StartHook):
    """Wait until the next piece of a response is due."""

    name = "rechat_pace"
    due: Due


@dataclass
class RechatEndHook(commands.StartHook):
    """Wait until an answer of which all is here may be seen whole by its client."""

    name = "rechat_end"
    flow: http.HTTPFlow


class PacedStream(RetryingStream):
    """mitmproxy's stream of one request, whose answer may leave piece by piece. A hook that
    `call_at_once` has done needs no task and no turn of the event loop, of which there are two
    before a client sees the first byte.
    """

    call_at_once: CallAtOnce = staticmethod(never)
    _alarm: commands.RequestWakeup | None = None

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        steps = self._steps(event)
        done: Any = None
        with suppress(StopIteration):
            while True:
                command = steps.send(done)
                done = None if self._is_done(command) else (yield command)

    def _is_done(self, command: commands.Command) -> bool:
        """Whether a command was a hook that is done. Those of layers inside are for these."""
        if not isinstance(command, commands.StartHook) or command.blocking is not True:
            return False
        return self.call_at_once(command)

    def _steps(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(event, events.Wakeup) and event.command is self._alarm:
            self._alarm = None
            yield from self._end_in_silence()
        else:
            yield from super()._handle_event(event)

    def check_invalid(self, request: bool) -> layer.CommandGenerator[bool]:  # noqa: FBT001  # as in mitmproxy
        """Remember whether the request line names a host, and what the client called it: mitmproxy
        calls this first, and then fills the host in from the `Host` header or changes that.
        """
        if request:
            asked = self.flow.request
            # HTTP/2 names a host each time; but clients ask a proxy for TLS by CONNECT only.
            is_direct = asked.is_http2 and asked.scheme == "https"
            self.flow.metadata[ASKED_HOST] = asked.pretty_host
            self.flow.metadata[NAMES_HOST] = bool(asked.host) and not is_direct
        return (yield from super().check_invalid(request))

    def check_body_size(self, request: bool) -> layer.CommandGenerator[bool]:  # noqa: FBT001  # as in mitmproxy
        """Refuse a body that has become too large, or says that it will; mitmproxy calls this
        for each piece that it keeps.
        """
        size = len(self.request_body_buf) if request else 0
        excess = limits.excess_of_body(max(size, self._announced)) if size else None
        if not excess:
            return (yield from super().check_body_size(request))
        self.request_body_buf.clear()
        self.client_state = self.server_state = self.state_errored
        self.flow.live = False
        self.flow.metadata[EXCESS] = excess
        self.flow.error = Error(str(excess))
        yield HttpErrorHook(self.flow)
        yield from self._send_failure(self.flow.metadata.pop(FAILURE))
        return True

    @property
    def _announced(self) -> int:
        """How many bytes the body of the request is said to have, by a head that was checked."""
        length = self.flow.request.headers.get("content-length", "")
        return int(length) if length.isdecimal() else 0

    def state_stream_response_body(self, event: events.Event) -> layer.CommandGenerator[None]:
        """Send a piece of an upstream's answer on; the last one when it may be seen."""
        tee = self._tee
        if tee and tee.held and isinstance(event, ResponseEndOfMessage):
            tee(b"")
            yield from self._end(tee)
        yield from super().state_stream_response_body(event)
        if tee and tee.is_complete:
            yield from self._end(tee)
        elif tee and tee.is_last and not self._alarm:
            yield from self._await_more()

    @property
    def _tee(self) -> Tee | None:
        tee = self.flow.response.stream if self.flow.response else None
        return tee if isinstance(tee, Tee) else None

    def _await_more(self) -> layer.CommandGenerator[None]:
        self._alarm = commands.RequestWakeup(_SILENCE)
        yield self._alarm

    def _end_in_silence(self) -> layer.CommandGenerator[None]:
        """End an answer after whose last event nothing more has come, not even the message's end:
        some servers keep the connection open.
        """
        tee = self._tee
        if tee and tee.held and tee.is_between_events:
            yield from self._end(tee)
        elif tee and tee.held:
            yield from self._await_more()

    def _end(self, tee: Tee) -> layer.CommandGenerator[None]:
        """Send the end of an answer when it may be seen."""
        yield RechatEndHook(self.flow)
        yield SendHttp(ResponseData(self.stream_id, tee.release()), self.context.client)

    def send_response(
        self,
        already_streamed: bool = False,  # noqa: FBT001, FBT002  # as in mitmproxy
    ) -> layer.CommandGenerator[None]:
        """Send what is due when it is due."""
        if already_streamed or PIECES not in self.flow.metadata:
            yield from super().send_response(already_streamed)
            return
        assert self.flow.response
        head = ResponseHeaders(self.stream_id, self.flow.response, end_stream=False)
        yield SendHttp(head, self.context.client)
        due = Due(self.flow)
        while True:
            yield RechatPaceHook(due)
            if (yield from self.check_killed(emit_error_hook=True)):
                return
            if not due.data:
                break
            yield SendHttp(ResponseData(self.stream_id, due.data), self.context.client)
        yield from super().send_response(already_streamed=True)

    def handle_connect_finish(self) -> layer.CommandGenerator[None]:
        """Open a tunnel, in which the server may speak first."""
        listen_to_both(self.child_layer)
        yield from super().handle_connect_finish()  # type: ignore[no-untyped-call]

    def flow_done(self) -> layer.CommandGenerator[None]:
        """Go on as a web socket of ours, if this was the handshake of one."""
        if SOCKET not in self.flow.metadata or not self.flow.websocket:
            yield from super().flow_done()
            return
        self.child_layer = SocketLayer(self.context, self.flow)
        self._handle_event = self.passthrough  # type: ignore[method-assign]
        yield from self.child_layer.handle_event(events.Start())
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)

    def handle_protocol_error(
        self, event: RequestProtocolError | ResponseProtocolError
    ) -> layer.CommandGenerator[None]:
        """Tell the client of an upstream that cannot be had in the words that the `error` hook
        found, where mitmproxy would send a page of HTML. An answer that others follow goes on
        without its client.
        """
        if isinstance(event, RequestProtocolError) and self._is_followed():
            return
        if isinstance(event, ResponseProtocolError) and self._is_settled():
            return  # a connection that is being closed may fail once more
        tee = self._tee
        if tee and tee.held and isinstance(event, ResponseProtocolError):
            yield from self._end(tee)
        steps = super().handle_protocol_error(event)
        done: Any = None
        with suppress(StopIteration):
            while True:
                command = steps.send(done)
                failure = self.flow.metadata.pop(FAILURE, None)
                if failure and isinstance(command, SendHttp) and command.event is event:
                    done = None
                    yield from self._send_failure(failure)
                else:
                    if failure:
                        self.flow.metadata[FAILURE] = failure
                    done = yield command

    def _is_settled(self) -> bool:
        """Whether the client has its answer, or was told why there is none."""
        states = (self.client_state, self.server_state)
        return states == (self.state_done,) * 2 or states[1] == self.state_errored

    def _is_followed(self) -> bool:
        """Whether the upstream is answering others too."""
        flight = self.flow.metadata.get(FLIGHT)
        is_at_upstream = self.client_state == self.state_done and self.server_state not in (
            self.state_done,
            self.state_errored,
        )
        return isinstance(flight, Flight) and is_at_upstream and flight.is_followed

    def _send_failure(self, response: http.Response) -> layer.CommandGenerator[None]:
        client = self.context.client
        yield SendHttp(ResponseHeaders(self.stream_id, response), client)
        if response.content and self.flow.request.method != "HEAD":
            yield SendHttp(ResponseData(self.stream_id, response.content), client)
        yield SendHttp(ResponseEndOfMessage(self.stream_id), client)
