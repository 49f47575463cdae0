"""The end of standard input, as a signal to stop: the parent process has closed it, or is gone."""

import asyncio
import os
import threading
from contextlib import suppress

_DESCRIPTOR = 0


async def closed() -> None:
    """Wait until standard input ends; its content is ignored."""
    loop, end = asyncio.get_running_loop(), asyncio.Event()

    def read() -> None:
        with suppress(OSError):  # there is none: that is an end too
            while os.read(_DESCRIPTOR, 1 << 16):
                pass
        with suppress(RuntimeError):  # the loop has ended first, for another reason
            loop.call_soon_threadsafe(end.set)

    # The loop cannot watch a pipe on every platform (Windows). A thread that is still reading at
    # the end must not keep the process alive.
    threading.Thread(target=read, daemon=True).start()
    await end.wait()
