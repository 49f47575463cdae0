"""The address of an endpoint, as the command line and the settings name it: a URL, followed by
rechat's own syntax (`https://host/v1:model`).
"""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address

_URL = re.compile(
    r"(?P<scheme>(?i:https?))://(?P<host>\[[0-9a-fA-F:]+\]|[^/:@?#*,\s\[\]]+)"
    r"(?::(?P<port>\d+)(?=[:/*]|$))?(?P<path>/[^:?#*,\s]*)?"
)
# What is left of `http://` where it was typed wrong, and a host that cannot be a name of something
# else: with a dot or a port, or this machine.
_ALMOST_A_SCHEME = re.compile(r"^[A-Za-z]{2,6}(?::/{1,2}|//)(?=[^/])")
_HOST = re.compile(
    r"(?P<name>localhost|\[[0-9a-fA-F:]{2,39}\]|[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}|[\w-]{1,63}(?=:\d))"
    r"(?P<port>:\d{1,5})?(?=[/:*,]|$)"
)
_IS_NUMERIC = re.compile(r"[\d.]+|\[.*\]")
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
    scheme, digits = found["scheme"].lower(), found["port"]
    port = default_port(scheme) if digits is None else int(digits[: _DIGITS + 1])
    if not 0 < port < 65536:
        raise ValueError("a port is between 1 and 65535")
    host = found["host"].strip("[]")
    if found["host"].startswith("["):
        IPv6Address(host)
    path = (found["path"] or "").rstrip("/")
    return BaseUrl(scheme, host, port, path), text[found.end() :]


def meant_url(text: str) -> str:
    """What a text without a proper scheme probably means: `http://localhost:11434/v1` by
    `localhost:11434/v1`, and by `htp:/localhost:11434/v1`; empty if it may mean anything else.
    """
    bare = _ALMOST_A_SCHEME.sub("", text.strip().strip("\"'"), count=1)
    host = _HOST.match(bare)
    if not host or bare.lower().endswith(".md"):
        return ""
    is_far = name_of(host["name"]) != "localhost" and not _IS_NUMERIC.fullmatch(host["name"])
    return f"{'https' if is_far and not host['port'] else 'http'}://{bare}"


def default_port(scheme: str) -> int:
    """The default port of a scheme; 0 if the scheme is not known."""
    return _PORTS.get(scheme, 0)


def name_of(host: str) -> str:
    """The normalised name of a host."""
    name = host.lower()
    return "localhost" if name in _THIS_MACHINE else name
