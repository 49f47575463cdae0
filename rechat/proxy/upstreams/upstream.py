"""An endpoint behind the proxy: how it is named on the command line, and under which path it gets
a request.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from rechat.values import UsageError

DEFAULT_UPSTREAM = "https://api.openai.com/v1"

# URL[:LOCAL_PORT][:MODEL], where the URL may have a port and a path of its own.
_SPEC = re.compile(
    r"(?P<url>(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:]+\]|[^/:@?#\s]+)"
    r"(?::(?P<port>\d+))?(?P<path>/[^:?#\s]*)?)"
    r"(?::(?P<local>\d+)(?=:|$))?(?::(?P<model>\S+))?"
)
_PORTS = {"http": 80, "https": 443}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
# "me:secret@" before the host.
_USER = re.compile(r"(?<=//)[^/]*@")
_VERSION = re.compile(r"/v\d+(?:beta)?(?=/|$)")
_ENDS_IN_VERSION = re.compile(r"/v\d+(?:alpha|beta)?\d*\Z")
# The clients of Anthropic and Gemini write the version themselves: their base URL ends before it.
_WRITES_VERSION = re.compile(
    r"/v1/messages(?=/|$)|/v\d+(?:beta|alpha)?/(?:models|tunedModels)/[^/]+:"
)


@dataclass(frozen=True, slots=True)
class Upstream:
    """An endpoint. `path` stands for the client's `/v1`, or before it where clients write the
    version themselves; `local_port` and `model` say which
    requests are meant for it.
    """

    scheme: str
    host: str
    port: int
    path: str = ""
    local_port: int | None = None
    model: str = ""

    def rewrite(self, path: str) -> str:
        """Where a request for `path` goes there. Without a path of its own the client's stays as it
        is: `https://host/anthropic` gets `/anthropic/v1/messages`, `https://host/api/v1` gets
        `/api/v1/chat/completions`.
        """
        if not self.path or path == self.path or path.startswith(f"{self.path}/"):
            return path
        if _WRITES_VERSION.match(path) and not _ENDS_IN_VERSION.search(self.path):
            return self.path + path
        return self.path + _VERSION.sub("", path, count=1)

    def is_at(self, scheme: str, host: str, port: int | None) -> bool:
        """Whether this is its address; all names of this machine are one."""
        at = (scheme, name_of(host), port or _PORTS.get(scheme))
        return at == (self.scheme, name_of(self.host), self.port)

    @property
    def origin(self) -> str:
        """Its URL without a path."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{port}"

    def __str__(self) -> str:
        return self.origin + self.path


def name_of(host: str) -> str:
    """One name for each host, for all its spellings."""
    name = host.lower()
    return "localhost" if name in _THIS_MACHINE else name


def parse_upstream(spec: str) -> Upstream:
    """The upstream that `URL[:LOCAL_PORT][:MODEL]` names. Raises `UsageError`."""
    if _USER.search(spec):
        raise UsageError(
            f"{_USER.sub('…@', spec)!r}: no user or password in the URL; "
            "the client's own Authorization is passed on"
        )
    match = _SPEC.fullmatch(spec)
    if not match:
        raise UsageError(
            f"{spec!r} is not an upstream: expected a URL such as {DEFAULT_UPSTREAM}, "
            "with [:LOCAL_PORT][:MODEL] after it"
        )
    try:
        port = urlsplit(match["url"]).port
        local = int(match["local"]) if match["local"] else None
    except ValueError as error:
        raise UsageError(f"{spec!r} is not an upstream: {error}") from None
    if port == 0 or (local is not None and not 0 < local < 65536):
        raise UsageError(f"{spec!r} is not an upstream: a port is between 1 and 65535")
    return Upstream(
        match["scheme"],
        match["host"].strip("[]"),
        port or _PORTS[match["scheme"]],
        (match["path"] or "").rstrip("/"),
        local,
        match["model"] or "",
    )
