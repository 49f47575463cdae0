"""What is ours on the side of the upstreams."""

from mitmproxy.options import Options
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.test import tflow

from rechat.proxy.layers.hit_layer import HitLayer
from rechat.proxy.layers.paced_stream import PacedStream
from rechat.proxy.layers.upstream_layer import UpstreamLayer


def test_its_requests_may_go_to_one_upstream_after_the_other() -> None:
    context = Context(tflow.tclient_conn(), Options())
    found = UpstreamLayer(context, HTTPMode.transparent)
    list(found.make_stream(1))
    assert isinstance(found.streams[1], PacedStream)


def test_it_is_the_same_with_and_without_a_client() -> None:
    for name in ("make_stream", "register_connection"):
        assert getattr(HitLayer, name) is getattr(UpstreamLayer, name)
