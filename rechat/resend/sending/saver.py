"""A process that parses and saves the results of a load. Parsing a long answer takes milliseconds,
in which no other thread of its process runs Python: in the sending process, all times would be
late.

It receives results at once, parses them when nobody else needs the processor, and ends when it has
saved all, even if the sender was killed meanwhile.
"""

import asyncio
import multiprocessing
import os
import pickle
import select
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, cast

from filelock import FileLock

from rechat.resend.results.raw import Raw
from rechat.resend.results.run_folder import ResultFile
from rechat.values import own_patterns
from rechat.values import redact_also

type Spent = tuple[str, tuple[int, int] | None]
"""The model that answered, and its input and output tokens if it counts them."""

_LENGTH = 4
_BEGUN = b"!"
# At most this many bytes may wait, here to be sent and there to be parsed, before sending pauses.
_MOST_UNSENT = 1 << 20
_MOST_UNREAD = 64 << 20
_AT_A_TIME = 1 << 18
_NICE = 10


class Saver:
    """Starts the process for the duration of a block; it holds `lock` until it ends. The cost of
    each result is reported only if it `tells_cost`, since that takes time from the sender.
    """

    def __init__(self, lock: FileLock, *, tells_cost: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self._socket, there = socket.socketpair()
        self._process = context.Process(
            target=_work,
            args=(there, lock.lock_file, own_patterns()),
            kwargs={"tells_cost": tells_cost},
            daemon=True,
        )
        self._process.start()
        there.close()

    def __enter__(self) -> Self:
        if not self._socket.recv(len(_BEGUN)):
            raise ChildProcessError(_ENDED)
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.join()

    async def handover(self, path: Path, heard: Callable[[Spent], None]) -> "Handover":
        """The connection from a loop to the process, for the results of one target, which are saved
        in a file of a run. `heard` is called with the cost of each.
        """
        way = Handover(path, heard)
        own = self._socket.dup()
        own.settimeout(0)
        await asyncio.get_running_loop().create_connection(lambda: way, sock=own)
        return way


class Handover(asyncio.Protocol):
    """Sends results to the process. What was sent is saved even if this process is killed;
    `problem` is why no more can be saved.
    """

    def __init__(self, path: Path, heard: Callable[[Spent], None]) -> None:
        self.problem: Exception | None = None
        self._path = str(path)
        self._heard = heard
        self._answers = Messages()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._is_flushed = asyncio.Event()

    async def keep(self, raw: Raw) -> None:
        """Send a result; waits if there is no room for it."""
        self._transport.write(message((self._path, raw)))
        await self._has_room.wait()

    async def close(self) -> None:
        """Wait until all is saved. Raises any error that occurred meanwhile."""
        self._transport.write(message(None))
        await self._is_flushed.wait()
        self._transport.close()
        if self.problem:
            raise self.problem

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(_MOST_UNSENT)

    def pause_writing(self) -> None:
        """Called by the loop when too much waits to be sent."""
        self._has_room.clear()

    def resume_writing(self) -> None:
        """Called by the loop when there is room again."""
        self._has_room.set()

    def data_received(self, data: bytes) -> None:
        """Called by the loop with data from the process."""
        self._answers.add(data)
        for told in self._answers.take():
            match told:
                case Exception():
                    self.problem = self.problem or told
                case (model, tokens):
                    self._heard((model, tokens))
                case _:
                    self._is_flushed.set()

    def connection_lost(self, _: Exception | None) -> None:
        """Called by the loop when the process has ended."""
        if not self._is_flushed.is_set():
            self.problem = self.problem or ChildProcessError(_ENDED)
        self._has_room.set()
        self._is_flushed.set()


_ENDED = "the process that keeps the results has ended"


def message(told: object) -> bytes:
    """A value, encoded for the other process."""
    data = pickle.dumps(told)
    return len(data).to_bytes(_LENGTH) + data


class Messages:
    """Decodes messages from bytes incrementally."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def __len__(self) -> int:
        return len(self._rest)

    def add(self, data: bytes) -> None:
        """Add received bytes."""
        self._rest += data

    def take(self) -> Iterator[Any]:
        """The complete messages, in order; more bytes may be added between two."""
        while len(self._rest) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._rest[:_LENGTH])
            if len(self._rest) < end:
                return
            with memoryview(self._rest) as rest:
                told = pickle.loads(rest[_LENGTH:end])  # noqa: S301  # from our own process
            del self._rest[:end]
            yield told


def _work(there: socket.socket, lock: str, secrets: Mapping[str, str], *, tells_cost: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    _give_way()
    redact_also(secrets)
    with FileLock(lock):
        there.sendall(_BEGUN)
        _keep_all(there, tells_cost=tells_cost)


def _give_way() -> None:
    """Run only when no other process wants to, where the system supports it."""
    if hasattr(os, "sched_setscheduler"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    if hasattr(os, "nice"):
        os.nice(_NICE)


def _keep_all(there: socket.socket, *, tells_cost: bool) -> None:
    files: dict[str, ResultFile] = {}
    come = Messages()
    is_open = True
    while is_open:
        is_open = _take_in(there, come)
        for told in come.take():
            answer = _answer(told, files)
            if tells_cost or not isinstance(answer, tuple):
                _send(there, answer)
            is_open = _take_in(there, come, waits=False)


def _take_in(there: socket.socket, come: Messages, *, waits: bool = True) -> bool:
    """Receive results; returns whether more may come. Waits for the first of them."""
    there.settimeout(0)
    if waits:
        select.select([there], [], [])
    with suppress(BlockingIOError):
        while len(come) < _MOST_UNREAD:
            data = there.recv(_AT_A_TIME)
            if not data:
                return False
            come.add(data)
    return True


def _send(there: socket.socket, told: object) -> None:
    there.settimeout(None)
    with suppress(ConnectionError):  # the parent is gone: what it sent is saved all the same
        there.sendall(message(told))


def _answer(told: tuple[str, Raw] | None, files: dict[str, ResultFile]) -> object:
    """The cost of a result that is now saved, or why it cannot be saved; nothing for a message that
    only asks whether all before it are saved.
    """
    if not told:
        return None
    path, raw = told
    try:
        file = files.get(path) or files.setdefault(path, ResultFile(Path(path)))
        result = raw.read()
        file.add(result)
    except OSError as error:
        return error
    except Exception as error:  # noqa: BLE001  # reported to the other process
        return ChildProcessError(f"{type(error).__name__}: {error}")
    return result.model, result.tokens
