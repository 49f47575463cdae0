"""The layer of a web socket, without sockets: what a client sends, and what it gets."""

import pytest
from mitmproxy import http
from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands
from mitmproxy.proxy import context
from mitmproxy.proxy import events
from mitmproxy.proxy.layers.websocket import WebSocketMessageInjected
from mitmproxy.test import taddons
from mitmproxy.test import tflow
from mitmproxy.websocket import WebSocketData
from mitmproxy.websocket import WebSocketMessage
from wsproto.connection import Connection
from wsproto.connection import ConnectionType
from wsproto.events import CloseConnection
from wsproto.events import Event
from wsproto.events import Message
from wsproto.events import Ping
from wsproto.events import Pong
from wsproto.events import TextMessage
from wsproto.frame_protocol import Opcode

from rechat.proxy.layers.socket_layer import SocketLayer


class Client:
    """A client of a layer that has no upstream."""

    def __init__(self) -> None:
        self.flow = tflow.tflow(resp=True)
        self.flow.response = http.Response.make(101)
        self.flow.websocket = WebSocketData()
        with taddons.context() as options:
            self.context = context.Context(tflow.tclient_conn(), options.options)
        self.context.server.state = ConnectionState.CLOSED
        self.layer = SocketLayer(self.context, self.flow)
        self.wire = Connection(ConnectionType.CLIENT)
        self.done: list[commands.Command] = []
        self._do(events.Start())

    def send(self, event: Event) -> list[Event]:
        data = self.wire.send(event)
        self._do(events.DataReceived(self.context.client, data))
        return list(self.wire.events())

    def put(self, kind: Opcode, data: bytes) -> list[Event]:
        message = WebSocketMessage(kind, from_client=False, content=data)
        self._do(WebSocketMessageInjected(self.flow, message))
        return list(self.wire.events())

    def _do(self, event: events.Event) -> None:
        waiting = [event]
        while waiting:
            for command in self.layer.handle_event(waiting.pop(0)):
                self.done.append(command)
                match command:
                    case commands.SendData(connection=to, data=data):
                        assert to is self.context.client, "there is nobody else"
                        self.wire.receive_data(data)
                    case commands.StartHook() as hook:
                        if self.flow.websocket and self.flow.websocket.messages:
                            self.flow.websocket.messages[-1].drop()
                        waiting.append(events.HookCompleted(hook))


def test_a_ping_is_answered_without_an_upstream() -> None:
    (pong,) = Client().send(Ping(payload=b"are you there?"))
    assert isinstance(pong, Pong)
    assert bytes(pong.payload) == b"are you there?"


def test_a_long_message_is_said_in_one_frame() -> None:
    (message,) = Client().put(Opcode.TEXT, b"a" * 100_000)
    assert isinstance(message, Message)
    assert message.message_finished
    assert message.data == "a" * 100_000


def test_what_is_not_dropped_goes_to_nobody() -> None:
    client = Client()
    assert client.send(TextMessage(data="Hello")) == []


@pytest.mark.parametrize("closes", ["client", "we"])
def test_either_side_closes(closes: str) -> None:
    client = Client()
    if closes == "client":
        (answer,) = client.send(CloseConnection(code=1000))
        assert isinstance(answer, CloseConnection)
    else:
        client.put(Opcode.CLOSE, b"")
    closed = [each for each in client.done if isinstance(each, commands.CloseConnection)]
    assert [each.connection for each in closed] == [client.context.client]
