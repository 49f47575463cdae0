"""mitmproxy's HTTP/2 client for upstreams that take few requests at a time.

A server says how many streams it takes in its first frame (RFC 9113, section 6.5.2), and refuses
those beyond. Requests that are too many wait here in the order in which they came.
"""

import time

from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http._events import RequestHeaders
from mitmproxy.proxy.layers.http._http2 import Http2Client


class WaitingClient(Http2Client):
    """mitmproxy's HTTP/2 client, which sends one request until it knows how many it may send, and
    remembers since when the server has each.
    """

    provisional_max_concurrency: int | None = 1
    sent_at: dict[int, float]

    def waited(self, stream_id: int) -> float:
        """So many seconds the server has had a request; none if it has not been sent."""
        sent = self.sent_at.get(self.our_stream_id.get(stream_id, 0))
        return time.monotonic() - sent if sent else 0.0

    def _handle_event2(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(event, RequestHeaders):
            self.sent_at[event.stream_id] = time.monotonic()
        yield from super()._handle_event2(event)


def wait_in_line(client: layer.Layer) -> None:
    """Have mitmproxy's client of HTTP/2 become ours."""
    if type(client) is Http2Client:
        client.__class__ = WaitingClient
        assert isinstance(client, WaitingClient)
        client.sent_at = {}
