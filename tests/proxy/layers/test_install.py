"""What is needed of mitmproxy's internals, and that it is looked at before it is used."""

import pytest
from mitmproxy import options
from mitmproxy.connection import Client
from mitmproxy.connection import Server
from mitmproxy.proxy import context
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.layers.http._http1 import Http1Server
from mitmproxy.proxy.layers.tls import ClientTLSLayer
from mitmproxy.proxy.mode_specs import ProxyMode

from rechat.answering.endpoint import Endpoint
from rechat.answering.policy import Session
from rechat.proxy.access import Access
from rechat.proxy.hits.shared import Hits
from rechat.proxy.layers.hit_layer import HitLayer
from rechat.proxy.layers.install import HitLayers
from rechat.proxy.layers.install import fits
from rechat.proxy.layers.tls import HitTLSLayer
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.upstream import parse_upstream
from rechat.store.folder import Store


def next_layer(mode: HTTPMode, address: tuple[str, int] | None = None) -> layer.NextLayer:
    """What mitmproxy asks about when it has decided on HTTP."""
    client = Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2))
    client.proxy_mode = ProxyMode.parse("regular")
    found = context.Context(client, options.Options())
    found.server = Server(address=address)
    asked = layer.NextLayer(found)
    asked.layer = HttpLayer(found, mode)
    return asked


def changed(asked: layer.NextLayer) -> layer.Layer | None:
    store = Store([])
    endpoint = Endpoint(Session(store.index, "record"), store)
    router = Router([parse_upstream("http://127.0.0.1:81")])
    hits = Hits(endpoint, Access("localhost"), router, lambda entry, took: None)
    HitLayers(hits, lambda client, sent: None, {}).next_layer(asked)
    return asked.layer


def test_this_mitmproxy_fits() -> None:
    assert fits()


@pytest.mark.parametrize("name", ["read_headers", "read_body", "send", "request", "state"])
def test_another_may_not(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for owner in Http1Server.__mro__:
        if name in vars(owner):
            monkeypatch.delattr(owner, name)
    assert not fits()


def test_the_layer_is_changed_before_it_starts_and_knows_the_host() -> None:
    ours = changed(next_layer(HTTPMode.regular))
    assert isinstance(ours, HitLayer)
    assert ours.rechat.destination is None
    theirs = changed(next_layer(HTTPMode.transparent, ("api.openai.com", 443)))
    assert isinstance(theirs, HitLayer)
    assert theirs.rechat.destination == ("api.openai.com", 443)


def test_a_tunnel_to_our_own_address_is_ours() -> None:
    ours = changed(next_layer(HTTPMode.transparent, ("localhost", 2)))
    assert isinstance(ours, HitLayer)
    assert ours.rechat.destination is None


def test_it_is_changed_before_another_proxy_too() -> None:
    ours = changed(next_layer(HTTPMode.upstream))
    assert isinstance(ours, HitLayer)
    assert ours.rechat.destination is None


def test_what_is_not_http_stays() -> None:
    asked = next_layer(HTTPMode.regular)
    asked.layer = None
    assert changed(asked) is None


def test_tls_is_changed_before_http() -> None:
    asked = next_layer(HTTPMode.regular)
    inside, asked.layer = asked.layer, ClientTLSLayer(asked.context)
    asked.layer.child_layer = inside  # type: ignore[assignment]
    assert type(changed(asked)) is HitTLSLayer
    assert type(inside) is HitLayer
