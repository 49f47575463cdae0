"""The redirector of the `local` mode on Linux: a process that mitmproxy starts through sudo, and
that catches in the kernel what programs send.

mitmproxy says that it is up about a second before it catches anything, and leaves it behind when it
ends. So a probe, a process of ours, connects again and again to an address that nobody has until
that arrives here; and at the end the redirector is sent an empty message, after which it ends.
"""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import mitmproxy_rs
from mitmproxy.connection import Client
from mitmproxy.proxy.mode_servers import LocalRedirectorInstance

from rechat.proxy.interception.process_group import ProcessGroup
from rechat.values import UsageError

# What a redirector can hold, of which one is our process and one the probe.
_NAMES = 20 - 2
# A host of TEST-NET-2, which no network has, and the port that throws away what it gets.
_NOBODY = ("198.51.100.1", 9)
# Packets that are not caught go no further than the first router.
_PROBE = f"""
import socket, time
for _ in range(200):
    with socket.socket() as probe:
        probe.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
        probe.settimeout(0.2)
        try:
            probe.connect({_NOBODY})
        except OSError:
            time.sleep(0.02)
        else:
            break
"""
# So many seconds until it catches something, or has ended.
_PATIENCE = 20.0
_LAST_WORDS = 3.0
# The names of the two ends between mitmproxy and it.
_ENDS = ("mitmproxy", "redirector")
_HAS_ENDED = "[linux-redirector] exited"


class Redirector:
    """The addon that knows whether programs are caught; if that ends by itself, `warn` is told.
    Those of a `group` are, and no others. Raises `UsageError` for a mode with more names than a
    redirector can hold.
    """

    def __init__(
        self, mode: str, warn: Callable[[str], None], group: ProcessGroup | None = None
    ) -> None:
        names = mode.partition(":")[2].split(",")
        if len(names) > _NAMES:
            raise UsageError(f"--mode {mode}: {len(names)} names, more than {_NAMES}")
        self._spec = ",".join([*filter(None, names), f"!{os.getpid()}"])
        self._group = group
        self._warn = warn
        self._heard = _Heard(self._on_end)
        self._has_come = asyncio.Event()
        self._has_ended = asyncio.Event()
        self._is_over = False

    def client_connected(self, client: Client) -> None:
        """Look out for the probe, which needs no answer."""
        if client.sockname[:2] == _NOBODY:
            client.error = "the probe of the redirector"
            self._has_come.set()

    async def start(self) -> None:
        """Start it for a group, before mitmproxy does so for the machine. Raises `UsageError`."""
        if not self._group:
            return
        mode = LocalRedirectorInstance
        with self._group.is_all():
            try:
                mode._server = await mitmproxy_rs.local.start_local_redirector(  # noqa: SLF001
                    mode.redirector_handle_stream, mode.redirector_handle_stream
                )
            except (OSError, RuntimeError) as error:
                raise UsageError(f"--mode local: {error}") from None

    async def until_it_catches(self) -> None:
        """Wait until programs are caught, or all is over. Raises `UsageError` if they are not."""
        command = [sys.executable, "-I", "-S", "-c", _PROBE]
        inside = self._group.inside(command) if self._group else command
        probe = await asyncio.create_subprocess_exec(*inside)
        try:
            self._intercept(f"{self._spec},{probe.pid}")
            await _first_of(_PATIENCE, self._has_come, self._has_ended)
        finally:
            with suppress(ProcessLookupError):
                probe.kill()
            await probe.wait()
        self._intercept(self._spec)
        if not self._has_come.is_set() and not self._is_over:
            raise self.problem()

    async def end(self) -> None:
        """Let the redirector go, and wait until it has gone."""
        self._is_over = True
        if not self._has_ended.is_set() and _is_told_to_end():
            await _first_of(_LAST_WORDS, self._has_ended)

    def _intercept(self, spec: str) -> None:
        server = LocalRedirectorInstance._server  # noqa: SLF001  # it has no other face
        if server and not self._is_over:
            server.set_intercept(spec)

    def _on_end(self) -> None:
        self._has_ended.set()
        if self._has_come.is_set() and not self._is_over:
            self._warn(f"{self.problem()}: programs are no longer intercepted")

    def problem(self) -> UsageError:
        """What is wrong with it, in one line."""
        if not self._has_ended.is_set():
            return UsageError(f"--mode local: the redirector catches nothing in {_PATIENCE:g} s")
        last = self._heard.last
        return UsageError(f"--mode local: the redirector has ended{last and f' ({last})'}")


class _Heard(logging.Handler):
    """What the redirector says: a lot, most of it of no use to anybody. `last` is its last line
    before it has ended, which is told on the event loop.
    """

    def __init__(self, on_end: Callable[[], None]) -> None:
        super().__init__()
        self.last = ""
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        says = logging.getLogger("mitmproxy.packet_sources.linux")
        says.handlers = [self]
        says.propagate = False
        says.setLevel(logging.DEBUG)

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of a line."""
        line = record.getMessage().strip()
        if line.startswith(_HAS_ENDED):
            with suppress(RuntimeError):  # the loop has ended before it
                self._loop.call_soon_threadsafe(self._on_end)
        else:
            self.last = line or self.last


def _is_told_to_end() -> bool:
    """Whether there is a redirector that could be told to end. It does when a message is empty; the
    socket that it listens to is mitmproxy's.
    """
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(entry.name))) as found:
            if found.family == socket.AF_UNIX and _ends(found) == _ENDS:
                found.send(b"")
                return True
    return False


def _ends(found: socket.socket) -> tuple[str, str]:
    return Path(found.getsockname()).name, Path(found.getpeername()).name


async def _first_of(patience: float, *events: asyncio.Event) -> None:
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(tasks, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
