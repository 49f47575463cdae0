"""Lines of requests that wait for an upstream."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import pytest

from rechat.proxy.upstreams.line import FullError
from rechat.proxy.upstreams.line import Lines
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.upstreams.upstream import parse_upstream

A, B = parse_upstream("http://a:1"), parse_upstream("http://b:1")


class Rig:
    """Lines for A and B, which have room for so many requests, and who had a turn."""

    def __init__(self, most: int = 1000) -> None:
        self.room = {A: 0, B: 0}
        self.turns: list[str] = []
        self.lines = Lines(self.give_back, most)

    def give_back(self, upstream: Upstream) -> None:
        self.room[upstream] += 1
        self.lines.wake(upstream)

    def take(self, *among: Upstream) -> Upstream | None:
        found = next((one for one in among if self.room[one]), None)
        if found:
            self.room[found] -= 1
        return found

    async def ask(self, name: str, *among: Upstream) -> None:
        await self.lines.wait(among, name[0], lambda: self.take(*among))
        self.turns.append(name)

    async def asked(
        self, *names: str, among: tuple[Upstream, ...] = (A,)
    ) -> list[asyncio.Task[None]]:
        """Those who wait now, in this order."""
        tasks = [asyncio.create_task(self.ask(name, *among)) for name in names]
        await settled()
        return tasks


def on_a_loop(scenario: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """A test of what happens on an event loop."""

    @wraps(scenario)
    def run() -> None:
        asyncio.run(scenario())

    return run


async def settled() -> None:
    for _ in range(4):
        await asyncio.sleep(0)


@on_a_loop
async def test_clients_take_turns() -> None:
    rig = Rig()
    await rig.asked("a1", "a2", "a3", "a4", "b1", "b2", "c1")
    assert rig.lines.waiting(A) == 7
    for _ in range(7):
        rig.give_back(A)
        await settled()
    assert rig.turns == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]
    assert rig.lines.waiting(A) == 0


@on_a_loop
async def test_whoever_finds_room_does_not_wait() -> None:
    rig = Rig()
    rig.room[B] = 1
    await rig.asked("a1", among=(A, B))
    assert rig.turns == ["a1"]


@on_a_loop
async def test_lines_that_wait_for_the_same_upstream_take_turns() -> None:
    rig = Rig()
    await rig.asked("a1", "a2")
    await rig.asked("b1", "b2", among=(A, B))
    for upstream in (A, A, B, A):
        rig.give_back(upstream)
        await settled()
    assert rig.turns == ["a1", "b1", "b2", "a2"]


@on_a_loop
async def test_who_leaves_is_waited_for_no_longer_and_keeps_nothing() -> None:
    rig = Rig()
    first, second, third = await rig.asked("a1", "b1", "c1")
    first.cancel()
    await settled()
    second.cancel()
    rig.give_back(A)  # before the second knows
    await settled()
    assert rig.turns == ["c1"]
    fourth, _ = await rig.asked("d1", "e1")
    rig.give_back(A)  # it is the turn of the fourth, who leaves before it knows
    fourth.cancel()
    await settled()
    assert rig.turns == ["c1", "e1"]
    assert (rig.lines.waiting(A), rig.room[A], third.done()) == (0, 0, True)


@on_a_loop
async def test_a_full_line_sends_the_last_one_away_of_whoever_has_most_in_it() -> None:
    rig = Rig(most=3)
    tasks = await rig.asked("a1", "a2", "a3")
    with pytest.raises(FullError, match="3 requests wait already"):
        await rig.ask("a4", A)
    others = await rig.asked("b1")
    assert [task.done() for task in (*tasks, *others)] == [False, False, True, False]
    with pytest.raises(FullError):
        await tasks[2]
    with pytest.raises(FullError):
        await rig.ask("b2", A)
    for _ in range(3):
        rig.give_back(A)
    await settled()
    assert rig.turns == ["a1", "b1", "a2"]
