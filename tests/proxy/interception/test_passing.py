"""What becomes of a connection, decided on mitmproxy's own layers."""

import ssl
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from clients import client_of
from mitmproxy import ctx
from mitmproxy import options
from mitmproxy.connection import Server
from mitmproxy.proxy import context
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers import TCPLayer
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.layers.tls import ClientTLSLayer
from mitmproxy.proxy.layers.tls import ServerTLSLayer
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.test import tflow

from rechat.observe.entry import JournalEntry
from rechat.proxy.access import Access
from rechat.proxy.interception.passing import Passing
from rechat.proxy.layers.first_word import FirstWord
from rechat.proxy.upstreams.hosts import Hosts
from rechat.proxy.upstreams.hosts import Reading
from rechat.proxy.upstreams.upstream import parse_upstream
from rechat.values.addresses.outer_proxy import OuterProxies


class Rig:
    """The addon, and what it reported."""

    def __init__(
        self,
        *,
        is_offline: bool = False,
        refuses: bool = False,
        proxy: str = "",
        also: tuple[str, ...] = (),
    ) -> None:
        self.entries: list[JournalEntry] = []
        upstreams = [parse_upstream("http://10.0.0.1:81")]
        self.passing = Passing(
            Hosts(upstreams, Reading(also, refuses_others=refuses), is_offline=is_offline),
            Access("localhost"),
            OuterProxies({"HTTPS_PROXY": proxy} if proxy else {}),
            lambda entry, _: self.entries.append(entry),
            is_offline=is_offline,
        )

    def next_layer(
        self,
        address: tuple[str, int] | None,
        data: bytes,
        decided: Callable[[context.Context], layer.Layer],
        mode: str = "regular",
    ) -> layer.NextLayer:
        """What is asked about a connection to an address, after mitmproxy's own decision."""
        client = (
            client_of(mode, address or ("127.0.0.1", 8910)) if mode != "regular" else (client_of())
        )
        found = context.Context(client, options.Options())
        found.server = Server(address=address)
        asked = layer.NextLayer(found)
        asked.events.append(events.DataReceived(client, data))
        asked.layer = decided(found)
        self.passing.next_layer(asked)
        return asked

    def in_silence(self, host: str, port: int, *, has_waited: bool = False) -> FirstWord:
        """What is asked about a connection on which nobody has said a word."""
        found = context.Context(client_of(), options.Options())
        found.server = Server(address=(host, port))
        asked = FirstWord(found)
        asked.has_waited = has_waited
        asked.layer = TCPLayer(found)
        self.passing.next_layer(asked)
        return asked


def plain(found: context.Context) -> layer.Layer:
    return HttpLayer(found, HTTPMode.transparent)


def secure(found: context.Context) -> layer.Layer:
    outside = ServerTLSLayer(found)
    outside.child_layer = ClientTLSLayer(found)
    return outside


@pytest.mark.parametrize("address", [("10.0.0.1", 82), ("10.0.0.2", 81), ("example.com", 443)])
@pytest.mark.parametrize("decided", [plain, secure])
@pytest.mark.parametrize("is_offline", [False, True])
def test_what_is_for_somebody_else_goes_on_as_bytes(
    *, address: tuple[str, int], decided: Callable[[context.Context], layer.Layer], is_offline: bool
) -> None:
    rig = Rig(is_offline=is_offline)
    asked = rig.next_layer(address, b"GET / HTTP/1.1\r\n\r\n", decided)
    assert type(asked.layer) is TCPLayer
    assert asked.layer.flow is None, "mitmproxy would keep what passes"
    assert asked.context.layers == [asked.layer]
    assert not asked.context.client.tls
    [entry] = rig.entries
    assert (entry.verdict, entry.target) == ("forwarded", f"CONNECT {address[0]}:{address[1]}")


@pytest.mark.parametrize("mode", ["regular", "transparent", "local", "socks5"])
def test_an_upstream_is_read_in_every_mode(mode: str) -> None:
    asked = Rig().next_layer(("10.0.0.1", 81), b"GET / HTTP/1.1\r\n\r\n", plain, mode)
    assert type(asked.layer) is HttpLayer


@pytest.mark.parametrize("mode", ["transparent", "local"])
def test_an_intercepted_connection_is_not_for_us_because_it_was_redirected_here(mode: str) -> None:
    asked = Rig().next_layer(("10.0.0.9", 443), b"GET / HTTP/1.1\r\n\r\n", plain, mode)
    assert type(asked.layer) is TCPLayer


def test_nothing_is_decided_before_the_destination_is_known() -> None:
    assert type(Rig().next_layer(None, b"GET", plain).layer) is HttpLayer
    assert type(Rig().next_layer(("localhost", 8910), b"GET", plain).layer) is HttpLayer


def test_the_name_in_tls_counts_and_is_waited_for() -> None:
    rig = Rig()
    hello = client_hello("api.openai.com")
    asked = rig.next_layer(("10.0.0.3", 443), hello[:40], secure, "transparent")
    assert asked.layer is None
    assert asked.context.layers == []
    asked = rig.next_layer(("10.0.0.3", 443), hello, secure, "transparent")
    assert type(asked.layer) is ServerTLSLayer
    other = client_hello("other.example")
    asked = rig.next_layer(("10.0.0.3", 443), other, secure, "transparent")
    assert type(asked.layer) is TCPLayer
    assert [entry.target for entry in rig.entries] == ["CONNECT other.example:443"]


