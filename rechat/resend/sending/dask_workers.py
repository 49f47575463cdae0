"""The workers of a Dask cluster, so that none asks what another was answered already.

Dask runs a task once more if its worker ended, or if the result was still there and nobody had
fetched it. So the scheduler keeps a note of each task: how often it was begun, and the line of its
result as soon as it is there. A task that finds a line gives that, and asks nothing. There are as
many notes as questions are under way at once; a task whose note is another's was answered long ago.
"""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from concurrent.futures import Executor
from concurrent.futures import Future
from dataclasses import dataclass
from dataclasses import replace
from importlib import import_module
from typing import Any
from uuid import uuid4

# So many seconds a note may take.
_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Errand[T]:
    """A task: an order, who asks it, and the number under which it stands in its note."""

    ask: Callable[[T], str]
    order: T
    note: str
    number: int


class DaskWorkers(Executor):
    """Hands orders to a cluster. They say how often they were `lost`."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._name = f"rechat-{uuid4().hex}"
        self._number = 0
        self._notes: list[str] = []
        self._free: list[str] = []

    def submit(self, ask: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        """Have a worker ask an order. Raises `BrokenExecutor` if the cluster is gone."""
        (order,) = args
        self._number += 1
        note = self._free.pop() if self._free else self._new_note()
        try:
            _variable(note, self._client).set([self._number, order.lost, b""])
            task = self._executor.submit(run_once, Errand(ask, order, note, self._number))
        except Exception as error:
            raise BrokenExecutor(f"the scheduler is gone: {error}") from error
        found: Future[str] = Future()
        task.add_done_callback(lambda ended: self._end(ended, found, note))
        return found

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  # as its base has it
        """Let the workers go."""
        del cancel_futures
        self._executor.shutdown(wait=wait)
        for note in self._notes:
            _variable(note, self._client).delete()

    def _new_note(self) -> str:
        self._notes.append(f"{self._name}-{len(self._notes)}")
        return self._notes[-1]

    def _end(self, task: Future[str], found: Future[str], note: str) -> None:
        self._free.append(note)
        if not found.set_running_or_notify_cancel():
            return
        error = None if task.cancelled() else task.exception()
        if task.cancelled() or type(error).__name__ == "KilledWorker":
            found.set_exception(BrokenExecutor(str(error or "the cluster dropped the question")))
        elif error:
            found.set_exception(error)
        elif line := task.result():
            found.set_result(line)
        else:
            found.set_exception(BrokenExecutor("two workers took themselves for the only one"))


def run_once[T](errand: Errand[T]) -> str:
    """The line of the result of an order; it is asked if the note has none. Empty if the note is
    that of another one: then nobody waits for this. Runs in a worker.
    """
    note = _variable(errand.note)
    number, lost, line = note.get(timeout=_PATIENCE)
    if number != errand.number:
        return ""
    if not line:
        note.set([number, lost + 1, b""])
        order = replace(errand.order, lost=lost)  # type: ignore[type-var]  # an order is a dataclass
        line = errand.ask(order).encode("utf-8", "surrogatepass")
        note.set([number, lost + 1, line])
    return str(line, "utf-8", "surrogatepass")


def _variable(name: str, client: Any = None) -> Any:
    return import_module("distributed").Variable(name, client=client)
