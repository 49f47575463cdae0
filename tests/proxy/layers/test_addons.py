"""Hooks are called as mitmproxy calls them, though their functions are looked up once."""

import asyncio
import logging

import pytest
from mitmproxy import exceptions
from mitmproxy import hooks
from mitmproxy.flow import Flow
from mitmproxy.http import HTTPFlow
from mitmproxy.master import Master
from mitmproxy.proxy.layers.http._hooks import HttpRequestHook
from mitmproxy.test import tflow

from rechat.proxy.layers.addons import call_at_once
from rechat.proxy.layers.addons import speed_up

type Said = list[str]


class First:
    def __init__(self, said: Said) -> None:
        self._said = said

    def request(self, flow: HTTPFlow) -> None:
        self._said.append("first")


class Second:
    def __init__(self, said: Said) -> None:
        self._said = said

    async def request(self, flow: HTTPFlow) -> None:
        await asyncio.sleep(0)
        self._said.append("second")


class Third(First):
    def update(self, flows: list[Flow]) -> None:
        self._said.append(f"update of {len(flows)}")


class Broken:
    def request(self, flow: HTTPFlow) -> None:
        raise RuntimeError("it is broken")


class Last:
    def request(self, flow: HTTPFlow) -> None:
        raise exceptions.AddonHalt


class Outer:
    """An addon with others inside."""

    def __init__(self, *inner: object) -> None:
        self.addons = list(inner)


def calls(*addons: object, is_fast: bool = True) -> None:
    """Ask for one hook of a request."""

    async def main() -> None:
        master = Master(None)
        if is_fast:
            speed_up(master.addons)
        master.addons.add(*addons)
        await master.addons.handle_lifecycle(HttpRequestHook(tflow.tflow()))
        master._legacy_log_events.uninstall()

    asyncio.run(main())


@pytest.mark.parametrize("is_fast", [True, False])
def test_all_are_called_in_their_order_and_halting_ends_that(*, is_fast: bool) -> None:
    said: Said = []
    calls(First(said), Outer(Second(said)), Last(), Third(said), is_fast=is_fast)
    assert said == ["first", "second", "update of 1"]


@pytest.mark.parametrize("is_fast", [True, False])
def test_who_wants_to_know_of_changes_is_told(*, is_fast: bool) -> None:
    said: Said = []
    calls(First(said), Third(said), is_fast=is_fast)
    assert said == ["first", "first", "update of 1"]


@pytest.mark.parametrize("is_fast", [True, False])
def test_one_that_fails_is_told_and_the_others_are_called(
    caplog: pytest.LogCaptureFixture, *, is_fast: bool
) -> None:
    said: Said = []
    with caplog.at_level(logging.ERROR):
        calls(Broken(), First(said), is_fast=is_fast)
    assert said == ["first"]
    assert [record.getMessage() for record in caplog.records] == ["Addon error: it is broken"]


def test_addons_that_come_and_go_later_count() -> None:
    said: Said = []

    async def main() -> None:
        master = Master(None)
        speed_up(master.addons)
        first, event = First(said), HttpRequestHook(tflow.tflow())
        for change in (
            lambda: None,
            lambda: master.addons.add(first),
            lambda: master.addons.remove(first),
        ):
            change()
            await master.addons.trigger_event(event)
            said.append("-")
        await master.addons.trigger_event(hooks.RunningHook())
        master._legacy_log_events.uninstall()

    asyncio.run(main())
    assert said == ["-", "first", "-", "-"]


@pytest.mark.parametrize(
    ("kinds", "heard"),
    [
        ((First,), ["first"]),
        ((Broken, First), ["first"]),
        ((Last, First), []),
        ((), []),
        ((First, Second), None),
        ((First, Third), None),
    ],
    ids=["one", "one fails", "one halts", "nobody", "one may wait", "one wants to know of changes"],
)
def test_a_hook_is_done_at_once_unless_somebody_may_wait(
    kinds: tuple[type, ...], heard: Said | None, caplog: pytest.LogCaptureFixture
) -> None:
    said: Said = []

    async def main() -> None:
        master = Master(None)
        speed_up(master.addons)
        found = call_at_once(master.addons)
        assert found(HttpRequestHook(tflow.tflow())), "there is nobody yet"
        with_name = {First, Second, Third}
        master.addons.add(*(kind(said) if kind in with_name else kind() for kind in kinds))
        assert found(HttpRequestHook(tflow.tflow())) == (heard is not None)
        master._legacy_log_events.uninstall()

    with caplog.at_level(logging.ERROR):
        asyncio.run(main())
    assert said == (heard or []), "mitmproxy calls the others"
    assert len(caplog.records) == kinds.count(Broken)
