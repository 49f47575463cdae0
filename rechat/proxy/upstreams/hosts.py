"""Which hosts are read on the way through the proxy, which pass untouched, and which are refused.

Only the hosts of language-model APIs are read: the upstreams (by host and port), the public APIs
below, and those that a user adds. All others keep their own certificate, and are neither looked at
nor saved.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rechat.proxy.upstreams.upstream import Upstream
from rechat.values import UsageError
from rechat.values import name_of

MODEL_APIS = frozenset(
    {
        "*-aiplatform.googleapis.com",
        "*.api.openai.com",
        "*.githubcopilot.com",
        "*.openai.azure.com",
        "*.services.ai.azure.com",
        "ai-gateway.vercel.sh",
        "aiplatform.googleapis.com",
        "api.ai21.com",
        "api.anthropic.com",
        "api.cerebras.ai",
        "api.cohere.ai",
        "api.cohere.com",
        "api.deepinfra.com",
        "api.deepseek.com",
        "api.fireworks.ai",
        "api.groq.com",
        "api.hyperbolic.xyz",
        "api.minimax.io",
        "api.mistral.ai",
        "api.moonshot.ai",
        "api.moonshot.cn",
        "api.novita.ai",
        "api.openai.com",
        "api.perplexity.ai",
        "api.sambanova.ai",
        "api.siliconflow.cn",
        "api.siliconflow.com",
        "api.together.ai",
        "api.together.xyz",
        "api.voyageai.com",
        "api.x.ai",
        "api.z.ai",
        "codestral.mistral.ai",
        "dashscope-intl.aliyuncs.com",
        "dashscope.aliyuncs.com",
        "gateway.ai.cloudflare.com",
        "generativelanguage.googleapis.com",
        "inference.baseten.co",
        "integrate.api.nvidia.com",
        "models.github.ai",
        "open.bigmodel.cn",
        "openrouter.ai",
        "router.huggingface.co",
    }
)
"""The hosts whose endpoints are recorded for programs that go through the proxy; `*` stands for one
or more labels of a name.
"""

_SPEC = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^/:@?#\s]+)(?::(?P<port>[0-9]{1,5}))?")
_HTTPS = 443
# Names are looked up at that port, those of the hosts that are read too.
_NAMES = 53
_LAST_PORT = 65535
_EXACT = frozenset(name for name in MODEL_APIS if "*" not in name)
_PATTERNS = tuple(sorted(MODEL_APIS - _EXACT))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a user says about it: hosts (`HOST[:PORT]`, with `*`) that are read as well, whether
    the public APIs are not, whether all that is not read is refused, and whether what is read goes
    to the upstreams in the place of its own host.
    """

    also: tuple[str, ...] = ()
    only_upstreams: bool = False
    refuses_others: bool = False
    redirects: bool = False


class Hosts:
    """Tells what becomes of a request by the address that it is for. Offline nothing that is read
    is ever asked.
    """

    def __init__(
        self,
        upstreams: Iterable[Upstream] = (),
        reading: Reading | None = None,
        *,
        is_offline: bool = False,
    ) -> None:
        """Raises `UsageError` for a host that is none."""
        self._reading = reading or Reading()
        self._is_offline = is_offline
        self._known = {upstream.address for upstream in upstreams}
        self._also = tuple(_parse(spec) for spec in self._reading.also)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the hosts that are read; `*` stands for any part of one."""
        apis = () if self._reading.only_upstreams else sorted(MODEL_APIS)
        return (*(host for host, _ in self._known), *(name for name, _ in self._also), *apis)

    @property
    def ports(self) -> frozenset[int]:
        """The ports at which hosts are read."""
        named = {port for _, port in self._known} | {port for _, port in self._also if port}
        return frozenset(named if self._reading.only_upstreams else named | {_HTTPS})

    def may_read_at(self, port: int) -> bool:
        """Whether some host is read at a port, or at any."""
        return port in self.ports or any(at is None for _, at in self._also)

    def knows(self, host: str, port: int) -> bool:
        """Whether an address is an upstream's, or one that the user named. Another port is another
        program; the names of this machine mean the same one.
        """
        return self.redirects(host, port) or self._is_named(host, port)

    def redirects(self, host: str, port: int) -> bool:
        """Whether requests for an address go to the upstreams instead."""
        if not self._reading.redirects:
            return False
        return self._is_named(host, port) or self._is_public(host, port)

    def _is_named(self, host: str, port: int) -> bool:
        name = _plain(host)
        return (name, port) in self._known or any(
            fnmatchcase(name, pattern) and at in (None, port) for pattern, at in self._also
        )

    def know(self, host: str, port: int) -> None:
        """Take an address for an upstream's, though no request is sent there by choice."""
        self._known.add((name_of(host), port))

    def takes(self, host: str, port: int) -> bool:
        """Whether requests for an address are read. All others are for somebody else."""
        return self._is_named(host, port) or self._is_public(host, port)

    def _is_public(self, host: str, port: int) -> bool:
        return not self._reading.only_upstreams and is_model_api(host, port)

    def passes(self, host: str, port: int) -> bool:
        """Whether requests for an address are passed on untouched, since they are for somebody
        else.
        """
        return not self.takes(host, port) and not self.blocks(host, port)

    def blocks(self, host: str, port: int) -> bool:
        """Whether requests for an address are refused unread. Offline those for a public API are at
        any port: what is not answered from the transcripts must not reach it.
        """
        if port == _NAMES or self.takes(host, port):
            return False
        return self._reading.refuses_others or (self._is_offline and _is_named_api(host))


def is_model_api(host: str, port: int) -> bool:
    """Whether an address is that of a public API of language models, which is recorded without
    being named as an upstream when a program reaches it through the proxy.
    """
    return port == _HTTPS and _is_named_api(host)


def _is_named_api(host: str) -> bool:
    name = _plain(host)
    return name in _EXACT or any(fnmatchcase(name, pattern) for pattern in _PATTERNS)


def _plain(host: str) -> str:
    """The name of a host without the dot that may end it."""
    return name_of(host.removesuffix("."))


def _parse(spec: str) -> tuple[str, int | None]:
    """The pattern and the port of `HOST[:PORT]`; no port if none is given."""
    match = _SPEC.fullmatch(spec)
    port = int(match["port"]) if match and match["port"] else None
    if not match or port == 0 or (port or 0) > _LAST_PORT:
        raise UsageError(f"--also {spec}: expected a host, as HOST or HOST:PORT")
    return name_of(match["host"].strip("[]")), port
