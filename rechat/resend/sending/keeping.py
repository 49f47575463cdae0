"""What came of each question is kept by a thread, so that the loop only sends and receives."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Self

from rechat.resend.asking import Asked
from rechat.resend.client import Exchanged
from rechat.resend.client import Outgoing
from rechat.resend.results.raw import Raw
from rechat.resend.results.result import Result
from rechat.resend.results.run_folder import ResultFile
from rechat.resend.results.spending import Budget
from rechat.resend.sending.saver import Saver
from rechat.resend.sending.saver import Spent


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

    @property
    def raw(self) -> Raw:
        """It as it is kept."""
        question, request, found = self.job.asked.question, self.job.asked.request, self.found
        response = found.response
        return Raw(
            name=question.name,
            key=question.key,
            take=self.job.take,
            api=request.api,
            model=request.model,
            sent=found.sent - self.begun,
            ms=(found.ended - found.sent) * 1000,
            due=None if self.due is None else self.due - self.begun,
            tries=self.tries,
            waited=self.waited,
            status=response.status if response else 0,
            headers=response.headers if response else (),
            pieces=tuple((one.at, one.data) for one in response.pieces) if response else (),
            failure=found.failure,
        )


class Keeper:
    """Hands results to `keep` in a thread of its own, all that have come meanwhile at a time, in
    the order in which they came. What `keep` raises is raised by `close`.
    """

    def __init__(self, keep: Callable[[Sequence[Raw]], None]) -> None:
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
        """Keep this; returns at once."""
        self._queue.put(done)

    def close(self) -> None:
        """Wait until all is kept. Raises what went wrong meanwhile."""
        self._queue.put(None)
        self._thread.join()
        if self._problem:
            raise self._problem

    def _work(self) -> None:
        is_open = True
        while is_open:
            come = [self._queue.get()]
            while not self._queue.empty():
                come.append(self._queue.get())
            is_open = come[-1] is not None
            self._keep_all([one for one in come if one])

    def _keep_all(self, come: Sequence[Done]) -> None:
        try:
            self._keep([one.raw for one in come])
        except Exception as error:  # noqa: BLE001  # told by `close`
            self._problem = self._problem or error
        finally:
            for one in come:
                one.kept()


class Keeping:
    """Keeps the results of one target, for as long as a block takes, in the file of a run; under a
    load, a `saver` does.
    """

    def __init__(self, path: Path, budget: Budget, saver: Saver | None = None) -> None:
        self._path = path
        self._file = None if saver else ResultFile(path)
        self._budget = budget
        self._saver = saver
        self._keeper = Keeper(self._keep)
        self.put = self._keeper.put

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._keeper.close()
            if self._saver:
                self._count(self._saver.flush())
        finally:
            if self._file:
                self._file.close()

    def add(self, result: Result) -> None:
        """Keep a result, without a saver: when this returns, it outlives the process."""
        assert self._file
        self._file.add(result)
        self._budget.add(result.model, result.tokens)

    def is_enough(self) -> bool:
        """Whether nothing more should be asked: the budget is spent, or nothing can be kept."""
        return self._budget.is_spent or self._keeper.has_failed

    def _keep(self, results: Sequence[Raw]) -> None:
        if not self._saver:
            for one in results:
                self.add(one.read())
            return
        self._count(self._saver.keep(self._path, results))

    def _count(self, spent: Iterable[Spent]) -> None:
        for model, tokens in spent:
            self._budget.add(model, tokens)
