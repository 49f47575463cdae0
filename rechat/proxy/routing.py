"""Endpoints behind the proxy: which one a request goes to, and under which address there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rechat.values import UsageError

DEFAULT = "https://api.openai.com/v1"

MODEL_APIS = frozenset(
    {
        "api.anthropic.com",
        "api.cohere.com",
        "api.deepseek.com",
        "api.fireworks.ai",
        "api.groq.com",
        "api.mistral.ai",
        "api.openai.com",
        "api.together.xyz",
        "api.x.ai",
        "generativelanguage.googleapis.com",
        "openrouter.ai",
    }
)
"""The hosts whose endpoints are recorded for programs that go through the proxy."""

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

# URL[:LOCAL_PORT][:MODEL], where the URL may have a port and a path of its own.
_SPEC = re.compile(
    r"(?P<url>(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:]+\]|[^/:@?#\s]+)"
    r"(?::(?P<port>\d+))?(?P<path>/[^:?#\s]*)?)"
    r"(?::(?P<local>\d+)(?=:|$))?(?::(?P<model>\S+))?"
)
# "me:secret@" before the host.
_USER = re.compile(r"(?<=//)[^/]*@")
_VERSION = re.compile(r"/v\d+(?:beta)?(?=/|$)")


@dataclass(frozen=True, slots=True)
class Upstream:
    """An endpoint. `path` stands for the client's `/v1`; `local_port` and `model` say which
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
        is.
        """
        if not self.path or path == self.path or path.startswith(f"{self.path}/"):
            return path
        return self.path + _VERSION.sub("", path, count=1)

    def __str__(self) -> str:
        default = {"http": 80, "https": 443}[self.scheme]
        port = "" if self.port == default else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{port}{self.path}"


def parse(spec: str) -> Upstream:
    """The upstream that `URL[:LOCAL_PORT][:MODEL]` names. Raises `UsageError`."""
    if _USER.search(spec):
        raise UsageError(
            f"{_USER.sub('…@', spec)!r}: no user or password in the URL; "
            "the client's own Authorization is passed on"
        )
    match = _SPEC.fullmatch(spec)
    if not match:
        raise UsageError(
            f"{spec!r} is not an upstream: expected a URL such as {DEFAULT}, "
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
        port or {"http": 80, "https": 443}[match["scheme"]],
        (match["path"] or "").rstrip("/"),
        local,
        match["model"] or "",
    )


def is_model_api(host: str, port: int) -> bool:
    """Whether an address is that of a public API of language models, which is recorded without
    being named as an upstream when a program reaches it through the proxy.
    """
    return port == 443 and host.lower() in MODEL_APIS


def _name_of(host: str) -> str:
    """One name for each host, for all its spellings."""
    name = host.lower()
    return "localhost" if name in _THIS_MACHINE else name


class Router:
    """Chooses an upstream for each request: by local port, by model, then in turn among equals."""

    def __init__(self, upstreams: Sequence[Upstream]) -> None:
        self.upstreams = tuple(upstreams)
        self._known = {(_name_of(upstream.host), upstream.port) for upstream in self.upstreams}
        self._turns: dict[tuple[Upstream, ...], int] = {}

    def knows(self, host: str, port: int) -> bool:
        """Whether an address is that of an upstream. Another port is another program; the names of
        this machine mean the same one.
        """
        return (_name_of(host), port) in self._known

    def know(self, host: str, port: int) -> None:
        """Take an address for an upstream's, though no request is sent there by choice."""
        self._known.add((_name_of(host), port))

    def takes(self, host: str, port: int) -> bool:
        """Whether requests for an address are read: those for an upstream or a public model API.
        All others are for somebody else.
        """
        return self.knows(host, port) or is_model_api(host, port)

    def choose(self, model: str, local_port: int) -> Upstream:
        """The upstream whose turn it is among those that fit best."""
        fitting = tuple(
            upstream for upstream in self.upstreams if upstream.local_port == local_port
        )
        if not fitting:
            fitting = (
                tuple(upstream for upstream in self.upstreams if upstream.local_port is None)
                or self.upstreams
            )
        named = tuple(upstream for upstream in fitting if upstream.model == model and model)
        best = named or tuple(upstream for upstream in fitting if not upstream.model) or fitting
        turn = self._turns.get(best, 0)
        self._turns[best] = turn + 1
        return best[turn % len(best)]
