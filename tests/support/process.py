"""A real `rechat` in a process of its own, as a user starts it."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from openai import OpenAI
from warm import Warm
from warm import is_warm

DEADLINE = 60.0
_URL = re.compile(r"http://\S+?:\d+")


class Rechat:
    """`rechat ARGUMENTS` in a folder, on any port; it is up when entered, and has ended cleanly when left.
    `through` is a command that runs it.
    """

    through: tuple[str, ...] = ()

    def __init__(self, *arguments: str | Path, folder: Path, **environment: str) -> None:
        self.lines: list[str] = []
        self._changed = threading.Condition()
        own = {"COLUMNS": "200", "PYTHONUNBUFFERED": "1", "RECHAT_PORT": "0", **environment}
        reading, writing = os.pipe()
        self._output = os.fdopen(reading, encoding="utf-8")
        try:
            self._process = self._started([*map(str, arguments)], folder, os.environ | own, writing)
        finally:
            os.close(writing)
        self._reader = threading.Thread(target=self._read, daemon=True)

    def _started(
        self, arguments: list[str], folder: Path, environment: dict[str, str], output: int
    ) -> subprocess.Popen[bytes] | Warm:
        with open(os.devnull) as nothing:  # noqa: PTH123
            if not self.through and is_warm(environment):
                streams = (nothing.fileno(), output, output)
                return Warm(arguments, folder, environment, streams)
            return subprocess.Popen(
                [*self.through, sys.executable, "-m", "rechat", *arguments],
                cwd=folder,
                env=environment,
                stdin=nothing,
                stdout=output,
                stderr=output,
            )

    def __enter__(self) -> Self:
        self._reader.start()
        self.root = self.wait_for(_URL.search, "no address")
        return self

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, as Ctrl-C in another terminal would."""
        self._process.send_signal(how)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.stop()
        try:
            code = self._process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._reader.join()
        self._output.close()
        if kind is None:
            assert code == 0, self.output
            assert "Traceback" not in self.output, self.output
            assert "has crashed" not in self.output, self.output

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"{self.root}/v1"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.root.rpartition(":")[2])

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def output(self) -> str:
        """All that it has said so far."""
        return "\n".join(self.lines)

    def client(self, **options: Any) -> OpenAI:
        """A real client of it that asks once."""
        return OpenAI(base_url=self.url, api_key="test", **{"max_retries": 0} | options)

    def wait_for(self, found: Callable[[str], Any], problem: str, after: int = 0) -> str:
        """The first text that is found in a line (from line `after` on), waited for with a deadline."""
        with self._changed:
            self._changed.wait_for(
                lambda: any(map(found, self.lines[after:])) or self._ended, DEADLINE
            )
            for line in self.lines[after:]:
                match = found(line)
                if match:
                    return match[0] if isinstance(match, re.Match) else line
        raise AssertionError(f"{problem}; rechat said:\n{self.output}")

    def wait_for_line(self, text: str, after: int = 0) -> str:
        """The first line that holds a text."""
        return self.wait_for(lambda line: text in line, f"no line with {text!r}", after)

    @property
    def _ended(self) -> bool:
        return self._process.poll() is not None and not self._reader.is_alive()

    def _read(self) -> None:
        for line in self._output:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()


def run(
    *arguments: str | Path, folder: Path, given: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself: its exit code and what it said."""
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"} | environment
    words = [*map(str, arguments)]
    if not is_warm(environment):
        return subprocess.run(
            [sys.executable, "-m", "rechat", *words],
            cwd=folder,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as asked,
        tempfile.TemporaryFile("w+", encoding="utf-8") as said,
        tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
    ):
        asked.write(given)
        asked.seek(0)
        streams = (asked.fileno(), said.fileno(), errors.fileno())
        process = Warm(words, folder, environment, streams)
        try:
            code = process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        said.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(words, code, said.read(), errors.read())
