"""mitmproxy's HTTP layer with a `HitConnection` in front: the client's bytes go there first, and to
mitmproxy's own layer when that hands them over.
"""

import logging
from collections.abc import Callable
from functools import partial

from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http._http1 import Http1Server

from rechat.answering import Held
from rechat.answering import Later
from rechat.answering import Sent
from rechat.proxy import limits
from rechat.proxy.failures.listening import is_half_open
from rechat.proxy.hits.connection import HitConnection
from rechat.proxy.hits.connection import Output
from rechat.proxy.layers.client_head import Listens
from rechat.proxy.layers.client_head import PlainServer
from rechat.proxy.layers.upstream_layer import UpstreamLayer
from rechat.values import reason_of

_LOGGER = logging.getLogger(__name__)

type Expect = Callable[[str, Sent | Held | Later], None]


class HitLayer(UpstreamLayer):
    """mitmproxy's HTTP layer with a `HitConnection` in front."""

    rechat: HitConnection
    expect: Expect
    listens: Listens
    _wakeup: commands.RequestWakeup | None = None
    # Whether mitmproxy was idle when it was asked last, and has had nothing to do since.
    _is_resting: bool = False

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        kind = type(event)
        if kind is events.Start:
            yield from super()._handle_event(event)
            self._take_over()
            return
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
            yield from self._wake()
            return
        elif kind is events.ConnectionClosed and event.connection is self.context.client:  # type: ignore[attr-defined]
            if self._wakeup and is_half_open(self.context.client):
                return  # it sends no more, and may wait for the rest of its answer
            self._wakeup = None
            unread = self.rechat.leave()
            if unread:
                data = events.DataReceived(self.context.client, unread)
                yield from super()._handle_event(data)
        self._is_resting = False
        yield from super()._handle_event(event)
        if kind is events.DataReceived:
            yield from self._refuse_if_endless()

    def _wake(self) -> layer.CommandGenerator[None]:
        client = self.context.client
        if is_half_open(client) and not self.listens():
            self.rechat.leave()
        else:
            yield from self._do(self._safely(self.rechat.wake))
        if is_half_open(client) and not self.rechat.is_busy and self._is_idle():
            yield commands.CloseConnection(client)

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

    def _take_over(self) -> None:
        """Have what is refused told as we tell it."""
        server = self.connections.get(self.context.client)
        if type(server) is Http1Server:
            server.__class__ = PlainServer
            assert isinstance(server, PlainServer)
            server.refuse = self.rechat.refuse
            server.listens = self.listens
            server.state = server.read_headers

    def _is_idle(self) -> bool:
        """Whether mitmproxy waits for the first byte of a request."""
        server = self.connections.get(self.context.client)
        return (
            type(server) is PlainServer
            and server.request is None
            and not server.buf
            and server.state == server.read_headers
        )

    def _refuse_if_endless(self) -> layer.CommandGenerator[None]:
        """Close a connection on which a head does not end that mitmproxy is to read."""
        server = self.connections.get(self.context.client)
        if type(server) is not PlainServer or server.state != server.read_headers:
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
