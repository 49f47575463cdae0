"""The program that `rechat run` starts, with the environment variables of the common clients."""

import asyncio
import os
import shutil
import signal
from collections.abc import Mapping, Sequence

from rechat.values import UsageError
from rechat.values import client_environment


class Child:
    """A program that runs while we serve. `code` is its exit code, as a shell reports it."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, is_replay: bool
    ) -> None:
        if not shutil.which(command[0]):
            raise UsageError(f"{command[0]}: no such program")
        self._command = command
        self._environment = environment
        self._is_replay = is_replay
        self._started: asyncio.Future[asyncio.subprocess.Process] | None = None
        self.code = 0

    def start(self, url: str, token: str) -> None:
        """Start the program; called on the event loop when the address is known."""
        own = client_environment(url, token, self._environment, needs_key=not self._is_replay)
        self._started = asyncio.ensure_future(
            asyncio.create_subprocess_exec(*self._command, env={**self._environment, **own})
        )

    async def wait(self) -> None:
        """Wait for the program to end. Ctrl-C reaches it directly; we stay until it has ended."""
        assert self._started
        process = await self._started
        loop = asyncio.get_running_loop()
        if os.name == "posix":
            loop.add_signal_handler(signal.SIGINT, lambda: None)
            loop.add_signal_handler(signal.SIGTERM, process.terminate)
        code = await process.wait()
        self.code = code if code >= 0 else 128 - code
