"""Background work: a thread that does it whenever there is news, and once more at the end."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Background:
    """Calls `work` from a thread of its own while entered: after each `tell`, and once more on
    exit, which waits for it at most `patience` seconds (None: until it is done).
    """

    def __init__(self, name: str, work: Callable[[], None], patience: float | None = None) -> None:
        self._work = work
        self._patience = patience
        self._news = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._news.set()
        self._thread.join(self._patience)

    def tell(self) -> None:
        """Signal that there is something to do; returns at once."""
        if not self._news.is_set():
            self._news.set()

    def pause(self, seconds: float) -> None:
        """Wait for this long, or until the end."""
        self._over.wait(seconds)

    def _run(self) -> None:
        while not self._over.is_set():
            self._news.wait()
            self._news.clear()
            self._work()
        self._work()
