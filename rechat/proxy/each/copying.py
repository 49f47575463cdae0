"""Copies of a request that have no client of their own: each is sent as the request itself would
be, and what comes back passes the same hooks.
"""

from mitmproxy import ctx
from mitmproxy import http
from mitmproxy.connection import Client
from mitmproxy.connection import Server

from rechat.proxy.dispatch import COPY
from rechat.proxy.flows import BODY
from rechat.proxy.layers.upstream_layer import UpstreamLayer


def copy_of(flow: http.HTTPFlow) -> http.HTTPFlow:
    """A flow with the same request, which no client waits for. It has nothing of the client's
    connection but its addresses: the name that was asked for in TLS is not the upstream's.
    """
    of = flow.client_conn
    client = Client(peername=of.peername, sockname=of.sockname, proxy_mode=of.proxy_mode)
    copy = http.HTTPFlow(client, Server(address=None))
    copy.request = flow.request.copy()
    copy.request.http_version = "HTTP/1.1"
    copy.metadata |= {COPY: True, BODY: flow.metadata.get(BODY, b"")}
    return copy


async def send(copy: http.HTTPFlow) -> None:
    """Send a copy to the upstream that it is addressed to, and wait until it is over."""
    # It comes with a language for filters, which few need.
    from mitmproxy.addons.clientplayback import ReplayHandler  # noqa: PLC0415

    handler = ReplayHandler(copy, ctx.options)
    handler.layer.__class__ = UpstreamLayer
    await handler.replay()
