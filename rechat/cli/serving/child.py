"""The program that `rechat run` starts, with an environment that sends its requests here."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rechat.cli.programs.bundles import unreadable
from rechat.cli.programs.clients import told
from rechat.cli.programs.clients import why_nothing_came
from rechat.cli.programs.environment import Place
from rechat.cli.programs.environment import environment
from rechat.cli.serving.words import Unused
from rechat.observe import JournalEntry
from rechat.proxy import UNTOUCHED
from rechat.proxy import ProcessGroup
from rechat.values import UsageError


class Child:
    """A program that runs while rechat serves. `code` is its exit code, as a shell reports it;
    `missed` counts its requests without an answer by what they asked, `served` has the places of
    those with one. `unused` says what to do about unused answers, `has_unused` whether there are
    some. It is started in a `group` if there is one.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        unused: Unused = "ignore",
    ) -> None:
        if not shutil.which(command[0]):
            raise UsageError(f"{command[0]}: no such program")
        self.command = command
        self._environment = environment
        self._files: tempfile.TemporaryDirectory[str] | None = None
        self._started: asyncio.Future[asyncio.subprocess.Process] | None = None
        self._count = 0
        self._passed: list[str] = []
        self.code = 0
        self.missed: Counter[str] = Counter()
        self.unused = unused
        self.served: set[str] = set()
        self.has_unused = False
        self.group: ProcessGroup | None = None

    def saw(self, entry: JournalEntry) -> None:
        """Note a request that arrived while the program ran."""
        if entry.reason == UNTOUCHED:
            self._passed.append(entry.target.partition(" ")[2].rpartition(":")[0])
        else:
            self._count += 1
            if entry.verdict == "miss":
                self.missed[entry.first_words or entry.target] += 1
            self.served.add(entry.place)

    @property
    def silence(self) -> str:
        """A possible reason why nothing came from the program; empty if something did."""
        return "" if self._count else why_nothing_came(self.command, self._passed)

    def start(self, place: Place, warn: Callable[[str], None]) -> None:
        """Start the program; called on the event loop when the address is known. Problems of its
        environment are reported first.
        """
        for doubt in unreadable(self._environment):
            warn(f"rechat: {doubt}")
        self._files = tempfile.TemporaryDirectory(prefix="rechat-")
        own = environment(place, self.command[0], self._environment, Path(self._files.name))
        command = told(self.command, place.url)
        if self.group:
            command = self.group.inside(command)
        self._started = asyncio.ensure_future(
            asyncio.create_subprocess_exec(*command, env={**self._environment, **own})
        )

    async def wait(self) -> None:
        """Wait for the program to end. Ctrl-C reaches it directly; rechat stays until it has
        ended.
        """
        assert self._started
        assert self._files
        process = await self._started
        loop = asyncio.get_running_loop()
        if os.name == "posix":
            loop.add_signal_handler(signal.SIGINT, lambda: None)
            loop.add_signal_handler(signal.SIGTERM, process.terminate)
            # A process that is to survive its terminal (nohup) ignores it, and so does the program.
            if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
                loop.add_signal_handler(signal.SIGHUP, process.send_signal, signal.SIGHUP)
        code = await process.wait()
        self._files.cleanup()
        self.code = code if code >= 0 else 128 - code
