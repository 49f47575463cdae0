"""Where our layers take the place of mitmproxy's: `HitLayers` puts them in through the public
`next_layer` hook, and `fits` says at start whether mitmproxy is built as they expect (tested with
12.3.0 and 12.3.1); where it is not, the normal hooks serve.
"""

import inspect
from inspect import isfunction

from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.http._http1 import Http1Connection
from mitmproxy.proxy.layers.http._http1 import Http1Server
from mitmproxy.proxy.layers.tls import ClientTLSLayer
from mitmproxy.proxy.server import ConnectionHandler

from rechat.proxy.hits.connection import HitConnection
from rechat.proxy.hits.shared import Hits
from rechat.proxy.layers.hit_layer import Expect
from rechat.proxy.layers.hit_layer import HitLayer
from rechat.proxy.layers.tls import HitTLSLayer

_TLS_STEPS = ("receive_data", "send_data", "tls_interact", "event_to_child")


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
                if found.mode is not HTTPMode.upstream:
                    self._change(found)
                return
            found = getattr(found, "child_layer", None)

    def _change(self, found: HttpLayer) -> None:
        destination = self._hits.destination(found.context.server.address, found.context.client)
        found.__class__ = HitLayer
        assert isinstance(found, HitLayer)
        found.rechat = HitConnection(self._hits, destination, found.context.client)
        found.expect = self._expect


def fits() -> bool:
    """Whether mitmproxy is built as this module expects."""
    return (
        all(callable(getattr(HttpLayer, name, None)) for name in ("_handle_event", "make_stream"))
        and callable(getattr(HttpStream, "state_stream_response_body", None))
        and all(hasattr(Http1Server, name) for name in ("read_headers", "request", "state"))
        and _uses(Http1Connection, "buf")
        and all(callable(getattr(ClientTLSLayer, name, None)) for name in _TLS_STEPS)
        and callable(getattr(HttpStream, "check_invalid", None))
        and _uses(HttpStream, "GetHttpConnection")
        and _uses(HttpStream, "check_invalid", constant=True)
        and _uses(ConnectionHandler, "max_conns")
        and hasattr(HTTPMode, "upstream")
        and not hasattr(HttpLayer, "__slots__")
    )


def _uses(owner: type, name: str, *, constant: object = None) -> bool:
    """Whether a method of a class uses a name, and a constant beside it. To read its source text
    would take longer.
    """
    codes = [inspect.unwrap(one).__code__ for one in vars(owner).values() if isfunction(one)]
    return any(name in code.co_names and constant in (None, *code.co_consts) for code in codes)
