"""What came of each question is kept before the next one is asked: by another process under a load,
so that the loop only sends and receives.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Protocol, Self

from rechat.resend.asking import Asked
from rechat.resend.client import Exchanged
from rechat.resend.client import Outgoing
from rechat.resend.results.raw import Raw
from rechat.resend.results.result import Result
from rechat.resend.results.run_folder import ResultFile
from rechat.resend.results.spending import Budget
from rechat.resend.sending.saver import Handover
from rechat.resend.sending.saver import Saver

# What is shorter is a word that stands for a key where none is needed.
_SHORTEST_KEY = 8


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
    client's clock.
    """

    job: Job
    found: Exchanged
    begun: float
    due: float | None
    tries: int
    waited: float

    @property
    def raw(self) -> Raw:
        """It as it is kept."""
        question, request, found = self.job.asked.question, self.job.asked.request, self.found
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
            status=found.status,
            headers=found.headers,
            pieces=_without_key(found, self.job.outgoing.key),
            failure=found.failure,
        )


def _without_key(found: Exchanged, key: str) -> tuple[tuple[float, bytes], ...]:
    """The pieces of an answer. Some servers repeat the key that they refuse."""
    if found.status < HTTPStatus.BAD_REQUEST or len(key) < _SHORTEST_KEY:
        return found.pieces
    body = b"".join(data for _, data in found.pieces)
    if key.encode() not in body:
        return found.pieces
    return ((found.pieces[-1][0], body.replace(key.encode(), b"[redacted key]")),)


class Keeping(Protocol):
    """Keeps the results of one target."""

    async def keep(self, done: Done) -> None:
        """Keep what came of a job; waits as long as nothing more should be asked."""

    def is_enough(self) -> bool:
        """Whether nothing more should be asked: the budget is spent, or nothing can be kept."""


class OwnFile:
    """Keeps them here, in the file of a run, for as long as a block takes."""

    def __init__(self, path: Path, budget: Budget) -> None:
        self._file = ResultFile(path)
        self._budget = budget

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, result: Result) -> None:
        """Keep a result: when this returns, it outlives the process."""
        self._file.add(result)
        self._budget.add(result.model, result.tokens)

    async def keep(self, done: Done) -> None:
        """Keep what came of a job, which is read in another thread."""
        await asyncio.to_thread(lambda: self.add(done.raw.read()))

    def is_enough(self) -> bool:
        """Whether the budget is spent."""
        return self._budget.is_spent


class Handed:
    """Has them kept by another process."""

    def __init__(self, way: Handover, budget: Budget) -> None:
        self._way = way
        self._budget = budget

    async def keep(self, done: Done) -> None:
        """Hand over what came of a job."""
        await self._way.keep(done.raw)

    def is_enough(self) -> bool:
        """Whether the budget is spent, or nothing can be kept."""
        return self._budget.is_spent or self._way.problem is not None


@asynccontextmanager
async def keeping(path: Path, budget: Budget, saver: Saver | None) -> AsyncIterator[Keeping]:
    """Who keeps the results of a target in the file of a run, up to the end of the block: then all
    of them are. Raises what went wrong meanwhile.
    """
    if not saver:
        with OwnFile(path, budget) as own:
            yield own
        return
    way = await saver.handover(path, lambda spent: budget.add(*spent))
    try:
        yield Handed(way, budget)
    finally:
        await way.close()
