"""The workers of a Dask cluster, coordinated so that none asks a question that another has already
got answered.

1. Dask runs a task again if its worker ended, or if nobody had fetched its result yet. So the
   scheduler keeps a note of each task: on which machine it was begun, and the line of its result as
   soon as there is one. A task that finds a line returns that.
2. What a worker has received is on a tape on its machine. A task that was begun on the same machine
   finds it there; if it was begun on another one, the workers of all machines are asked for it.
3. There are as many notes as questions in flight; a task whose note belongs to another one was
   answered long ago.
"""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import replace
from importlib import import_module
from itertools import count
from typing import Any
from uuid import uuid4

from rechat.resend.client import erase
from rechat.resend.client import shelf
from rechat.resend.workers.order import Order
from rechat.resend.workers.processes import Killed

# The timeout of an operation on a note, in seconds.
_PATIENCE = 30
# This many tapes of saved answers are removed at a time.
_AT_A_TIME = 50

type Ask = Callable[[Order], str]
"""Asks an order; the line of its result."""

type Recall = Callable[[Order], tuple[str, int]]
"""What this machine has heard of an order: the line, empty if none; and how often it was lost."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A task: an order, who asks it, and its number in its note."""

    ask: Ask
    order: Order
    note: str
    number: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A task was begun on a machine other than this one, which has received nothing of it."""

    shelf: str


class DaskWorkers(Executor):
    """Submits orders to a cluster."""

    def __init__(self, client: Any, recall: Recall) -> None:
        self._client = client
        self._recall = recall
        self._executor = client.get_executor(pure=False)
        self._asking_around = ThreadPoolExecutor(1)
        self._name = f"rechat-{uuid4().hex}"
        self._numbers = count(1)
        self._notes: list[str] = []
        self._free: list[str] = []
        self._kept: list[str] = []

    def submit(self, ask: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        """Have a worker ask an order. Raises `BrokenExecutor` if the cluster is gone."""
        (order,) = args
        note = self._free.pop() if self._free else self._new_note()
        found: Future[str] = Future()
        self._begin(Errand(ask, order, note, next(self._numbers)), found)
        return found

    def erase(self, tape: str) -> None:
        """Have the tape of a saved answer removed, sooner or later."""
        self._kept.append(tape)
        if len(self._kept) >= _AT_A_TIME:
            self._erase_all()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  # as in the base class
        """Release the workers."""
        del cancel_futures
        self._asking_around.shutdown(wait=wait)
        self._executor.shutdown(wait=wait)
        self._erase_all()
        for note in self._notes:
            _variable(note, self._client).delete()

    def _erase_all(self) -> None:
        kept, self._kept = self._kept, []
        self._client.run(erase, kept, on_error="ignore")

    def _new_note(self) -> str:
        self._notes.append(f"{self._name}-{len(self._notes)}")
        return self._notes[-1]

    def _begin(self, errand: Errand, found: Future[str]) -> None:
        try:
            _variable(errand.note, self._client).set([errand.number, "", b""])
            task = self._executor.submit(run_once, errand)
        except Exception as error:
            raise BrokenExecutor(f"the scheduler is gone: {error}") from error
        task.add_done_callback(lambda ended: self._end(ended, errand, found))

    def _end(self, task: Future[str | Elsewhere], errand: Errand, found: Future[str]) -> None:
        error = None if task.cancelled() else task.exception()
        if task.cancelled() or type(error).__name__ == "KilledWorker":
            error = Killed(str(error or "the cluster dropped the question"))
        told = error or task.result()
        if isinstance(told, Elsewhere):
            self._asking_around.submit(self._ask_around, told, errand, found)
        else:
            self._give(told or Killed("its note is that of another question"), errand, found)

    def _give(self, told: str | BaseException, errand: Errand, found: Future[str]) -> None:
        self._free.append(errand.note)
        if not found.set_running_or_notify_cancel():
            return
        if isinstance(told, str):
            found.set_result(told)
        else:
            found.set_exception(told)

    def _ask_around(self, begun: Elsewhere, errand: Errand, found: Future[str]) -> None:
        """Search other machines for what they have received of an order, and have it asked if that
        is incomplete.
        """
        try:
            told = self._client.run(heard_here, self._recall, errand.order, on_error="ignore")
            machines = {shelf: (line, lost) for shelf, line, lost in told.values()}
            if line := next((line for line, _ in machines.values() if line), ""):
                self._give(line, errand, found)
                return
            lost = sum(lost for _, lost in machines.values()) + (begun.shelf not in machines)
            # Everything on its tapes has been counted: they are not searched again.
            order = replace(errand.order, lost=lost, tape=f"{errand.order.tape}.again")
            self._begin(replace(errand, order=order, number=next(self._numbers)), found)
        except Exception as error:  # noqa: BLE001  # passed to the waiting future
            self._give(BrokenExecutor(str(error)), errand, found)


def heard_here(recall: Recall, order: Order) -> tuple[str, str, int]:
    """The machine, and what it has received of an order. Runs in a worker."""
    return (shelf(), *recall(replace(order, lost=0)))


def run_once(errand: Errand) -> str | Elsewhere:
    """The line of the result of an order; it is asked if the note has none. Empty if the note
    belongs to another one: then nobody waits for this. Runs in a worker.
    """
    note = _variable(errand.note)
    number, begun, line = note.get(timeout=_PATIENCE)
    if number != errand.number:
        return ""
    if not line:
        here = shelf() or uuid4().hex
        if begun not in ("", here):
            return Elsewhere(begun)
        note.set([number, here, b""])
        line = errand.ask(errand.order).encode("utf-8", "surrogatepass")
        note.set([number, here, line])
    return str(line, "utf-8", "surrogatepass")


def _variable(name: str, client: Any = None) -> Any:
    return import_module("distributed").Variable(name, client=client)
