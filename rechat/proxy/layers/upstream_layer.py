"""mitmproxy's HTTP layer with what we need on the side of the upstreams."""

from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.layers.http import RegisterHttpConnection
from mitmproxy.proxy.layers.http._http1 import Http1Client

from rechat.proxy.layers.paced_stream import CallAtOnce
from rechat.proxy.layers.paced_stream import PacedStream
from rechat.proxy.layers.paced_stream import never
from rechat.proxy.layers.upstream_head import LenientClient
from rechat.proxy.layers.upstream_http2 import wait_in_line


class UpstreamLayer(HttpLayer):
    """mitmproxy's HTTP layer, whose requests may go to one upstream after the other. `call_at_once`
    calls the functions of a hook, unless one of them may wait, and says whether it did.
    """

    call_at_once: CallAtOnce = staticmethod(never)

    def make_stream(self, stream_id: int) -> layer.CommandGenerator[None]:
        """A stream for a request that is mitmproxy's to answer."""
        stream = PacedStream(self.context.fork(), stream_id)
        stream.call_at_once = self.call_at_once
        self.streams[stream_id] = stream
        yield from self.event_to_child(stream, events.Start())

    def register_connection(self, command: RegisterHttpConnection) -> layer.CommandGenerator[None]:
        """Read the heads of the upstream's answers as its clients do, and send it no more requests
        at a time than it takes. Why it cannot be had is told as a hook may have worded it.
        """
        if command.err and command.connection.error:
            command.err = command.connection.error
        client = self.connections[command.connection].context.layers[-1]
        if type(client) is Http1Client:
            client.__class__ = LenientClient
            client.state = client.read_headers
        wait_in_line(client)
        yield from super().register_connection(command)
