"""Questions asked by workers: processes of this machine, or those of an executor such as Dask's.

Each worker gets a question and a target, and returns the line of its result, which is saved at
once. A worker that ends early takes only its questions with it: they are given to others.
"""

import importlib
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED
from concurrent.futures import BrokenExecutor
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures import wait
from dataclasses import replace
from itertools import islice
from typing import Self

from rechat.resend.client import erase
from rechat.resend.results.options import RunOptions
from rechat.resend.results.result import Result
from rechat.resend.results.result import of_line
from rechat.resend.workers.dask_workers import DaskWorkers
from rechat.resend.workers.order import Order
from rechat.resend.workers.order import ask
from rechat.resend.workers.order import recall
from rechat.resend.workers.processes import Killed
from rechat.resend.workers.processes import Processes
from rechat.values import UsageError

# How many times in a row workers may end, or may end with the same question, before that is not an
# accident.
_MOST_BROKEN = 5


def check_for_workers(options: RunOptions) -> None:
    """Raises `UsageError` for options that workers cannot support: they share neither a clock nor
    the previous answer.
    """
    if options.rate:
        raise UsageError(
            "--rate needs one clock: with workers, say how many are asked at once, --at"
        )
    if options.history == "live":
        raise UsageError("--history live needs one process: leave out --workers and --executor")


def executor_named(name: str, workers: int, at: int) -> Callable[[], Executor]:
    """A factory for the executor that `--executor` names: `dask:ADDRESS`, or `MODULE:FUNCTION`,
    which is called and returns a `concurrent.futures.Executor`; without a name, processes of this
    machine, which together ask `at` questions at once. Raises `UsageError`.
    """
    if not name:
        return lambda: Processes(workers, math.ceil(at / workers))
    module, _, rest = name.partition(":")
    if module == "dask":
        return _dask(rest)
    try:
        made = getattr(importlib.import_module(module), rest)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            f"--executor {name}: {error}; expected dask:ADDRESS, or MODULE:FUNCTION, which gives a "
            "concurrent.futures.Executor"
        ) from None
    return lambda: _checked(name, made())


def _dask(address: str) -> Callable[[], Executor]:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise UsageError("--executor dask:…: install Dask first: pip install distributed") from None

    def connect() -> Executor:
        try:
            client = distributed.Client(address, timeout=10)
        except OSError as error:
            raise UsageError(f"--executor dask:{address}: nobody answers there: {error}") from None
        return DaskWorkers(client, recall)

    return connect


def _checked(name: str, made: object) -> Executor:
    if not isinstance(made, Executor):
        raise UsageError(f"--executor {name}: it gave {made!r}, and no Executor")
    return made


class Workers:
    """Submits questions to the workers of an executor, at most `at` of them at once."""

    def __init__(self, make: Callable[[], Executor], at: int) -> None:
        self._make = make
        self._at = at
        self._executor = make()
        self._broken = 0
        self._waiting: dict[Future[str], Order] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for future in self._waiting:
            future.cancel()  # not every executor supports this
        self._executor.shutdown(wait=False)

    def ask_all(self, orders: Iterator[Order], is_enough: Callable[[], bool]) -> Iterator[Result]:
        """The results of all questions as they arrive; no new one is asked once it `is_enough`.
        Raises `UsageError` if workers end again and again.
        """
        begun = time.time()
        waiting = self._waiting
        while True:
            room = 0 if is_enough() else self._at - len(waiting)
            for order in islice(orders, room):
                waiting[self._submit(order)] = order
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                order = waiting.pop(future)
                try:
                    line = future.result()
                except BrokenExecutor as error:
                    again = _again(order, error)
                    self._count_broken(error, self._at)
                    if again.ended < _MOST_BROKEN:
                        waiting[self._submit(again)] = again
                    else:
                        yield _lost(again, begun)
                else:
                    self._broken = 0
                    yield _kept(line, begun)
                    self._erase(order)

    def _erase(self, order: Order) -> None:
        """Remove the tape of an answer that is now saved."""
        erase([order.tape])
        if isinstance(self._executor, DaskWorkers):
            self._executor.erase(order.tape)

    def _submit(self, order: Order) -> Future[str]:
        """Have it asked, by new workers if the previous ones have ended."""
        while True:
            try:
                return self._executor.submit(ask, order)
            except BrokenExecutor as error:
                self._count_broken(error)
                self._executor = self._make()

    def _count_broken(self, error: BrokenExecutor, at: int = 1) -> None:
        """Count that workers ended, with up to `at` questions at once. Raises `UsageError` if that
        is all that happens.
        """
        self._broken += 1
        if self._broken > _MOST_BROKEN * at:
            raise UsageError(f"the workers end again and again: {error}") from error


def _again(order: Order, error: BrokenExecutor) -> Order:
    """The order for another attempt. If its worker's tape is out of reach, it counts as lost."""
    lost = order.lost + (not isinstance(error, Killed))
    return replace(order, lost=lost, ended=order.ended + 1)


def _lost(order: Order, begun: float) -> Result:
    """The result of a question whose workers all ended."""
    question, request = order.asked.question, order.asked.request
    return Result(
        question.name,
        question.key,
        order.take,
        request.api,
        time.time() - begun,
        0.0,
        failure=f"each of the {order.ended} workers that asked it ended",
        tries=order.ended,
        model=request.model,
        lost=order.ended,
    )


def _kept(line: str, begun: float) -> Result:
    """The result in a worker's line, with its time as seconds after the beginning of the run; it
    may have been received before that.
    """
    result = of_line(line.encode("utf-8", "surrogatepass"))
    assert result
    return replace(result, sent=max(result.sent - begun, 0.0))