@pytest.mark.parametrize("is_offline", [False, True])
def test_a_name_says_before_a_word_that_a_connection_is_for_somebody_else(
    *, is_offline: bool
) -> None:
    rig = Rig(is_offline=is_offline)
    asked = rig.in_silence("db.example", 3306)
    assert isinstance(asked.layer, TCPLayer)
    assert asked.layer.flow is None
    assert [entry.target for entry in rig.entries] == ["CONNECT db.example:3306"]


@pytest.mark.parametrize(
    ("host", "port"), [("10.0.0.1", 81), ("api.openai.com", 443), ("localhost", 8910)]
)
@pytest.mark.parametrize("has_waited", [False, True])
def test_who_is_read_speaks_second(*, host: str, port: int, has_waited: bool) -> None:
    asked = Rig().in_silence(host, port, has_waited=has_waited)
    assert (asked.layer, asked.waits, asked.listens) == (None, False, False)
    assert asked.context.layers == []


def test_behind_an_address_there_may_be_a_name_so_the_client_has_a_while() -> None:
    asked = Rig().in_silence("10.0.0.3", 3306)
    assert (asked.layer, asked.waits) == (None, True)
    asked = Rig().in_silence("10.0.0.3", 3306, has_waited=True)
    assert isinstance(asked.layer, TCPLayer)


@pytest.mark.parametrize(
    ("port", "also", "is_offline", "proxy", "listens"),
    [
        (443, (), False, "", True),
        (443, (), True, "", False),
        (81, (), True, "", False),
        (3306, ("llm.example",), True, "", True),
        (3306, ("llm.example",), False, "http://outer:3128", False),
    ],
)
def test_a_server_at_a_port_of_those_that_are_read_is_listened_to(
    *, port: int, also: tuple[str, ...], is_offline: bool, proxy: str, listens: bool
) -> None:
    rig = Rig(is_offline=is_offline, proxy=proxy, also=also)
    asked = rig.in_silence("10.0.0.3", port, has_waited=True)
    assert (asked.layer, asked.listens) == (None, listens)
    assert rig.entries == []


def test_what_passes_takes_the_proxy_of_the_environment() -> None:
    asked = Rig(proxy="http://outer:3128").next_layer(("example.com", 443), b"\x16", secure)
    assert asked.context.server.via == ("http", ("outer", 3128))
    tunnel, inside = asked.context.layers
    assert asked.layer is tunnel
    assert type(inside) is TCPLayer


def test_a_blocked_tunnel_is_refused_with_the_reason() -> None:
    rig = Rig(is_offline=True, refuses=True)
    flow = tflow.tflow()
    flow.client_conn = client_of()
    flow.request.host, flow.request.port = "example.com", 443
    rig.passing.http_connect(flow)
    assert flow.response
    assert flow.response.status_code == 403
    assert "blocked example.com" in str(flow.response.text)
    assert [entry.reason for entry in rig.entries] == ["blocked example.com"]


@pytest.mark.parametrize(
    ("address", "sni", "opens"),
    [
        (("10.0.0.1", 81), None, False),
        (("api.openai.com", 443), None, False),
        (("10.0.0.3", 443), "api.openai.com", False),
        (("api.openai.com", 80), None, False),
        (("example.com", 443), None, True),
        (("outer", 3128), "api.openai.com", True),
    ],
)
def test_offline_only_connections_to_others_open(
    *, address: tuple[str, int], sni: str | None, opens: bool
) -> None:
    client = client_of()
    client.sni = sni
    data = ServerConnectionHookData(Server(address=address), client)
    Rig(is_offline=True, proxy="http://outer:3128").passing.server_connect(data)
    assert (data.server.error is None) is opens


def client_hello(name: str) -> bytes:
    """The first bytes of a real client."""

    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


@pytest.mark.parametrize(("port", "is_ours"), [(8910, True), (8911, False)])
@pytest.mark.parametrize("refuses", [False, True])
def test_a_program_that_is_caught_reaches_our_own_listener(
    monkeypatch: pytest.MonkeyPatch, *, port: int, is_ours: bool, refuses: bool
) -> None:
    listener = SimpleNamespace(listen_addrs=[("127.0.0.1", 8910)])
    proxy = SimpleNamespace(servers=[listener])
    monkeypatch.setattr(
        ctx, "master", SimpleNamespace(addons={"proxyserver": proxy}), raising=False
    )
    rig = Rig(is_offline=True, refuses=refuses)
    at = ("127.0.0.1", port)
    asked = rig.next_layer(at, b"GET / HTTP/1.1\r\n\r\n", plain, mode="local")
    assert isinstance(asked.layer, TCPLayer)
    assert (rig.entries == []) is is_ours
    data = ServerConnectionHookData(asked.context.server, asked.context.client)
    data.server.error = "Request destination unknown."
    rig.passing.server_connect(data)
    assert (data.server.error is None) is is_ours
