"""mitmproxy's layer of a web socket, into which whole messages can be put, and which may have no
upstream behind it.
"""

from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.websocket import Fragmentizer
from mitmproxy.proxy.layers.websocket import WebsocketLayer
from mitmproxy.proxy.layers.websocket import WebSocketMessageInjected
from wsproto.connection import Connection
from wsproto.connection import ConnectionType
from wsproto.events import Ping
from wsproto.frame_protocol import Opcode


class SocketLayer(WebsocketLayer):
    """A web socket whose messages an addon reads and writes."""

    def start(self, event: events.Event) -> layer.CommandGenerator[None]:
        """Begin as mitmproxy does; without an upstream nobody is at the other end."""
        self._nobody = None if self.context.server.connected else Connection(ConnectionType.SERVER)
        yield from super().start(event)

    _handle_event = start

    def relay_messages(self, event: events.Event) -> layer.CommandGenerator[None]:
        """Pass on what one side says, or say what was put in, in one frame: some servers take no
        message in several.
        """
        if isinstance(event, WebSocketMessageInjected):
            yield from self._put(event)
            return
        for command in super().relay_messages(event):
            is_to_server = (
                isinstance(command, commands.ConnectionCommand)
                and command.connection is self.context.server
            )
            if self._nobody and is_to_server:
                yield from self._for_nobody(self._nobody, command)
            else:
                yield command

    def _put(self, event: WebSocketMessageInjected) -> layer.CommandGenerator[None]:
        message = event.message
        side = self.server_ws if message.from_client else self.client_ws
        if message.type is Opcode.CLOSE:
            yield commands.CloseConnection(side.conn)
        else:
            whole = Fragmentizer([], is_text=True).msg(message.content, message_finished=True)
            yield side.send2(whole)

    def _for_nobody(
        self, nobody: Connection, command: commands.Command
    ) -> layer.CommandGenerator[None]:
        """Answer a ping ourselves; nothing else is for anybody."""
        if isinstance(command, commands.SendData):
            nobody.receive_data(command.data)
            for event in nobody.events():
                if isinstance(event, Ping):
                    yield self.client_ws.send2(event.response())
