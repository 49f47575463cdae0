"""Which endpoint a request goes to."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rechat.proxy.upstreams.balance import Balance
from rechat.proxy.upstreams.failover import Health
from rechat.proxy.upstreams.hosts import Hosts
from rechat.proxy.upstreams.line import Lines
from rechat.proxy.upstreams.outgoing import home_of
from rechat.proxy.upstreams.table import Ask
from rechat.proxy.upstreams.table import Table
from rechat.proxy.upstreams.upstream import Upstream
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import OuterProxies


class Router:
    """Chooses an upstream for each request, and the next one if it fails. Without any it is
    offline. `hosts` tells which addresses are read on the way to others, and `first_byte` is how
    many seconds an upstream may take to begin, if the user has said so. `keys` are the upstreams'
    own, by their `key_env`.
    """

    def __init__(
        self,
        upstreams: Sequence[Upstream],
        proxies: OuterProxies | None = None,
        hosts: Hosts | None = None,
        first_byte: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        self.keys = keys or {}
        self.clock = clock
        self.hosts = hosts or Hosts(upstreams, is_offline=not upstreams)
        self.first_byte = first_byte
        self.health = Health()
        self.proxies = proxies or OuterProxies({})
        self.table = Table(upstreams)
        self.balance = Balance(self.upstreams)
        self.has_limits = any(one.limit for one in self.upstreams)
        self._lines = Lines(self.release)
        self.has_several_hosts = len({one.address for one in self.upstreams}) > 1
        """Whether a cookie that one upstream sets could come back to another: to a client all of
        them are one host.
        """

    @property
    def upstreams(self) -> tuple[Upstream, ...]:
        """All of them, each with a name."""
        return self.table.upstreams

    @property
    def is_offline(self) -> bool:
        """Whether there is no upstream at all."""
        return not self.upstreams

    @property
    def asks_by_model(self) -> bool:
        """Whether the model that is asked for decides which upstream is."""
        return len(self.upstreams) > 1 and any(upstream.model for upstream in self.upstreams)

    def is_home(self, upstream: Upstream, ask: Ask) -> bool:
        """Whether an upstream gets the credentials of the client: to name another upstream does
        not make them meant for that one.
        """
        home = home_of(self.table.fitting(replace(ask, pin="")) or self.table.upstreams)
        return upstream.client_key or home == upstream.address

    def choose(self, ask: Ask, tried: Sequence[Upstream] = ()) -> Upstream | None:
        """The upstream that is asked next, however much it has to do; None if all that fit were
        tried.
        """
        well = self.health.candidates(self.table.fitting(ask), tried, self.clock())
        return self._one_of(well, ask)

    async def take(
        self, ask: Ask, tried: Sequence[Upstream] = (), only: Upstream | None = None
    ) -> Upstream | None:
        """The upstream that is asked next (`only` that one, if it is given), which counts the
        request from now on. If all have as many as they take at a time it is waited for, in a line
        of which clients take turns. None if all that fit were tried. Raises `FullError`.
        """
        fitting = (only,) if only else self.table.fitting(ask)
        left = tuple(one for one in fitting if one not in tried)
        if not self.health.candidates(left, tried, self.clock()):
            return None

        def with_room() -> Upstream | None:
            well = self.health.candidates(left, tried, self.clock())
            found = self._one_of([one for one in well if self._has_room(one)], ask)
            if found:
                self.begin(found)
            return found

        if not self.has_limits:
            return with_room()
        return await self._lines.wait(left, ask.client, with_room)

    def _has_room(self, upstream: Upstream) -> bool:
        return not upstream.limit or self.balance.loads[upstream].in_flight < upstream.limit

    def _one_of(self, candidates: Sequence[Upstream], ask: Ask) -> Upstream | None:
        if not candidates:
            return None
        return self.balance.choose(candidates, ask.conversation if ask.continues else "")

    def everyone(self, ask: Ask) -> tuple[Upstream, ...]:
        """All that fit: first the one of the table that is first and well, then the others."""
        fitting = self.table.fitting(ask)
        first = self.health.candidates(fitting, (), self.clock())[:1]
        return first + tuple(one for one in fitting if one not in first)

    def has_next(self, ask: Ask, tried: Sequence[Upstream]) -> bool:
        """Whether another one would be left."""
        return bool(self.health.candidates(self.table.fitting(ask), tried, self.clock()))

    def begin(self, upstream: Upstream) -> None:
        """A request is sent to an upstream."""
        self.health = self.health.tried(upstream, self.clock())
        self.balance.begin(upstream)

    def release(self, upstream: Upstream) -> None:
        """A request to an upstream is over, in whatever way."""
        self.balance.end(upstream)
        self._lines.wake(upstream)

    def answered(self, upstream: Upstream, asked: float, ask: Ask) -> None:
        """An upstream that was asked at a time has begun to answer."""
        self.health = self.health.works(upstream)
        self.balance.answered(upstream, self.clock() - asked, ask.conversation)

    def failed(
        self, upstream: Upstream, asked: float, reason: str, wish: float | None = None
    ) -> None:
        """An upstream that was asked at a time has failed; `wish` is for how many seconds it wants
        to be left alone.
        """
        self.health = self.health.failed(upstream, asked, self.clock(), wish)
        self.balance.failed(upstream, reason)

    def table_now(self) -> list[Json]:
        """The upstreams as they are now, for people: what is in flight (of `limit` at most; 0: any
        number) and waits for that, how many were asked and failed, the time to the first byte, and
        for how long one is left alone, and why.
        """
        return [self._now(one) for one in self.upstreams]

    def _now(self, upstream: Upstream) -> JsonObject:
        load = self.balance.loads[upstream]
        return {
            "name": upstream.name,
            "url": str(upstream),
            "model": upstream.model,
            "rename": upstream.rename,
            "key_env": upstream.key_env,
            "weight": upstream.weight,
            "in_flight": load.in_flight,
            "limit": upstream.limit,
            "waiting": self._lines.waiting(upstream),
            "asked": load.asked,
            "failed": load.failed,
            "first_byte_ms": round(load.latency * 1000, 1),
            "left_alone_s": round(self.health.is_resting(upstream, self.clock()), 1),
            "reason": load.reason,
        }
