"""The proxy that requests to upstreams have to go through, by the usual environment variables:
`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from ipaddress import IPv6Network
from ipaddress import ip_address
from ipaddress import ip_network
from typing import Literal
from urllib.parse import unquote
from urllib.parse import urlsplit

from rechat.values.addresses.base_url import default_port
from rechat.values.addresses.base_url import name_of
from rechat.values.errors import UsageError


@dataclass(frozen=True, slots=True)
class OuterProxy:
    """A proxy; `auth` is `user:password`, or empty."""

    scheme: Literal["http", "https"]
    host: str
    port: int
    auth: str = ""

    @property
    def login(self) -> str:
        """The value of `proxy-authorization`; empty if the proxy needs none."""
        return f"Basic {b64encode(self.auth.encode()).decode()}" if self.auth else ""


class OuterProxies:
    """The proxies for each scheme, and the hosts that need none. `problems` says which cannot be
    used, and why.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        servers: Sequence[tuple[str, str, int]] | None = None,
    ) -> None:
        """Raises `UsageError` for an invalid proxy, or one with another protocol, if one of the
        servers (scheme, host, port) is reached through it; without `servers`, any may be.
        """
        names = _variable(environment, "no_proxy").lower().replace(",", " ").split()
        self._excepted = [_Excepted.read(name) for name in names if name.strip(".")]
        self._of: dict[str, OuterProxy] = {}
        unusable: dict[str, UsageError] = {}
        for scheme in ("http", "https"):
            for name in (f"{scheme}_proxy", "all_proxy"):
                if text := _variable(environment, name):
                    try:
                        self._of[scheme] = _parse(name.upper(), text)
                    except UsageError as error:
                        unusable[scheme] = error
                    break
        self.problems = list(dict.fromkeys(map(str, unusable.values())))
        for scheme, problem in unusable.items():
            if servers is None or any(self._is_behind(scheme, *server) for server in servers):
                raise problem

    def login(self, address: tuple[str, int] | None) -> str:
        """The login for the proxy at an address; empty if it needs none."""
        for proxy in self._of.values():
            if address == (proxy.host, proxy.port):
                return proxy.login
        return ""

    def has(self, address: tuple[str, int]) -> bool:
        """Whether an address is that of one of the proxies."""
        return any(address == (proxy.host, proxy.port) for proxy in self._of.values())

    def of(self, scheme: str, host: str, own_port: int = 0, *, port: int = 0) -> OuterProxy | None:
        """The proxy for a server (at the default port of the scheme, unless `port` is given); None
        if it is to be reached directly, as hosts of this machine always are. This program, at
        `own_port`, is not a proxy for itself.
        """
        proxy = self._of.get(scheme)
        if proxy is None or (name_of(proxy.host) == "localhost" and proxy.port == own_port):
            return None
        return proxy if self._is_behind(scheme, scheme, host, port) else None

    def _is_behind(self, kind: str, scheme: str, host: str, port: int) -> bool:
        """Whether a server is reached through the proxy for this kind of URL, if there is one."""
        if kind != scheme or name_of(host) == "localhost":
            return False
        at = port or default_port(scheme)
        return not any(one.covers(host.lower().strip("[]"), at) for one in self._excepted)


@dataclass(frozen=True, slots=True)
class _Excepted:
    """An entry of `NO_PROXY`: a host and its subdomains, a network (`10.0.0.0/8`), or all (`*`); at
    one port, if it names one.
    """

    name: str
    network: IPv4Network | IPv6Network | None = None
    port: int | None = None

    @classmethod
    def read(cls, entry: str) -> "_Excepted":
        """An entry, in any of the usual spellings: `example.com`, `.example.com`, `*.example.com`,
        `example.com:8080`, `[::1]:8080`, `10.0.0.0/8`.
        """
        name, _, port = entry.rpartition(":")
        is_with_port = port.isdecimal() and len(port) < 6 and (":" not in name or name[-1] == "]")
        name = (name if is_with_port else entry).strip("[]")
        try:
            network = ip_network(name, strict=False)
        except ValueError:
            network = None
        bare = name if name == "*" else name.removeprefix("*").lstrip(".")
        return cls(bare, network, int(port) if is_with_port else None)

    def covers(self, host: str, port: int) -> bool:
        """Whether the entry covers a server."""
        if self.port not in (None, port):
            return False
        if self.name in ("*", host) or host.endswith(f".{self.name}"):
            return True
        try:
            return self.network is not None and ip_address(host) in self.network
        except ValueError:
            return False


def _variable(environment: Mapping[str, str], name: str) -> str:
    return (environment.get(name) or environment.get(name.upper()) or "").strip()


def _parse(name: str, text: str) -> OuterProxy:
    try:
        url = urlsplit(text if "://" in text else f"http://{text}")
        port = url.port or default_port(url.scheme)
    except ValueError as error:
        raise UsageError(f"{name} is not the URL of a proxy: {error}") from None
    scheme: Literal["http", "https"] = "https" if url.scheme == "https" else "http"
    if scheme != url.scheme or not url.hostname or not port:
        raise UsageError(
            f"{name} ({url.scheme}://{url.hostname or ''}) is not a proxy that can be used: "
            "expected http://HOST:PORT or https://HOST:PORT"
        )
    user = unquote(url.username or "")
    auth = f"{user}:{unquote(url.password or '')}" if user else ""
    return OuterProxy(scheme, url.hostname, port, auth)
