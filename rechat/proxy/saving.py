"""What is being saved while its client waits for the end of its answer: nobody waits for ever, and
what keeps answers from the disk is said once.
"""

import asyncio
import math
from collections.abc import Callable, Coroutine

from rechat.answering import Endpoint

PATIENCE = 2.0
"""So many seconds the end of an answer waits until it is saved, if nothing else is saved meanwhile:
who stands in a queue that moves waits on.
"""


class Saving:
    """The answers that are being saved. `warn` tells what goes wrong, and when it is over."""

    def __init__(self, endpoint: Endpoint, warn: Callable[[str], None]) -> None:
        self._endpoint = endpoint
        self._warn = warn
        self._tasks: set[asyncio.Future[None]] = set()
        self._last = -math.inf
        self._is_late = False
        self._told = ""

    async def to_the_end(self, work: Coroutine[object, object, None]) -> None:
        """Wait for work that is done even if nobody waits for it any more; and nobody waits for a
        disk or a lock that is stuck.
        """
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._saved)
        await self._wait_for(task)
        if task.done():
            task.result()
            self._tell()
        elif not self._is_late:
            self._warn(
                f"an answer is not saved after {PATIENCE:g} s: the disk is slow, or another process"
                " holds the folder's lock; clients go on without waiting"
            )
        self._is_late = not task.done()

    async def _wait_for(self, task: asyncio.Future[None]) -> None:
        """Wait until it is done, or nothing moves any more."""
        now = asyncio.get_running_loop().time
        since = now()
        while not task.done() and (left := max(since, self._last) + PATIENCE - now()) > 0:
            await asyncio.wait({task}, timeout=left)

    def _saved(self, task: asyncio.Future[None]) -> None:
        self._tasks.discard(task)
        self._last = task.get_loop().time()

    async def drain(self) -> None:
        """Wait until all that has arrived is saved, or told to have failed."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _tell(self) -> None:
        """Say that the disk takes no more answers, or takes them again."""
        trouble = self._endpoint.trouble
        if trouble and trouble != self._told:
            self._warn(f"{trouble}: answers go on to their clients, but are not saved")
        elif self._told and not trouble:
            self._warn("answers are saved again")
        self._told = trouble
