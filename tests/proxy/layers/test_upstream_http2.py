"""Requests wait where an upstream of HTTP/2 takes no more of them at once."""

from mitmproxy.connection import ConnectionState
from mitmproxy.connection import Server
from mitmproxy.options import Options
from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http._events import RequestHeaders
from mitmproxy.proxy.layers.http._http1 import Http1Client
from mitmproxy.proxy.layers.http._http2 import Http2Client
from mitmproxy.test import tflow
from mitmproxy.test import tutils

from rechat.proxy.layers.upstream_http2 import WaitingClient
from rechat.proxy.layers.upstream_http2 import wait_in_line


def context() -> Context:
    found = Context(tflow.tclient_conn(), Options())
    found.options.add_option("http2_ping_keepalive", int, 0, "")
    found.options.add_option("validate_inbound_headers", bool, True, "")
    found.server = Server(address=("192.0.2.1", 443))
    found.server.state = ConnectionState.OPEN
    return found


def waiting_client() -> WaitingClient:
    client = Http2Client(context())
    wait_in_line(client)
    assert isinstance(client, WaitingClient)
    list(client.handle_event(events.Start()))
    return client


def sent(client: WaitingClient, stream_id: int) -> int:
    """How many bytes go to the server for a request."""
    head = RequestHeaders(stream_id, tutils.treq(), end_stream=True)
    wanted = list(client.handle_event(head))
    return sum(len(each.data) for each in wanted if isinstance(each, commands.SendData))


def test_one_request_is_sent_before_the_server_has_said_how_many_it_takes() -> None:
    client = waiting_client()
    assert sent(client, 1)
    assert not sent(client, 3)


def test_it_is_known_since_when_the_server_has_a_request() -> None:
    client = waiting_client()
    sent(client, 1)
    sent(client, 3)
    assert client.waited(1) > 0
    assert client.waited(3) == 0
    assert client.waited(5) == 0


def test_other_clients_stay() -> None:
    client = Http1Client(context())
    wait_in_line(client)
    assert type(client) is Http1Client
