"""Connections to hosts that are not read: their bytes go through as they are, or they are refused.

Three hooks of mitmproxy keep to it, whatever the mode:

1. `next_layer`, behind mitmproxy's own addon of that name: what is for somebody else goes on as
   bytes, before TLS with a certificate of ours could begin, and before the client has said a word
   if it need not.
2. `http_connect` refuses a tunnel at once, so that the client can say why.
3. `server_connect` is the last to be asked before a connection opens. Offline only those to others
   do, whatever went wrong before.
"""

from mitmproxy import ctx
from mitmproxy import http
from mitmproxy.connection import Client
from mitmproxy.proxy import layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import DNSLayer
from mitmproxy.proxy.layers import TCPLayer
from mitmproxy.proxy.layers import UDPLayer
from mitmproxy.proxy.layers.http._upstream_proxy import HttpUpstreamProxy
from mitmproxy.proxy.layers.quic import quic_parse_client_hello_from_datagrams
from mitmproxy.proxy.layers.tls import parse_client_hello
from mitmproxy.proxy.mode_specs import LocalMode
from mitmproxy.proxy.mode_specs import ReverseMode
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from rechat.answering import refusal_response
from rechat.observe import JournalEntry
from rechat.proxy.access import Access
from rechat.proxy.access import Address
from rechat.proxy.access import is_ip
from rechat.proxy.access import is_loopback
from rechat.proxy.access import named
from rechat.proxy.flows import to_mitmproxy
from rechat.proxy.hits.shared import Report
from rechat.proxy.layers.first_word import FirstWord
from rechat.proxy.upstreams.hosts import Hosts
from rechat.values import OuterProxies
from rechat.values import OuterProxy

UNTOUCHED = "for a host that is not an upstream: passed on untouched"
"""What is told of a connection or request that goes through."""

_HANDSHAKE = b"\x16"
_REFUSED = 403
# The resolver that mitmproxy is for the clients of its `wireguard` mode.
_OWN_RESOLVER = "10.0.0.53"


