"""The address of an endpoint, as the command line and the settings name it: a URL, followed by
rechat's own syntax (`https://host/v1:model`).
"""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:]+\]|[^/:@?#*,\s\[\]]+)"
    r"(?::(?P<port>\d+)(?=[:/*]|$))?(?P<path>/[^:?#*,\s]*)?"
)
_PORTS = {"http": 80, "https": 443}
_DIGITS = 5
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """The URL below which the paths of an API are. `path` has no trailing slash."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def origin(self) -> str:
        """The URL without its path."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{port}"

    def __str__(self) -> str:
        return self.origin + self.path


def leading_url(text: str) -> tuple[BaseUrl, str] | None:
    """The URL at the beginning of a text, and the rest of the text; None if there is none. Raises
    `ValueError` for an invalid port or IPv6 address.
    """
    found = _URL.match(text)
    if not found:
        return None
    digits = found["port"]
    port = default_port(found["scheme"]) if digits is None else int(digits[: _DIGITS + 1])
    if not 0 < port < 65536:
        raise ValueError("a port is between 1 and 65535")
    host = found["host"].strip("[]")
    if found["host"].startswith("["):
        IPv6Address(host)
    path = (found["path"] or "").rstrip("/")
    return BaseUrl(found["scheme"], host, port, path), text[found.end() :]


def default_port(scheme: str) -> int:
    """The default port of a scheme; 0 if the scheme is not known."""
    return _PORTS.get(scheme, 0)


def name_of(host: str) -> str:
    """The normalised name of a host."""
    name = host.lower()
    return "localhost" if name in _THIS_MACHINE else name
