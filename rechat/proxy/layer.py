"""All that is needed of mitmproxy's internals to answer hits without its addon chain.

`HitLayer` takes the place of mitmproxy's HTTP layer through the public `next_layer` hook: the
client's bytes go to a `HitConnection` first, and to mitmproxy's own layer when that hands them
over. `fits` says at start whether mitmproxy is built as this expects (tested with 12.3.0 and
12.3.1); where it is not, the normal hooks serve.
"""

import inspect
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from mitmproxy import http
from mitmproxy.flow import Error
from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.http import RegisterHttpConnection
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._events import RequestProtocolError
from mitmproxy.proxy.layers.http._events import ResponseData
from mitmproxy.proxy.layers.http._events import ResponseEndOfMessage
from mitmproxy.proxy.layers.http._events import ResponseHeaders
from mitmproxy.proxy.layers.http._events import ResponseProtocolError
from mitmproxy.proxy.layers.http._hooks import HttpErrorHook
from mitmproxy.proxy.layers.http._http1 import Http1Client
from mitmproxy.proxy.layers.http._http1 import Http1Connection
from mitmproxy.proxy.layers.http._http1 import Http1Server
from mitmproxy.proxy.layers.tcp import TCPLayer
from mitmproxy.proxy.layers.tls import ClientTLSLayer
from mitmproxy.tls import ClientHelloData
from OpenSSL import SSL

from rechat.answering import Held
from rechat.answering import Later
from rechat.answering import Sent
from rechat.observe import JournalEntry
from rechat.proxy import limits
from rechat.proxy.access import NAMES_HOST
from rechat.proxy.access import Address
from rechat.proxy.hits import HitConnection
from rechat.proxy.hits import Hits
from rechat.proxy.hits import Output
from rechat.proxy.tee import Tee
from rechat.proxy.upstream_head import LenientClient
from rechat.values import reason_of

_LOGGER = logging.getLogger(__name__)

type Expect = Callable[[str, Sent | Held | Later], None]

_BUFFER = 65535
# A record of TLS: its kind, a version, the length of what follows; no more than 16 KB and a bit.
_HEADER = 5
_DATA_RECORD = b"\x17"

_TLS_STEPS = ("receive_data", "send_data", "tls_interact", "event_to_child")

PIECES = "rechat.pieces"
"""Where a flow keeps the pieces of its response that are to leave at their times."""

EXCESS = "rechat.excess"
"""Where a flow keeps in what its request is too large."""

FAILURE = "rechat.failure"
"""Where a flow keeps the response that tells its client why there is none of the upstream's."""


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


class PacedStream(HttpStream):
    """mitmproxy's stream of one request, whose answer may leave piece by piece."""

    def check_invalid(self, request: bool) -> layer.CommandGenerator[bool]:  # noqa: FBT001  # as in mitmproxy
        """Remember whether the request line names a host: mitmproxy calls this first, and then
        fills the host in from the `Host` header.
        """
        if request:
            self.flow.metadata[NAMES_HOST] = bool(self.flow.request.host)
        return (yield from super().check_invalid(request))

    def check_body_size(self, request: bool) -> layer.CommandGenerator[bool]:  # noqa: FBT001  # as in mitmproxy
        """Refuse a body that has become too large; mitmproxy calls this for each piece that it
        keeps.
        """
        excess = limits.excess_of_body(len(self.request_body_buf)) if request else None
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

    def state_stream_response_body(self, event: events.Event) -> layer.CommandGenerator[None]:
        """Send a piece of an upstream's answer on; the last one when it may be seen."""
        yield from super().state_stream_response_body(event)
        tee = self.flow.response.stream if self.flow.response else None
        if isinstance(tee, Tee) and tee.held:
            last, tee.held = tee.held, b""
            yield RechatEndHook(self.flow)
            yield SendHttp(ResponseData(self.stream_id, last), self.context.client)

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

    def handle_protocol_error(
        self, event: RequestProtocolError | ResponseProtocolError
    ) -> layer.CommandGenerator[None]:
        """Tell the client of an upstream that cannot be had in the words that the `error` hook
        found, where mitmproxy would send a page of HTML.
        """
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

    def _send_failure(self, response: http.Response) -> layer.CommandGenerator[None]:
        client = self.context.client
        yield SendHttp(ResponseHeaders(self.stream_id, response), client)
        yield SendHttp(ResponseData(self.stream_id, response.content or b""), client)
        yield SendHttp(ResponseEndOfMessage(self.stream_id), client)


