"""Processes of rechat that begin in an interpreter which has imported what rechat imports from others.

Tests start rechat hundreds of times, and two thirds of each start are imports of mitmproxy and its
like. So one interpreter for each process of tests has imported those, and forks for each start; what
is of rechat itself each child imports by itself, as `python -m rechat` does. All else is as in a fresh
interpreter: arguments, environment, working folder, descriptors, and how it ends.
"""

import atexit
import functools
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

# The roots of what rechat imports from others: what these import comes along.
_OTHERS = (
    *("mitmproxy.addons.tlsconfig", "mitmproxy.http", "mitmproxy.master"),
    *("mitmproxy.proxy.layers", "mitmproxy.proxy.mode_servers"),
    *("asyncio", "filelock", "mistune", "msgspec", "rich.console", "ruamel.yaml", "typer"),
)
# What an interpreter reads of its environment as it starts.
_READ_ONCE = ("PYTHON", "LD_", "LC_", "LANG")
_LONGEST = 1 << 17


def _read_once(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(_READ_ONCE) and name != "PYTHONUNBUFFERED"
    }


_ENVIRONMENT = _read_once(os.environ)


def is_warm(environment: Mapping[str, str]) -> bool:
    """Whether a process with this environment can begin here: on Linux, if its interpreter would be
    like this one.
    """
    return sys.platform == "linux" and _read_once(environment) == _ENVIRONMENT


@functools.cache
def _interpreter() -> socket.socket:
    """Where the interpreter takes orders. It ends with this process, which holds the other end."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        started = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )

    def end() -> None:
        ours.close()
        started.wait()

    atexit.register(end)
    return ours


class Warm:
    """`python -m rechat ARGUMENTS`; what tests need of a `Popen`."""

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        descriptors: Sequence[int],
    ) -> None:
        self.args = ["rechat", *arguments]
        self.returncode: int | None = None
        told, tells = os.pipe()
        self._told = os.fdopen(told, "rb", buffering=0)
        order = json.dumps([self.args, str(folder), dict(environment)]).encode()
        try:
            socket.send_fds(_interpreter(), [order], [*descriptors, tells])
        finally:
            os.close(tells)
        self.pid = int.from_bytes(self._told.read(4))

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code when it has ended. Raises `subprocess.TimeoutExpired`."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            code = self._told.read(4)
            assert code, "who waited for it was killed"
            self.returncode = int.from_bytes(code, signed=True)
            self._told.close()
        return self.returncode

    def poll(self) -> int | None:
        """Its exit code if it has ended."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number: int) -> None:
        """Send it a signal unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _next(orders: socket.socket) -> tuple[list[str], str, dict[str, str]]:
    """The next order, in a process of its own. The one that takes orders never returns from here."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        order, descriptors, _, _ = socket.recv_fds(orders, _LONGEST, 4)
        if not order:
            sys.exit()
        if os.fork() == 0:
            break
        for descriptor in descriptors:
            os.close(descriptor)
    # A second fork, and the first one waits for it: only a parent hears how a process ends.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, tells = descriptors
    child = os.fork()
    if child:
        for descriptor in (0, 1, 2, *streams):
            os.close(descriptor)
        os.write(tells, child.to_bytes(4))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(tells, code.to_bytes(4, signed=True))
        os._exit(0)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
    orders.detach()
    os.closerange(3, 1 << 16)
    arguments, folder, environment = json.loads(order)
    return arguments, folder, environment


def _main() -> None:
    for name in _OTHERS:
        import_module(name)
    gc.freeze()
    arguments, folder, environment = _next(socket.socket(fileno=int(sys.argv[1])))
    # A shell's `nohup` would have the child ignore it too, and some tests hang up.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    # Those of this interpreter have found out what their descriptors were before.
    said, errors = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    is_unbuffered = "PYTHONUNBUFFERED" in environment
    said.reconfigure(write_through=is_unbuffered)
    errors.reconfigure(write_through=is_unbuffered, line_buffering=True, errors="backslashreplace")
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0, closefd=False), said, errors
    sys.path[0] = folder
    sys.argv = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
