"""Several processes that record into one folder: one asks the upstream, the others wait and get
what it has saved, so that what they record goes together and replays.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from weakref import WeakValueDictionary

from rechat.store import Claims
from rechat.store import Store
from rechat.store import StoreThread
from rechat.store import placement
from rechat.values import Request

# So many seconds until a request is looked for again that another process is asking.
_AGAIN = 0.05


class SideBySide:
    """What this process claims, and hears of the others. Claiming is done on the thread that only
    reads files, so that a request need not wait until another one is saved, or at once if it takes
    no time.
    """

    def __init__(self, store: Store, thread: StoreThread) -> None:
        self._store = store
        self._thread = thread
        self._claims = Claims(store.wire_folder)
        self._hearing = asyncio.Lock()
        self._asking = WeakValueDictionary[bytes, asyncio.Lock]()

    async def claim(self, request: Request) -> bool:
        """Claim a request, and take in what the others have recorded; False if another process asks
        the upstream for the same.
        """
        async with self._hearing:  # what one request hears of counts for the next
            claim = partial(self._claim, _key(request))
            news = claim() if self._claims.is_quick else await self._thread.read(claim)
            if news:
                await self._thread.run(partial(self._take_in, news))
        return news is not None

    async def wait(self, request: Request) -> bool:
        """Wait until a request can be claimed; True."""
        while not await self.claim(request):  # noqa: ASYNC110
            await asyncio.sleep(_AGAIN)  # no event tells of another process's lock
        return True

    @asynccontextmanager
    async def alone(self, request: Request) -> AsyncIterator[None]:
        """Ask for a request while nobody else does, in this process or another."""
        key = _key(request)
        lock = self._asking.get(key) or asyncio.Lock()
        self._asking[key] = lock
        async with lock:
            await self.wait(request)
            try:
                yield
            finally:
                await self.release(request)

    def _claim(self, key: bytes) -> list[str] | None:
        """The files that others have written; None if another process asks."""
        return self._claims.news() if self._claims.take(key) else None

    def _take_in(self, names: list[str]) -> None:
        for name in names:
            self._store.reload(self._store.home / name)

    async def release(self, request: Request) -> None:
        """Let other processes ask: an answer was saved, or there will be none."""
        await self._thread.read(partial(self._claims.release, _key(request)))

    def tell(self, place: str) -> None:
        """Tell the others where an answer was saved (`path:line`); called on the store's thread."""
        path = Path(place.rpartition(":")[0])
        if path.is_relative_to(self._store.home):
            self._claims.tell(path.relative_to(self._store.home).as_posix())


def _key(request: Request) -> bytes:
    return repr(placement.key_of(request)).encode()