class HitLayer(HttpLayer):
    """mitmproxy's HTTP layer with a `HitConnection` in front."""

    rechat: HitConnection
    expect: Expect
    _wakeup: commands.RequestWakeup | None = None
    # Whether mitmproxy was idle when it was asked last, and has had nothing to do since.
    _is_resting: bool = False

    def make_stream(self, stream_id: int) -> layer.CommandGenerator[None]:
        """A stream for a request that is mitmproxy's to answer."""
        self.streams[stream_id] = PacedStream(self.context.fork(), stream_id)
        yield from self.event_to_child(self.streams[stream_id], events.Start())

    def register_connection(self, command: RegisterHttpConnection) -> layer.CommandGenerator[None]:
        """Read the heads of the upstream's answers as its clients do."""
        client = self.connections[command.connection].context.layers[-1]
        if type(client) is Http1Client:
            client.__class__ = LenientClient
            client.state = client.read_headers
        yield from super().register_connection(command)

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        kind = type(event)
        if kind is events.DataReceived and event.connection is self.context.client:  # type: ignore[attr-defined]
            received: bytes = event.data  # type: ignore[attr-defined]
            answer = self.at_once(received)
            if answer is not None:
                yield commands.SendData(self.context.client, answer)
                return
            if self.rechat.is_busy or self._is_idle():
                yield from self._do(self._safely(partial(self.rechat.receive, received)))
                return
        elif kind is events.Wakeup and event.command is self._wakeup:  # type: ignore[attr-defined]
            self._wakeup = None
            yield from self._do(self._safely(self.rechat.wake))
            return
        elif kind is events.ConnectionClosed and event.connection is self.context.client:  # type: ignore[attr-defined]
            self._wakeup = None
            unread = self.rechat.leave()
            if unread:
                data = events.DataReceived(self.context.client, unread)
                yield from super()._handle_event(data)
        self._is_resting = False
        yield from super()._handle_event(event)
        if kind is events.DataReceived:
            yield from self._refuse_if_endless()

    def at_once(self, data: bytes) -> bytes | None:
        """The answer to a request whose exact bytes were asked before; None if there is more
        to do than to send it.
        """
        if self._paused or not (self._is_resting or self._is_idle()):
            return None
        self._is_resting = True
        try:
            return self.rechat.at_once(data)
        except Exception:  # noqa: BLE001  # the long way meets it again, and tells the client
            return None

    def _safely(self, step: Callable[[], Output]) -> Output:
        """What a step says is to be done. If it fails, the connection is closed: the client would
        wait for ever.
        """
        try:
            return step()
        except Exception as error:  # noqa: BLE001
            _LOGGER.warning("a connection was closed: %s", reason_of(error))
            return Output(closes=True)

    def _is_idle(self) -> bool:
        """Whether mitmproxy waits for the first byte of a request."""
        server = self.connections.get(self.context.client)
        return (
            type(server) is Http1Server
            and server.request is None
            and not server.buf
            and server.state == server.read_headers
        )

    def _refuse_if_endless(self) -> layer.CommandGenerator[None]:
        """Close a connection on which a head does not end that mitmproxy is to read."""
        server = self.connections.get(self.context.client)
        if type(server) is not Http1Server or server.state != server.read_headers:
            return
        excess = limits.excess_of_head(len(server.buf), 0)
        if excess:
            _LOGGER.warning("a connection was closed: %s", excess)
            yield commands.CloseConnection(self.context.client)

    def _do(self, out: Output) -> layer.CommandGenerator[None]:
        client = self.context.client
        if out.send:
            yield commands.SendData(client, out.send)
        if out.wake_in is not None:
            self._wakeup = commands.RequestWakeup(max(0.0, out.wake_in))
            yield self._wakeup
        if out.hand_over:
            if out.sent:
                self.expect(client.id, out.sent)
            self._is_resting = False
            yield from super()._handle_event(events.DataReceived(client, out.hand_over))
        if out.closes:
            yield commands.CloseConnection(client)