class Passing:
    """The addon that lets others' connections through, or refuses them, and reports each."""

    def __init__(
        self,
        hosts: Hosts,
        access: Access,
        proxies: OuterProxies,
        report: Report,
        *,
        is_offline: bool = False,
    ) -> None:
        self._hosts = hosts
        self._access = access
        self._proxies = proxies
        self._report = report
        self._is_offline = is_offline

    def next_layer(self, asked: layer.NextLayer) -> None:
        """Let a connection through if it is for somebody else."""
        context = asked.context
        at = self._access.other(context.server.address, context.client)
        if isinstance(asked, FirstWord) and asked.is_silent:
            if asked.has_waited and _is_for_bytes(context.client):
                return
            _undo(asked)  # mitmproxy takes silence for a protocol
            self._go_on_in_silence(asked, at)
            return
        if at is None or asked.layer is None or _is_own_resolver(asked.layer, at):
            return
        if _is_caught_on_its_way_here(context.client, at):
            _undo(asked)
            asked.layer = TCPLayer(context, ignore=True)
            return
        try:
            sni = _name_in_tls(context, asked.data_client()) if is_ip(at[0]) else None
            host, port = named(at, sni)
        except EOFError:
            _undo(asked)
            return
        if not self._hosts.takes(host, port):
            _undo(asked)
            self._tell(host, port)
            asked.layer = self._untouched(context, (host, port))

    def _go_on_in_silence(self, asked: FirstWord, at: Address | None) -> None:
        """Let a connection through on which nobody has said anything, if it cannot be for a host
        that is read. Behind an IP address there may be one whose name TLS will tell.
        """
        if _is_for_bytes(asked.context.client):
            asked.waits = True  # for a client that begins with TLS
            return
        if at is None or self._hosts.takes(*at):
            return  # the client speaks first
        host, port = at
        if is_ip(host) and not asked.has_waited:
            asked.waits = True
        elif is_ip(host) and self._hosts.may_read_at(port):
            asked.listens = self._may_listen(asked.context, at)
        else:
            self._tell(host, port)
            asked.layer = self._untouched(asked.context, at)

    def _may_listen(self, context: Context, at: Address) -> bool:
        """Whether a server may be connected to that may be one that is read: offline those at the
        ports of such are left alone, and behind another proxy there is no server without a tunnel.
        """
        is_left_alone = self._is_offline and at[1] in self._hosts.ports
        has_proxy = context.server.via or self._proxy(context, at)
        return not is_left_alone and not has_proxy

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """Refuse a tunnel to a host that is blocked."""
        at = self._access.other((flow.request.host, flow.request.port), flow.client_conn)
        if at and self._hosts.blocks(*at):
            self._tell(*at)
            flow.response = to_mitmproxy(refusal_response(f"rechat: blocked {at[0]}"))
            flow.response.status_code = _REFUSED

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Open no connection that must not be."""
        address = data.server.address
        if address is None:
            return
        if _is_caught_on_its_way_here(data.client, (address[0], address[1])):
            data.server.error = None  # mitmproxy takes it for a circle
            return
        host, port = named((address[0], address[1]), data.client.sni)
        if self._hosts.blocks(host, port):
            data.server.error = f"rechat: blocked {host}"
        elif self._is_offline and not self._is_for_others(host, port):
            data.server.error = "rechat replay opens no connection to an API"

    def _is_for_others(self, host: str, port: int) -> bool:
        return self._hosts.passes(host, port) or self._proxies.has((host, port))

    def _tell(self, host: str, port: int) -> None:
        target = f"CONNECT {host}:{port}"
        if self._hosts.blocks(host, port):
            self._report(JournalEntry("miss", target, reason=f"blocked {host}"), 0.0)
        else:
            self._report(JournalEntry("forwarded", target, reason=UNTOUCHED), 0.0)

    def _untouched(self, context: Context, address: Address) -> layer.Layer:
        """The layer that copies bytes, through the proxy before the host if there is one."""
        if context.client.transport_protocol == "udp":
            return UDPLayer(context, ignore=True)
        proxy = self._proxy(context, address)
        if not proxy or context.server.via:
            return TCPLayer(context, ignore=True)
        context.server.via = (proxy.scheme, (proxy.host, proxy.port))
        stack = HttpUpstreamProxy.make(context, send_connect=True)
        stack /= TCPLayer(context, ignore=True)
        return stack[0]

    def _proxy(self, context: Context, address: Address) -> OuterProxy | None:
        host, port = address
        return self._proxies.of("https", host, context.client.sockname[1], port=port)


def _is_own_resolver(found: layer.Layer, at: Address) -> bool:
    return isinstance(found, DNSLayer) and at[0] == _OWN_RESOLVER


def _is_caught_on_its_way_here(client: Client, at: Address) -> bool:
    """Whether a program whose connections are caught has asked for a listener of ours, such as by
    the base URL that it was given.
    """
    if not isinstance(client.proxy_mode, LocalMode) or not is_loopback(at[0]):
        return False
    servers = ctx.master.addons.get("proxyserver").servers
    return any(at[1] == place[1] for server in servers for place in server.listen_addrs)


def _is_for_bytes(client: Client) -> bool:
    """Whether a client's listener stands for a server that need not speak HTTP."""
    mode = client.proxy_mode
    return isinstance(mode, ReverseMode) and mode.scheme in ("tcp", "tls")


def _undo(asked: layer.NextLayer) -> None:
    """Take back what mitmproxy has decided, which has not started."""
    context = asked.context
    found = asked.layer
    while found in context.layers:
        context.layers.remove(found)
        found = getattr(found, "child_layer", None)
    asked.layer = None
    context.client.tls = context.server.tls = False


def _name_in_tls(context: Context, data: bytes) -> str | None:
    """The host that a client asks for in the first bytes of TLS or QUIC; None if it names none.
    Raises `EOFError` if they are not all there.
    """
    if context.client.sni:
        return context.client.sni
    try:
        if context.client.transport_protocol == "udp":
            hello = quic_parse_client_hello_from_datagrams([data])
        elif data.startswith(_HANDSHAKE):
            hello = parse_client_hello(data)
        else:
            return None
    except ValueError:  # it is neither
        return None
    if hello is None:
        raise EOFError
    return hello.sni
