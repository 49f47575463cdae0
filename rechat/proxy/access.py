"""Who may ask: requests to the proxy's own address must come from this machine's programs, not from
a web page elsewhere.

A page on any site can make a browser send requests to `http://127.0.0.1:8910`, and a host name that
resolves to this machine (DNS rebinding) makes them look like its own. So `Host`, `Origin` and
`Sec-Fetch-Site` are checked (design, 9).
"""

import ipaddress
from urllib.parse import urlsplit

from mitmproxy import http
from mitmproxy.proxy import mode_specs

_ANY = ("", "0.0.0.0", "::")  # noqa: S104  # compared with, not bound to


class Access:
    """The rules for requests to the addresses that the proxy listens on."""

    def __init__(self, host: str) -> None:
        self._host = host

    def is_ours(self, flow: http.HTTPFlow) -> bool:
        """Whether a client took the proxy for its endpoint, not for a way to another.

        A client that goes through the proxy names its destination in the request line or by CONNECT
        (and in other modes mitmproxy knows it); only who talks to the proxy itself names none.
        """
        is_regular = isinstance(flow.client_conn.proxy_mode, mode_specs.RegularMode)
        return is_regular and not flow.request.authority and flow.server_conn.address is None

    def problem(self, flow: http.HTTPFlow) -> str:
        """Why a request to the proxy's own address is refused; empty if it is fine."""
        host = flow.request.pretty_host
        if not self.takes_host(host):
            return f"requests for the host {host!r} are not taken here"
        if flow.request.headers.get("sec-fetch-site", "none") == "cross-site":
            return "requests of web pages on other sites are not taken here"
        origin = flow.request.headers.get("origin", "")
        if origin and not is_loopback(_host_of(origin)):
            return f"requests of the web page {origin!r} are not taken here"
        return ""

    def takes_host(self, host: str) -> bool:
        """Whether a request may call the proxy by this name."""
        return self._host in _ANY or is_loopback(host) or host == self._host


def _host_of(origin: str) -> str:
    """The host of an origin; empty if it has none, or is none."""
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:  # such as `http://[::1`
        return ""


def is_page(path: str) -> bool:
    """Whether a path at the proxy's own address is one of our pages, or of their API."""
    return path == "/" or path.startswith("/_rechat/")


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
