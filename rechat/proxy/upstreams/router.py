"""Which endpoint a request goes to, and which addresses are read on the way to others."""

from collections.abc import Sequence

from rechat.proxy.upstreams.failover import Failover
from rechat.proxy.upstreams.outer_proxy import OuterProxies
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.upstreams.upstream import name_of

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


def is_model_api(host: str, port: int) -> bool:
    """Whether an address is that of a public API of language models, which is recorded without
    being named as an upstream when a program reaches it through the proxy.
    """
    return port == 443 and host.lower() in MODEL_APIS


class Router:
    """Chooses an upstream for each request: by local port, by model, then in turn among equals.
    Without any it is offline.
    """

    def __init__(self, upstreams: Sequence[Upstream], proxies: OuterProxies | None = None) -> None:
        self.failover = Failover()
        self.proxies = proxies or OuterProxies({})
        self.upstreams = tuple(upstreams)
        self._known = {(name_of(upstream.host), upstream.port) for upstream in self.upstreams}
        self._turns: dict[tuple[Upstream, ...], int] = {}

    @property
    def is_offline(self) -> bool:
        """Whether there is no upstream at all."""
        return not self.upstreams

    @property
    def asks_by_model(self) -> bool:
        """Whether the model that is asked for decides which upstream is."""
        return len(self.upstreams) > 1 and any(upstream.model for upstream in self.upstreams)

    def knows(self, host: str, port: int) -> bool:
        """Whether an address is that of an upstream. Another port is another program; the names of
        this machine mean the same one.
        """
        return (name_of(host), port) in self._known

    def know(self, host: str, port: int) -> None:
        """Take an address for an upstream's, though no request is sent there by choice."""
        self._known.add((name_of(host), port))

    def passes(self, host: str, port: int) -> bool:
        """Whether requests for an address are passed on untouched, since they are for somebody
        else. Offline nothing is.
        """
        return not self.is_offline and not self.takes(host, port)

    def takes(self, host: str, port: int) -> bool:
        """Whether requests for an address are read: those for an upstream or a public model API.
        All others are for somebody else.
        """
        return self.knows(host, port) or is_model_api(host, port)

    def choose(self, model: str, local_port: int) -> Upstream:
        """The upstream whose turn it is among those that fit best and have not failed of late."""
        best = self._fitting(model, local_port)
        turn = self._turns.get(best, 0)
        self._turns[best] = turn + 1
        well = self.failover.candidates(best)
        return well[turn % len(well)]

    def next_after(self, tried: Sequence[Upstream], model: str, local_port: int) -> Upstream | None:
        """The upstream to ask when others have failed; None if no other fits."""
        left = self.failover.candidates(self._fitting(model, local_port), tried)
        return left[0] if left else None

    def _fitting(self, model: str, local_port: int) -> tuple[Upstream, ...]:
        fitting = tuple(
            upstream for upstream in self.upstreams if upstream.local_port == local_port
        )
        if not fitting:
            fitting = (
                tuple(upstream for upstream in self.upstreams if upstream.local_port is None)
                or self.upstreams
            )
        named = tuple(upstream for upstream in fitting if upstream.model == model and model)
        return named or tuple(upstream for upstream in fitting if not upstream.model) or fitting
