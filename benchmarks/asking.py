"""How true the numbers of `rechat resend` are: what it says of a target, beside what the target itself
noted of each byte that came and went. Both read the system's monotonic clock.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import PINNED
from benchmarks.servers import free_port
from benchmarks.servers import running

_PERCENTS = (50, 90, 95, 99)
_CONTENT = re.compile(rb'"content": ?"[^"]')
_TOKENS = re.compile(rb'"completion_tokens": ?(\d+)')

NOTING = """
import asyncio, atexit, json, sys, time
from asyncio import StreamReaderProtocol as Reading, StreamWriter as Writing

path, noted = sys.argv.pop(1), []
received, write = Reading.data_received, Writing.write

def data_received(self, data):
    noted.append((time.perf_counter(), "in", self._transport.get_extra_info("peername"), data))
    received(self, data)

def writing(self, data):
    noted.append((time.perf_counter(), "out", self.get_extra_info("peername"), data))
    write(self, data)

Reading.data_received, Writing.write = data_received, writing

@atexit.register
def tell():
    with open(path, "w") as file:
        for at, way, peer, data in noted:
            if peer:
                file.write(json.dumps([at, way, peer[1], bytes(data).decode("latin-1")]) + "\\n")

from rechat.cli import main
main()
"""


@dataclass(frozen=True, slots=True)
class Streamed:
    """A request as its target saw it: when it was there, when each piece of text and the last byte
    left, in seconds on the clock of `perf_counter`; and the tokens that it told.
    """

    asked: float
    times: tuple[float, ...]
    ended: float
    tokens: int


@dataclass(slots=True)
class Target:
    """A `rechat replay` that notes what it does; `streams` is there once it has ended."""

    url: str
    streams: tuple[Streamed, ...] = ()


@contextmanager
def target(folder: Path, scratch: Path, pace: str) -> Iterator[Target]:
    """A target of a known pace, up to the end of the block."""
    port, noted = free_port(), scratch / f"noted-{pace.replace(':', '-')}.jsonl"
    words = ["replay", str(folder), "-q", "-p", str(port), "--pace", pace]
    command = [sys.executable, "-c", NOTING, str(noted), *words]
    with running(command, port, folder=scratch) as found:
        one = Target(found.url)
        yield one
    one.streams = tuple(_streams(noted))


def _streams(noted: Path) -> Iterator[Streamed]:
    by_client: dict[int, list[tuple[float, str, bytes]]] = {}
    for line in noted.read_text().splitlines():
        at, way, client, data = json.loads(line)
        by_client.setdefault(client, []).append((at, way, data.encode("latin-1")))
    for events in by_client.values():
        asked, sent = 0.0, list[tuple[float, bytes]]()
        for at, way, data in [*events, (0.0, "in", b"")]:
            if way == "out":
                sent.append((at, data))
                continue
            if sent:
                yield _streamed(asked, sent)
            asked, sent = at, []


def _streamed(asked: float, sent: list[tuple[float, bytes]]) -> Streamed:
    times = tuple(at for at, data in sent for _ in _CONTENT.findall(data))
    told = _TOKENS.findall(b"".join(data for _, data in sent))
    return Streamed(asked, times, sent[-1][0], int(told[-1]) if told else len(times))


@dataclass(frozen=True, slots=True)
class Told:
    """What `rechat resend` reports of a target, and between which times it ran."""

    report: dict[str, Any]
    begun: float
    ended: float
    memory: float
    cpu: float


def resend(folder: Path, scratch: Path, url: str, *options: str) -> Told:
    """A run of it on a core of its own: its figures, the most memory in MB, and its seconds of CPU."""
    command = [sys.executable, "-m", "rechat", "resend", str(folder), "--to", f"{url}:gpt-5"]
    words = [*PINNED, *command, "--json", "--answers", str(scratch / "new"), *options]
    begun = time.perf_counter()
    with subprocess.Popen(
        words, cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            assert process.stderr
            raise RuntimeError(process.stderr.read()[-500:])
    (column,) = json.loads(printed)["targets"]
    cpu = used.ru_utime + used.ru_stime
    return Told(column, begun, time.perf_counter(), used.ru_maxrss / 1024, cpu)


def within(streams: Iterable[Streamed], told: Told) -> list[Streamed]:
    """Those of one run."""
    return [one for one in streams if told.begun <= one.asked <= told.ended]


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure as the target saw it and as it was reported, in milliseconds, by its name: `mean`,
    `p50`, …
    """

    count: int
    true: dict[str, float]
    told: dict[str, float]

    @property
    def most_off(self) -> tuple[float, float]:
        """The greatest difference: in milliseconds, and as a share of what is true."""
        name = max(self.true, key=lambda one: abs(self.told[one] - self.true[one]))
        off = abs(self.told[name] - self.true[name])
        return off, off / self.true[name]

    @property
    def is_near(self) -> bool:
        """Whether all are within 3 % or 2 ms."""
        pairs = [(self.true[name], self.told[name]) for name in self.true]
        return all(abs(told - true) <= max(2.0, 0.03 * true) for true, told in pairs)


def compared(streams: Iterable[Streamed], told: Told) -> dict[str, Compared]:
    """The measures of a run."""
    own = within(streams, told)
    true = {
        "TTFT": [(one.times[0] - one.asked) * 1000 for one in own],
        "TPOT": [(one.times[-1] - one.times[0]) / (one.tokens - 1) * 1000 for one in own],
        "e2e": [(one.ended - one.asked) * 1000 for one in own],
    }
    found = {}
    for name, values in true.items():
        reported = told.report["ms"][name]
        assert reported["n"] == len(values), (name, reported["n"], len(values))
        spread = _spread(values)
        found[name] = Compared(len(values), spread, {each: reported[each] for each in spread})
    return found


def _spread(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"mean": statistics.fmean(values)} | {f"p{one}": cuts[one - 1] for one in _PERCENTS}


def rate_of(streams: Iterable[Streamed], told: Told) -> float:
    """How many requests a second came to the target."""
    times = sorted(one.asked for one in within(streams, told))
    return (len(times) - 1) / (times[-1] - times[0])


def most_at_once(streams: Iterable[Streamed], told: Told) -> int:
    """How many of them the target was answering at the same time, at most."""
    changes = [
        change for one in within(streams, told) for change in ((one.asked, 1), (one.ended, -1))
    ]
    now = most = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most
