"""Who may ask: requests to the proxy's own address must come from this machine's programs, not from
a web page elsewhere.

A page on any site can make a browser send requests to `http://127.0.0.1:8910`, and a host name that
resolves to this machine (DNS rebinding) makes them look like its own. So `Host`, `Origin` and
`Sec-Fetch-Site` are checked (design, 9).
"""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from mitmproxy import connection
from mitmproxy import http
from mitmproxy.proxy import mode_specs

NAMES_HOST = "rechat.names_host"
"""The key under which a flow's metadata says whether its request line names a host."""

ASKED_HOST = "rechat.asked_host"
"""The key under which it keeps the host as the client called it."""

BASE = "rechat.base"
"""The key under which it keeps the beginning of its path that names a session."""

type Address = tuple[str, int]

_SESSION = re.compile(r"/_rechat/s/([A-Za-z0-9._-]{1,200})(?=[/?]|\Z)")
_ANY = ("", "0.0.0.0", "::")  # noqa: S104  # compared with, not bound to


class Access:
    """The rules for requests to the addresses that the proxy listens on."""

    def __init__(self, host: str, origins: Iterable[str] = ()) -> None:
        self._host = host
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)

    def is_ours(self, flow: http.HTTPFlow) -> bool:
        """Whether a client took the proxy for its endpoint, not for a way to another.

        A client that goes through the proxy names its destination by CONNECT or in the request line
        (and in other modes mitmproxy knows it). A request that names none, or our own address, is
        for us; the `Host` header does not count.
        """
        if not is_endpoint(flow.client_conn):
            return False
        named = flow.server_conn.address
        if named is None and names_host(flow):
            named = (flow.request.host, flow.request.port)
        return named is None or self._is_own((named[0], named[1]), flow.client_conn)

    def other(
        self, address: connection.Address | None, client: connection.Client
    ) -> Address | None:
        """The address of a connection if it is for another than the proxy itself."""
        if address is None or self._is_own((address[0], address[1]), client):
            return None
        return address[0], address[1]

    def _is_own(self, address: Address, client: connection.Client) -> bool:
        """Whether an address is the proxy's own, for a client that named it. One whose connections
        are redirected (`transparent`, `local`) connected to the address of another.
        """
        if not is_endpoint(client):
            return False
        bound = self._bound(client)
        names = {bound, client.sockname[0]}
        if bound in _ANY or is_loopback(bound):
            names |= {"localhost", "127.0.0.1", "::1"}
        host = address[0].lower()
        return address[1] == client.sockname[1] and (host in names or host.endswith(".localhost"))

    def _bound(self, client: connection.Client) -> str:
        """The address that a client's listener is bound to."""
        return client.proxy_mode.listen_host(self._host)

    def problem(self, flow: http.HTTPFlow) -> str:
        """Why a request to the proxy's own address is refused; empty if it is fine."""
        is_proxied = flow.server_conn.address is None and names_host(flow)
        called = flow.metadata.get(ASKED_HOST, flow.request.pretty_host)
        host = flow.request.host if is_proxied else called
        if not self.takes_host(host, flow.client_conn):
            return f"requests for the host {host!r} are not taken here"
        origin = flow.request.headers.get("origin", "")
        if origin and not self.takes_origin(origin):
            return (
                f"requests of the web page {origin!r} are not taken here; "
                f"--allow-origin {origin} lets it ask"
            )
        if not origin and flow.request.headers.get("sec-fetch-site", "none") == "cross-site":
            return "requests of web pages on other sites are not taken here"
        return ""

    def takes_origin(self, origin: str) -> bool:
        """Whether pages of an origin may ask: those of this machine, and the named ones."""
        return origin.lower() in self._origins or is_loopback(_host_of(origin))

    def takes_host(self, host: str, client: connection.Client) -> bool:
        """Whether a client may call the proxy by this name."""
        bound = self._bound(client)
        return bound in _ANY or is_loopback(host) or host == bound


def is_reverse(client: connection.Client) -> bool:
    """Whether a client's listener stands for one other host: what a web page asks of it is guarded
    as what it asks of the proxy itself.
    """
    return isinstance(client.proxy_mode, mode_specs.ReverseMode)


def is_endpoint(client: connection.Client) -> bool:
    """Whether a client's listener takes requests for the proxy itself, beside those that it sends
    on.
    """
    return isinstance(client.proxy_mode, mode_specs.RegularMode | mode_specs.UpstreamMode)


def names_host(flow: http.HTTPFlow) -> bool:
    """Whether the request line names a host. If that is not known, it counts as named: sending a
    request to the wrong place is worse than not answering it.
    """
    return bool(flow.metadata.get(NAMES_HOST, True))


def destination(flow: http.HTTPFlow) -> Address:
    """The destination of a request that is not for the proxy itself."""
    return named((flow.request.host, flow.request.port), flow.client_conn.sni)


def named(address: Address, sni: str | None) -> Address:
    """The address with a host name: an intercepted one is an IP address, and TLS tells its name."""
    host, port = address
    return (sni, port) if sni and is_ip(host) else address


def is_ip(host: str) -> bool:
    """Whether a host is an IP address and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _host_of(origin: str) -> str:
    """The host of an origin; empty if it has none, or is none."""
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:  # such as `http://[::1`
        return ""


def is_page(path: str) -> bool:
    """Whether a path at the proxy's own address is one of our pages, or of their API."""
    if not path.startswith("/_rechat/"):
        return path in ("/", "/ready")
    return not _SESSION.match(path)


def session_in(path: str) -> tuple[str, str, str]:
    """The name of the session that a path at the proxy's own address begins with, for clients that
    drop headers (`/_rechat/s/NAME/v1/…`), with what names it, and the rest of the path. Name and
    beginning are empty if it has none.
    """
    found = _SESSION.match(path) if path.startswith("/_rechat/") else None
    return (found[1], found[0], path[found.end() :] or "/") if found else ("", "", path)


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
