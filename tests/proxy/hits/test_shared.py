"""Where the requests of a connection go to, and which answers are remembered for all."""

from pathlib import Path

from mitmproxy.connection import Client

from rechat.answering.endpoint import Endpoint
from rechat.answering.policy import Session
from rechat.proxy.access import Access
from rechat.proxy.hits.shared import Hits
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.upstream import parse_upstream
from rechat.store.folder import Store


def hits(folder: Path) -> Hits:
    store = Store([folder])
    endpoint = Endpoint(Session(store.index, "record"), store)
    router = Router([parse_upstream("http://upstream:81")])
    return Hits(endpoint, Access("localhost"), router, lambda entry, took: None)


def test_the_name_in_tls_tells_where_an_intercepted_connection_goes(folder: Path) -> None:
    shared = hits(folder)
    client = Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 8910))
    assert shared.destination(None, client) is None
    assert shared.destination(("localhost", 8910), client) is None
    assert shared.destination(("10.0.0.1", 443), client) == ("10.0.0.1", 443)
    client.sni = "api.openai.com"
    assert shared.destination(("10.0.0.1", 443), client) == ("api.openai.com", 443)
