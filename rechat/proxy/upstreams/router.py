"""Which endpoint a request goes to."""

from collections.abc import Sequence

from rechat.proxy.upstreams.failover import Failover
from rechat.proxy.upstreams.hosts import Hosts
from rechat.proxy.upstreams.outer_proxy import OuterProxies
from rechat.proxy.upstreams.upstream import Upstream


class Router:
    """Chooses an upstream for each request: by local port, by model, then in turn among equals.
    Without any it is offline. `hosts` tells which addresses are read on the way to others.
    """

    def __init__(
        self,
        upstreams: Sequence[Upstream],
        proxies: OuterProxies | None = None,
        hosts: Hosts | None = None,
    ) -> None:
        self.hosts = hosts or Hosts(upstreams, is_offline=not upstreams)
        self.failover = Failover()
        self.proxies = proxies or OuterProxies({})
        self.upstreams = tuple(upstreams)
        self._turns: dict[tuple[Upstream, ...], int] = {}

    @property
    def is_offline(self) -> bool:
        """Whether there is no upstream at all."""
        return not self.upstreams

    @property
    def asks_by_model(self) -> bool:
        """Whether the model that is asked for decides which upstream is."""
        return len(self.upstreams) > 1 and any(upstream.model for upstream in self.upstreams)

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
