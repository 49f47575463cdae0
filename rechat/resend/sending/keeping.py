"""A thread that reads what came and keeps it, so that the loop only sends and receives."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Self

from rechat.resend.asking import Asked
from rechat.resend.client import Exchanged
from rechat.resend.client import Outgoing
from rechat.resend.results.result import Result
from rechat.resend.results.result import read_exchange
from rechat.resend.results.result import times_of
from rechat.resend.results.run_folder import ResultFile
from rechat.resend.results.spending import Budget


@dataclass(frozen=True, slots=True)
class Job:
    """A question to be asked once more: its bytes, and which take it is. `following` gives the job
    that is to be done when what came of this one is there, if any.
    """

    asked: Asked
    take: int
    outgoing: Outgoing
    following: Callable[[Exchanged], "Job | None"] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job. `begun` is when the run began, `due` when it was to be sent, both on the
    client's clock. `kept` is called, in any thread, once it is kept.
    """

    job: Job
    found: Exchanged
    begun: float
    due: float | None
    tries: int
    waited: float
    kept: Callable[[], None] = lambda: None


def read(done: Done) -> Result:
    """The result of what came."""
    question, request = done.job.asked.question, done.job.asked.request
    answer, failure = read_exchange(done.found, request.api)
    pieces = done.found.response.pieces if done.found.response else ()
    times, words = times_of(pieces)
    return Result(
        question.name,
        question.key,
        done.job.take,
        request.api,
        done.found.sent - done.begun,
        (done.found.ended - done.found.sent) * 1000,
        None if done.due is None else done.due - done.begun,
        times,
        words,
        answer,
        failure,
        done.tries,
        done.waited,
        request.model,
    )


class Keeper:
    """Reads results in a thread of its own and hands each to `keep`, in the order in which they
    came. What `keep` raises is raised by `close`.
    """

    def __init__(self, keep: Callable[[Result], None]) -> None:
        self._keep = keep
        self._queue: SimpleQueue[Done | None] = SimpleQueue()
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="rechat-keeper", daemon=True)
        self._thread.start()

    @property
    def has_failed(self) -> bool:
        """Whether results can no longer be kept: then none should be asked for."""
        return self._problem is not None

    def put(self, done: Done) -> None:
        """Read and keep this; returns at once."""
        self._queue.put(done)

    def close(self) -> None:
        """Wait until all is kept. Raises what went wrong meanwhile."""
        self._queue.put(None)
        self._thread.join()
        if self._problem:
            raise self._problem

    def _work(self) -> None:
        while done := self._queue.get():
            try:
                self._keep(read(done))
            except Exception as error:  # noqa: BLE001  # told by `close`
                self._problem = self._problem or error
            finally:
                done.kept()


class Keeping:
    """Keeps the results of one target, for as long as a block takes, in the file of a run."""

    def __init__(self, path: Path, budget: Budget) -> None:
        self._file = ResultFile(path)
        self._budget = budget
        self._keeper = Keeper(self.add)
        self.put = self._keeper.put

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._keeper.close()
        finally:
            self._file.close()

    def add(self, result: Result) -> None:
        """Keep a result: when this returns, it outlives the process."""
        self._file.add(result)
        self._budget.add(result)

    def is_enough(self) -> bool:
        """Whether nothing more should be asked: the budget is spent, or nothing can be kept."""
        return self._budget.is_spent or self._keeper.has_failed
