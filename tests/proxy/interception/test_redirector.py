"""The redirector is up when a probe has been caught, and is told to end. Here it is a stand-in:
`tests/e2e/test_namespaces.py` has the real one.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from mitmproxy.connection import Client
from mitmproxy.proxy.mode_servers import LocalRedirectorInstance

from rechat.proxy.interception import redirector
from rechat.proxy.interception.redirector import Redirector
from rechat.values import UsageError

PROBED = ("198.51.100.1", 9)
SAYS = logging.getLogger("mitmproxy.packet_sources.linux")


class StandIn:
    """It keeps what is to be intercepted."""

    def __init__(self) -> None:
        self.specs: list[str] = []
        self.changed = asyncio.Event()

    def set_intercept(self, spec: str) -> None:
        self.specs.append(spec)
        self.changed.set()


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    found = StandIn()
    monkeypatch.setattr(LocalRedirectorInstance, "_server", found)
    monkeypatch.setattr(redirector, "_PROBE", "import time; time.sleep(60)")
    yield found
    SAYS.handlers = []


def connection(address: tuple[str, int]) -> Client:
    return Client(peername=("192.0.2.2", 1), sockname=address)


async def begun(
    stand_in: StandIn, mode: str, told: list[str]
) -> tuple[Redirector, "asyncio.Task[None]"]:
    """A redirector whose probe has started."""
    found = Redirector(mode, told.append)
    waiting = asyncio.ensure_future(found.until_it_catches())
    await stand_in.changed.wait()
    return found, waiting


def test_it_is_up_when_the_probe_has_come_and_not_before(stand_in: StandIn) -> None:
    async def main() -> None:
        found, waiting = await begun(stand_in, "local:curl", [])
        other, probe = connection(("192.0.2.1", 443)), connection(PROBED)
        found.client_connected(other)
        assert other.error is None
        assert not waiting.done()
        found.client_connected(probe)
        assert probe.error
        await waiting

    asyncio.run(main())
    own = f"curl,!{os.getpid()}"
    assert len(stand_in.specs) == 2
    assert stand_in.specs[0].startswith(f"{own},")
    assert stand_in.specs[1] == own


def test_one_that_ends_before_it_catches_is_an_error_with_its_last_line(stand_in: StandIn) -> None:
    async def main() -> None:
        _, waiting = await begun(stand_in, "local", [])
        SAYS.warning("Error: eBPF is not allowed")
        SAYS.warning("")
        SAYS.error("[linux-redirector] exited: 1")
        await waiting

    with pytest.raises(UsageError, match=r"has ended \(Error: eBPF is not allowed\)$"):
        asyncio.run(main())


def test_one_that_catches_nothing_is_an_error(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redirector, "_PATIENCE", 0)

    async def main() -> None:
        await Redirector("local", print).until_it_catches()

    with pytest.raises(UsageError, match="the redirector catches nothing"):
        asyncio.run(main())


def test_one_that_ends_later_is_told(stand_in: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    async def main() -> None:
        found, waiting = await begun(stand_in, "local:a,b", told)
        found.client_connected(connection(PROBED))
        await waiting
        SAYS.error("[linux-redirector] exited: 1")
        await asyncio.sleep(0)
        await found.end()

    asyncio.run(main())
    assert [line.partition(": programs")[1:] for line in told] == [
        (": programs", " are no longer intercepted")
    ]
    assert not caplog.records


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system shows no descriptors")
def test_it_is_told_to_end_by_an_empty_message(stand_in: StandIn, tmp_path: Path) -> None:
    async def main() -> None:
        found, waiting = await begun(stand_in, "local", [])
        ending = asyncio.ensure_future(found.end())
        assert await asyncio.to_thread(theirs.recv, 10) == b""
        assert not ending.done()
        SAYS.debug("[linux-redirector] exited successfully.")
        await ending
        waiting.cancel()
        await asyncio.wait({waiting})  # else the probe is left to the end of the loop

    ours, theirs = (socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2))
    with ours, theirs:
        ours.bind(str(tmp_path / "mitmproxy"))
        theirs.bind(str(tmp_path / "redirector"))
        ours.connect(str(tmp_path / "redirector"))
        asyncio.run(main())


def test_more_names_than_it_can_hold_are_an_error() -> None:
    async def main(count: int) -> None:
        Redirector("local:" + ",".join(map(str, range(count))), print)

    asyncio.run(main(18))
    with pytest.raises(UsageError, match="19 names, more than 18"):
        asyncio.run(main(19))
