"""Large folders: how long it takes to start, to find the nearest transcript, to take in an edit; how
much memory that takes.
"""

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import free_port

LOAD = """
import sys, time
from pathlib import Path

if __name__ == "__main__":
    started = time.perf_counter()
    from rechat.cli.serving.loading import TEXTS
    from rechat.store import Store

    imported = time.perf_counter()
    store = Store([Path(sys.argv[1])], limit=TEXTS, is_kept=True)
    store.load()
    print(time.perf_counter() - imported, time.perf_counter() - started)
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Seconds to load cold and warm, from the command to the first answer when warm; megabytes."""

    cold: float
    warm: float
    served: float
    memory: float


def load(folder: Path, scratch: Path) -> Loaded:
    """The start of a folder that was never served, and of one that was."""
    script = scratch / "load.py"
    script.write_text(LOAD)
    cold = _run(script, folder)
    warm = statistics.median(_run(script, folder) for _ in range(3))
    started = time.perf_counter()
    with Served(folder) as served:
        elapsed = time.perf_counter() - started
        memory = served.memory
    return Loaded(cold, warm, elapsed, memory)


def _run(script: Path, folder: Path) -> float:
    done = subprocess.run(
        [sys.executable, script, folder], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[0])


class Served:
    """rechat over a folder, and a connection to it."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        command = [sys.executable, "-m", "rechat", "replay", "-q", str(folder), "-p", str(port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._connection = http.client.HTTPConnection("localhost", port)

    def __enter__(self) -> "Served":
        assert self._process.stdout
        self._process.stdout.readline()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._process.terminate()
        self._process.communicate()

    @property
    def cpu(self) -> float:
        """Milliseconds of CPU time that it has used."""
        told = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> float:
        """Megabytes that are resident."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def ask(self, *texts: str) -> tuple[int, str]:
        """The status of the answer, and its text."""
        roles = ("system", *("user", "assistant") * 9)
        messages = [
            {"role": role, "content": text} for role, text in zip(roles, texts, strict=False)
        ]
        self._connection.request(
            "POST",
            "/v1/chat/completions",
            json.dumps({"model": "gpt-5", "messages": messages}),
            {"content-type": "application/json"},
        )
        response = self._connection.getresponse()
        value = json.load(response)
        if response.status != 200:
            return response.status, str(value["error"]["message"])
        return 200, str(value["choices"][0]["message"]["content"])


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds: the median, and what 95 of 100 stay below; megabytes at the end."""

    p50: float
    p95: float
    memory: float


def nearest(folder: Path, count: int) -> Asked:
    """Requests that nothing answers, each explained by the nearest of all transcripts."""
    paths = sorted(folder.glob("*.md"))
    times = []
    with Served(folder) as served:
        for number in range(count):
            path = paths[number * 7919 % len(paths)]
            system, first, *_ = texts_of(path)
            started = time.perf_counter()
            status, message = served.ask(system, f"{first}\nand one line more, {number}")
            times.append((time.perf_counter() - started) * 1000)
            assert status == 400, message
            assert path.name in message, message
        memory = served.memory
    return Asked(statistics.median(times), statistics.quantiles(times, n=20)[18], memory)


def edit(folder: Path, count: int) -> Asked:
    """From the moment that an edited file is written to the first reply with the new text."""
    paths = sorted(folder.glob("*.md"))[:count]
    times = []
    with Served(folder) as served:
        for number, path in enumerate(paths):
            system, first, answer, *_ = texts_of(path)
            new = f"edited {number}"
            quoted = "\n".join(f"> {line}" for line in answer.split("\n"))
            path.write_text(path.read_text().replace(quoted, f"> {new}", 1))
            started = time.perf_counter()
            while served.ask(system, first)[1] != new:
                pass
            times.append((time.perf_counter() - started) * 1000)
        memory = served.memory
    return Asked(statistics.median(times), statistics.quantiles(times, n=20)[18], memory)


def texts_of(path: Path) -> list[str]:
    """The quotes of a transcript."""
    quotes = re.findall(r"(?:^>.*\n?)+", path.read_text(), re.MULTILINE)
    return ["\n".join(line[2:] for line in quote.splitlines()) for quote in quotes]


def command_line() -> float:
    """Seconds that `rechat --help` takes: the median of nine."""
    times = []
    for _ in range(9):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "rechat", "--help"], stdout=subprocess.DEVNULL, check=True
        )
        times.append(time.perf_counter() - started)
    return statistics.median(times)
