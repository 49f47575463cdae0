"""The threads for everything that may take long, so that the event loop only answers.

1. One thread changes the store: it saves, reads edited files, waits for the folder's lock, and
   looks for the nearest transcript. It runs one task after the other, in the order in which they
   were submitted, so nothing else has to be locked against it but the index.
2. A second one reloads files that were evicted from memory, for the index. So a hit that needs such
   a file does not wait until a slow disk has saved something else.
3. A task that was begun is finished: a waiting flow may be cancelled, its task is not, and `close`
   returns when all tasks are done.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor

# At most this many tasks wait; a caller that submits more waits until there is room.
_MOST = 256


class StoreThread:
    """Runs tasks for the event loop and for other threads. Its threads start with their first
    task.
    """

    def __init__(self) -> None:
        self._store = ThreadPoolExecutor(1, "rechat-store")
        self._reads = ThreadPoolExecutor(1, "rechat-read")
        self._room = asyncio.Semaphore(_MOST)

    async def run[T](self, task: Callable[[], T]) -> T:
        """The result of a task on the store thread, or its exception. If the wait is cancelled, the
        task still runs.
        """
        async with self._room:
            return await _outcome(self._store.submit(task))

    async def read[T](self, task: Callable[[], T]) -> T:
        """The same on the thread that only reads files."""
        return await _outcome(self._reads.submit(task))

    def wait_for[T](self, task: Callable[[], T]) -> T:
        """The same as `run`, for other threads than the event loop's."""
        return self._store.submit(task).result()

    def close(self) -> None:
        """Finish all tasks, and stop the threads."""
        self._store.shutdown()
        self._reads.shutdown()


async def _outcome[T](future: Future[T]) -> T:
    return await asyncio.shield(asyncio.wrap_future(future))