class HitTLSLayer(ClientTLSLayer):
    """mitmproxy's TLS layer with fewer steps. A request that fits into one record, as most do, is
    one read of OpenSSL, and not a second one to learn that there is no more; and if it was asked
    before, its answer leaves here.
    """

    # How many bytes the last record still lacks; None if that cannot be told.
    _missing: int | None = 0

    def receive_data(self, data: bytes) -> layer.CommandGenerator[None]:
        """Give what the client said to the layer inside."""
        if self._missing != 0 or not is_record(data):
            self._missing = missing_after(self._missing, data)
            yield from super().receive_data(data)
            return
        self.tls.bio_write(data)
        try:
            said = self.tls.recv(len(data))
        except SSL.Error:
            # No data of the client's: an alert, a new key. It is all in OpenSSL's hands already.
            yield from super().receive_data(b"")
            return
        child = self.child_layer
        inside = child.layer if isinstance(child, layer.NextLayer) else child
        answer = inside.at_once(said) if type(inside) is HitLayer else None
        if answer is None:
            yield from self.event_to_child(events.DataReceived(self.conn, said))
        else:
            yield from self.send_data(answer)

    def tls_interact(self) -> layer.CommandGenerator[None]:
        """Send what OpenSSL has ready; less than was asked for is all of it."""
        with suppress(SSL.WantReadError):
            while True:
                data = self.tls.bio_read(_BUFFER)
                yield commands.SendData(self.conn, data)
                if len(data) < _BUFFER:
                    break


def is_record(data: bytes) -> bool:
    """Whether this is one whole record of data (RFC 8446, section 5.1)."""
    return data[:1] == _DATA_RECORD and len(data) == _HEADER + int.from_bytes(data[3:_HEADER])


def missing_after(missing: int | None, data: bytes) -> int | None:
    """How many bytes the last record lacks after more data; None if its length is not known."""
    if missing is None:
        return None
    end = missing
    while end < len(data):
        if len(data) - end < _HEADER:
            return None
        end += _HEADER + int.from_bytes(data[end + 3 : end + _HEADER])
    return end - len(data)


class HitLayers:
    """The addon that puts a `HitLayer` wherever mitmproxy is about to speak HTTP with a client. It
    has to stand behind mitmproxy's own `NextLayer`.
    """

    def __init__(self, hits: Hits, expect: Expect) -> None:
        self._hits = hits
        self._expect = expect

    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """Change a layer that has not started yet."""
        found: layer.Layer | None = nextlayer.layer
        while found is not None:
            if type(found) is ClientTLSLayer:
                found.__class__ = HitTLSLayer
            if type(found) is HttpLayer:
                if found is nextlayer.layer and self._passes(found.context):
                    nextlayer.layer = TCPLayer(found.context, ignore=True)
                elif found.mode is not HTTPMode.upstream:
                    self._change(found)
                return
            found = getattr(found, "child_layer", None)

    def tls_clienthello(self, data: ClientHelloData) -> None:
        """Leave TLS alone that is for others: they keep their own certificate."""
        data.ignore_connection = self._passes(data.context)

    def _passes(self, context: Context) -> bool:
        """Whether the bytes of a connection go through as they are; it is reported if they do."""
        destination = self._destination(context)
        if destination is None or not self._hits.passes(destination):
            return False
        host, port = destination
        reason = "for a host that is not an upstream: passed on untouched"
        self._hits.report(JournalEntry("forwarded", f"CONNECT {host}:{port}", reason=reason), 0.0)
        return True

    def _destination(self, context: Context) -> Address | None:
        address = context.server.address
        at = (address[0], address[1]) if address else None
        return self._hits.destination(at, context.client)

    def _change(self, found: HttpLayer) -> None:
        destination = self._destination(found.context)
        found.__class__ = HitLayer
        assert isinstance(found, HitLayer)
        found.rechat = HitConnection(self._hits, destination)
        found.expect = self._expect


def fits() -> bool:
    """Whether mitmproxy is built as this module expects."""
    server = inspect.getsource(Http1Connection)
    return (
        all(callable(getattr(HttpLayer, name, None)) for name in ("_handle_event", "make_stream"))
        and callable(getattr(HttpStream, "state_stream_response_body", None))
        and all(hasattr(Http1Server, name) for name in ("read_headers", "request", "state"))
        and "self.buf" in server
        and all(callable(getattr(ClientTLSLayer, name, None)) for name in _TLS_STEPS)
        and callable(getattr(HttpStream, "check_invalid", None))
        and "self.check_invalid(True)" in inspect.getsource(HttpStream)
        and hasattr(HTTPMode, "upstream")
        and not hasattr(HttpLayer, "__slots__")
    )
