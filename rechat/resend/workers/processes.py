"""Workers that are processes of this machine, independent of each other: one that is killed takes
only its own questions with it. (Those of a `ProcessPoolExecutor` all end when one of them does.)
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from multiprocessing.connection import Connection
from typing import Any


class Killed(BrokenExecutor):
    """A worker has ended with a question. What it had received is on its tape."""


class Processes(Executor):
    """A number of processes, each of which runs up to `threads` calls at once."""

    def __init__(self, number: int, threads: int) -> None:
        self._threads = threads
        self._workers = [_Worker(threads) for _ in range(number)]

    def submit(self, call: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        """Have the least busy process run this call; a process that has ended is replaced."""
        self._workers = [
            worker if worker.is_there else _Worker(self._threads) for worker in self._workers
        ]
        return min(self._workers, key=lambda one: one.load).submit(call, *args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  # as in the base class
        """End all processes and their calls."""
        del wait, cancel_futures
        for worker in self._workers:
            worker.end()


class _Worker:
    """One process. When it ends, its pending calls fail."""

    def __init__(self, threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._way, there = context.Pipe()
        self._process = context.Process(target=_work, args=(there, threads), daemon=True)
        self._process.start()
        there.close()
        self._lock = threading.Lock()
        self._numbers = count()
        self._waiting: dict[int, Future[Any]] = {}
        self.is_there = True
        threading.Thread(target=self._listen, name="rechat-worker", daemon=True).start()

    @property
    def load(self) -> int:
        """How many calls wait for it."""
        return len(self._waiting)

    def submit(self, call: Callable[..., Any], *args: Any) -> Future[Any]:
        """Have this called."""
        future: Future[Any] = Future()
        with self._lock:
            if not self.is_there:
                raise BrokenExecutor("the worker has ended")
            number = next(self._numbers)
            self._waiting[number] = future
            try:
                self._way.send((number, call, args))
            except OSError:
                pass  # it has ended: the listening thread reports that
            except BaseException:
                del self._waiting[number]
                raise
        return future

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.join()

    def _listen(self) -> None:
        try:
            while True:
                number, is_fine, told = self._way.recv()
                future = self._waiting.pop(number)
                if future.set_running_or_notify_cancel():
                    future.set_result(told) if is_fine else future.set_exception(told)
        except (EOFError, OSError):
            pass
        with self._lock:
            self.is_there = False
            broken, self._waiting = self._waiting, {}
        for future in broken.values():
            if future.set_running_or_notify_cancel():
                future.set_exception(Killed("the worker was killed"))
        self._way.close()


def _work(way: "Connection[Any, Any]", threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    lock = threading.Lock()

    def do(number: int, call: Callable[..., Any], args: tuple[Any, ...]) -> None:
        try:
            told = (number, True, call(*args))
        except Exception as error:  # noqa: BLE001  # passed to the waiting future
            told = (number, False, error)
        with lock:
            way.send(told)

    pool = ThreadPoolExecutor(threads)
    try:
        while True:
            pool.submit(do, *way.recv())
    except (EOFError, OSError):
        os._exit(0)  # the parent has ended: one that is killed sends no message
