"""Asks the questions of a run concurrently, and retries each of them if the server asks for
that.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from dataclasses import field
from itertools import chain
from itertools import islice
from itertools import zip_longest
from time import perf_counter

from rechat.resend.client import Begun
from rechat.resend.client import Client
from rechat.resend.client import Exchanged
from rechat.resend.sending.keeping import Done
from rechat.resend.sending.keeping import Job
from rechat.values import retry_after

# Statuses after which the same request may succeed.
_PASSING = (408, 425, 429, 500, 502, 503, 504, 529)
_LONGEST_WAIT = 120.0
_FIRST_WAIT = 0.5
_BEAT = 0.01
# uvloop's clock has a resolution of one millisecond: a shorter sleep returns at once, and polling
# takes a whole core.
_TICK = 0.001
# This many questions begin together, and the next ones this many seconds later: that is 2,000 a
# second, which one core sends on time. A thousand sent in one instant are all late, and so are
# their answers.
_TOGETHER = 10
_APART = 0.005
# How often to check whether the next question is still wanted.
_LOOK = 0.5


@dataclass
class Progress:
    """The progress of a target. `lags` are by how many milliseconds the loop was late, which limits
    the accuracy of all measurements.
    """

    sent: int = 0
    ended: int = 0
    failed: int = 0
    retried: int = 0
    lags: list[float] = field(default_factory=list)
    begun: float = field(default_factory=perf_counter)

    def count(self, *, is_failure: bool) -> None:
        """Count a finished question."""
        self.ended += 1
        self.failed += is_failure


class Driver:
    """Asks the jobs of one target and passes the results to `keep`. `retries` is how often a
    question is asked again after a transient error. No new question is begun once `is_enough`.
    """

    def __init__(
        self,
        client: Client,
        keep: Callable[[Done], Awaitable[None]],
        progress: Progress,
        retries: int,
        is_enough: Callable[[], bool] = lambda: False,
    ) -> None:
        self._client = client
        self._keep = keep
        self._retries = retries
        self._is_enough = is_enough
        self._is_stopped = False
        self.progress = progress
        self.begun = progress.begun

    @property
    def is_stopping(self) -> bool:
        """Whether no new question is begun."""
        return self._is_stopped or self._is_enough()

    def stop(self) -> None:
        """Begin no new question; those in flight may finish."""
        self._is_stopped = True

    async def at_once(self, jobs: Iterator[Job], count: int, ramp: float = 0.0) -> None:
        """Ask all jobs, `count` at a time: whenever one has ended, the next is asked. They begin as
        fast as they can be sent on time, or spread over `ramp` seconds.
        """
        first = [*islice(jobs, count)]
        self._begin()
        if self.is_stopping:
            return
        beat = asyncio.create_task(self._beat())
        # These are sent before any of them is awaited.
        together = 1 if ramp else _TOGETHER
        begun = [self._client.begin(job.outgoing) for job in first[:together]]
        apart = ramp / count if ramp else _APART
        waiting = [
            self._worker(jobs, job, sent, number // together * apart)
            for number, (job, sent) in enumerate(zip_longest(first, begun))
        ]
        try:
            await asyncio.gather(*waiting)
        finally:
            beat.cancel()

    async def at_times(self, jobs: Iterator[Job], dues: Iterator[float]) -> None:
        """Ask each job at its time, in seconds after the beginning, whatever happens to others."""
        self._begin()
        beat = asyncio.create_task(self._beat())
        tasks: set[asyncio.Task[None]] = set()
        try:
            for job, due in zip(jobs, dues, strict=False):
                await self._until(self.begun + due)
                if self.is_stopping:
                    break
                task = asyncio.create_task(self.ask(job, self.begun + due))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            await asyncio.gather(*tasks)
        finally:
            beat.cancel()
            for task in tasks:
                task.cancel()

    async def _until(self, time: float) -> None:
        """Wait for a time, or until no new question is to be begun."""
        while (wait := time - perf_counter()) > 0 and not self.is_stopping:  # noqa: ASYNC110  # a spent budget sends no signal
            await asyncio.sleep(min(max(wait, _TICK), _LOOK))

    def _begin(self) -> None:
        """Start the clock."""
        self.begun = self.progress.begun = perf_counter()

    async def _worker(
        self, jobs: Iterator[Job], first: Job, begun: Begun | None, start: float
    ) -> None:
        if start:
            await asyncio.sleep(start)
            self.progress.lags.append((perf_counter() - self.begun - start) * 1000)
        for job in chain([first], jobs):
            if not begun and self.is_stopping:
                return
            await self.ask(job, begun=begun)
            begun = None

    async def ask(self, job: Job, due: float | None = None, begun: Begun | None = None) -> None:
        """Ask a question, which may have `begun`, and those that follow from its answer."""
        found = await self._ask(job, due, begun)
        while job.following and not self.is_stopping:
            following = job.following(found)
            if not following:
                break
            job, found = following, await self._ask(following)

    async def _ask(
        self, job: Job, due: float | None = None, begun: Begun | None = None
    ) -> Exchanged:
        """The result of a question, asked until it is answered or out of retries."""
        tries, first = 0, 0.0
        while True:
            tries += 1
            self.progress.sent += 1
            found = await self._client.exchange(job.outgoing, begun)
            first, begun = first or found.sent, None
            wait = self._wait(found, tries)
            if wait is None or self.is_stopping:
                break
            self.progress.retried += 1
            await asyncio.sleep(wait)
        is_failure = not found.status or found.status >= 400
        self.progress.count(is_failure=is_failure)
        await self._keep(Done(job, found, self.begun, due, tries, found.sent - first))
        return found

    def _wait(self, found: Exchanged, tries: int) -> float | None:
        """How many seconds to wait before the next try; None if there is none."""
        if tries > self._retries or not is_passing(found):
            return None
        wish = retry_after(found.headers, time.time())
        if wish is not None:
            return wish if wish <= _LONGEST_WAIT else None
        return _FIRST_WAIT * 2.0 ** (tries - 1) * random.uniform(0.75, 1.25)  # noqa: S311

    async def _beat(self) -> None:
        """Repeatedly measure by how much the loop is late."""
        while True:
            due = perf_counter() + _BEAT
            await asyncio.sleep(_BEAT)
            self.progress.lags.append((perf_counter() - due) * 1000)


def is_passing(found: Exchanged) -> bool:
    """Whether the error is transient."""
    return not found.status or found.status in _PASSING
