"""Where our layers take the place of mitmproxy's: `HitLayers` puts them in through public hooks,
and `fits` says at start whether mitmproxy is built as they expect (tested with 12.3.0 and 12.3.1);
where it is not, the normal hooks serve.
"""

import inspect
from collections.abc import Mapping
from functools import partial
from inspect import isfunction

from mitmproxy.connection import Client
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.http._http1 import Http1Connection
from mitmproxy.proxy.layers.http._http1 import Http1Server
from mitmproxy.proxy.layers.http._http2 import Http2Client
from mitmproxy.proxy.layers.modes import DestinationKnown
from mitmproxy.proxy.layers.tls import ClientTLSLayer
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler
from mitmproxy.proxy.server import ConnectionHandler

from rechat.proxy.failures.listening import listens
from rechat.proxy.hits.connection import HitConnection
from rechat.proxy.hits.shared import Hits
from rechat.proxy.layers.first_word import listen_to_both
from rechat.proxy.layers.hit_layer import Expect
from rechat.proxy.layers.hit_layer import HitLayer
from rechat.proxy.layers.paced_stream import CallAtOnce
from rechat.proxy.layers.paced_stream import never
from rechat.proxy.layers.tls import HitTLSLayer

_TLS_STEPS = ("receive_data", "send_data", "tls_interact", "event_to_child")


class HitLayers:
    """The addon that puts a `HitLayer` wherever mitmproxy is about to speak HTTP with a client, and
    a `FirstWord` where the server may speak first. It has to stand behind mitmproxy's own
    `NextLayer`. `clients` are mitmproxy's handlers of the connections that are open, by their ids;
    `call_at_once` calls the functions of a hook, unless one of them may wait.
    """

    def __init__(
        self,
        hits: Hits,
        expect: Expect,
        clients: Mapping[tuple[object, ...] | str, ProxyConnectionHandler],
        call_at_once: CallAtOnce = never,
    ) -> None:
        self._call_at_once = call_at_once
        self._hits = hits
        self._expect = expect
        self._clients = clients

    def client_connected(self, client: Client) -> None:
        """Change the layer of a mode, which has not started yet."""
        if handler := self._clients.get(client.id):
            listen_to_both(handler.layer)

    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """Change a layer that has not started yet."""
        found: layer.Layer | None = nextlayer.layer
        while found is not None:
            if type(found) is ClientTLSLayer:
                found.__class__ = HitTLSLayer
            if type(found) is HttpLayer:
                self._change(found)
                return
            found = getattr(found, "child_layer", None)

    def _change(self, found: HttpLayer) -> None:
        destination = self._hits.destination(found.context.server.address, found.context.client)
        found.__class__ = HitLayer
        assert isinstance(found, HitLayer)
        found.rechat = HitConnection(self._hits, destination, found.context.client)
        found.expect = self._expect
        found.listens = partial(listens, self._clients, found.context.client)
        found.call_at_once = self._call_at_once


def fits() -> bool:
    """Whether mitmproxy is built as this module expects."""
    return (
        all(callable(getattr(HttpLayer, name, None)) for name in ("_handle_event", "make_stream"))
        and callable(getattr(HttpStream, "state_stream_response_body", None))
        and all(
            hasattr(Http1Server, name)
            for name in (
                *("read_headers", "read_body", "send", "request", "state"),
                *("wait", "mark_done", "response"),
            )
        )
        and _uses(Http1Connection, "buf")
        and hasattr(Http2Client, "provisional_max_concurrency")
        and callable(getattr(Http2Client, "_handle_event2", None))
        and all(callable(getattr(ClientTLSLayer, name, None)) for name in _TLS_STEPS)
        and callable(getattr(HttpStream, "check_invalid", None))
        and callable(getattr(HttpStream, "handle_connect_finish", None))
        and _uses(DestinationKnown, "child_layer")
        and callable(getattr(layer.NextLayer, "_ask", None))
        and _uses(layer.NextLayer, "_handle")
        and _uses(HttpStream, "GetHttpConnection")
        and _uses(HttpStream, "check_invalid", constant=True)
        and _uses(ConnectionHandler, "max_conns")
        and not hasattr(HttpLayer, "__slots__")
    )


def _uses(owner: type, name: str, *, constant: object = None) -> bool:
    """Whether a method of a class uses a name, and a constant beside it. To read its source text
    would take longer.
    """
    codes = [inspect.unwrap(one).__code__ for one in vars(owner).values() if isfunction(one)]
    return any(name in code.co_names and constant in (None, *code.co_consts) for code in codes)
