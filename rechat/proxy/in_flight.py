"""Answers that are on their way to clients, so that a server that ends can let them arrive."""

import asyncio

PATIENCE = 4.0
"""So many seconds a server that ends waits for them; programs that start rechat wait for 5."""


class InFlight:
    """The flows whose answers are on their way."""

    def __init__(self) -> None:
        self._flows: set[str] = set()
        self._changed = asyncio.Event()
        self.is_ending = False

    def __len__(self) -> int:
        return len(self._flows)

    def begin(self, flow: str) -> None:
        """An answer is on its way."""
        self._flows.add(flow)

    def end(self, flow: str) -> None:
        """It has arrived, or never will."""
        self._flows.discard(flow)
        self._changed.set()

    async def arrive(self, seconds: float = PATIENCE) -> None:
        """Take no more, and wait until all have arrived, for so many seconds at most, or until
        somebody is in a hurry.
        """
        self.is_ending = True
        try:
            async with asyncio.timeout(seconds):
                while self._flows:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return

    def hurry(self) -> None:
        """Wait no longer."""
        self._flows.clear()
        self._changed.set()
