"""How true the numbers of `rechat resend` are: what it says of a target, beside what passed on the wire
between the two.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import wire
from benchmarks.servers import free_port
from benchmarks.servers import running

# What is measured is the generator, and not how busy its neighbours are: the three programs run before
# all others. They share two cores.
_FIRST = ["chrt", "-f", "10"]
_PERCENTS = (50, 90, 95, 99)
_CONTENT = re.compile(rb'"content": ?"[^"]')
_TOKENS = re.compile(rb'"completion_tokens": ?(\d+)')


@dataclass(frozen=True, slots=True)
class Streamed:
    """A request and its answer on the wire: when the request, each piece of text and the last byte
    passed, in seconds; and the tokens that the answer told.
    """

    asked: float
    times: tuple[float, ...]
    ended: float
    tokens: int


@dataclass(slots=True)
class Target:
    """A paced server; `streams` is there once it has ended."""

    url: str
    streams: tuple[Streamed, ...] = ()


@contextmanager
def replaying(folder: Path, scratch: Path, pace: str) -> Iterator[Target]:
    """A `rechat replay --pace`, up to the end of the block."""
    words = ["-m", "rechat", "replay", str(folder), "-q", "--pace", pace, "-p"]
    with _heard(lambda port: [sys.executable, *words, str(port)], scratch) as found:
        yield found


@contextmanager
def pacing(scratch: Path, pace: str, tokens: int = 48, core: int | None = None) -> Iterator[Target]:
    """A server that does nothing but keep the pace, up to the end of the block."""
    script = str(Path(__file__).with_name("pacer.py"))
    words = [sys.executable, "-c", f"import runpy; runpy.run_path({script!r}, run_name='__main__')"]
    own = [*_on(core), *words]
    with _heard(lambda port: [*own, str(port), pace, str(tokens)], scratch) as found:
        yield found


@contextmanager
def _heard(command: Callable[[int], list[str]], scratch: Path) -> Iterator[Target]:
    port = free_port()
    with (
        wire.listening(port, scratch / f"packets-{port}") as heard,
        running([*_FIRST, *command(port)], port, folder=scratch),
    ):
        one = Target(f"http://127.0.0.1:{port}")
        yield one
    one.streams = tuple(_streams(heard.packets))


def _on(core: int | None) -> list[str]:
    """What keeps a program, and all that it begins, on one core."""
    return [] if core is None else ["taskset", "-c", str(core)]


def _streams(packets: Iterable[wire.Packet]) -> Iterator[Streamed]:
    by_client: dict[int, list[wire.Packet]] = {}
    for packet in packets:
        by_client.setdefault(packet.client, []).append(packet)
    for own in by_client.values():
        asked, answer = own[0], list[wire.Packet]()
        for packet in own:
            if not packet.is_asked:
                answer.append(packet)
                continue
            if answer:
                yield _streamed(asked.at, answer)
                answer = []
            asked = packet
        if answer:
            yield _streamed(asked.at, answer)


def _streamed(asked: float, answer: list[wire.Packet]) -> Streamed:
    times = tuple(one.at for one in answer for _ in _CONTENT.findall(one.data))
    told = _TOKENS.findall(b"".join(one.data for one in answer))
    return Streamed(asked, times, answer[-1].at, int(told[-1]) if told else len(times))


@dataclass(frozen=True, slots=True)
class Told:
    """What `rechat resend` reports of a target, and between which times of the day it ran."""

    report: dict[str, Any]
    begun: float
    ended: float
    memory: float
    cpu: float


def resend(folder: Path, scratch: Path, url: str, *options: str, core: int | None = None) -> Told:
    """A run of it: its figures, the most memory in MB, and its seconds of CPU."""
    command = [sys.executable, "-m", "rechat", "resend", str(folder), "--to", f"{url}:gpt-5"]
    words = [*_on(core), *_FIRST, *command, "--json", "--answers", str(scratch / "new"), *options]
    begun = time.time()
    with subprocess.Popen(
        words, cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        memory = _Memory(process.pid)
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            assert process.stderr
            raise RuntimeError(process.stderr.read()[-500:])
    (column,) = json.loads(printed)["targets"]
    cpu = used.ru_utime + used.ru_stime
    return Told(column, begun, time.time(), memory.most, cpu)


class _Memory:
    """Looks at how much memory a program and those that it began have used: `most` is in MB, and of
    all of them together. (What the kernel tells in the end has that of who began it.)
    """

    def __init__(self, pid: int) -> None:
        self.most = 0.0
        threading.Thread(target=self._look, args=(pid,), daemon=True).start()

    def _look(self, pid: int) -> None:
        with suppress(OSError):  # it has ended
            while True:
                begun = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                self.most = max(self.most, sum(_megabytes(one) for one in [str(pid), *begun]))
                time.sleep(0.1)


def _megabytes(pid: str) -> float:
    told = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(told[1]) / 1024 if told else 0.0


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


def waited(streams: Iterable[Streamed], told: Told) -> Compared:
    """How long whole answers took that are not streamed."""
    true = _spread([(one.ended - one.asked) * 1000 for one in within(streams, told)])
    reported = told.report["ms"]["e2e"]
    return Compared(reported["n"], true, {each: reported[each] for each in true})


def _spread(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"mean": statistics.fmean(values)} | {f"p{one}": cuts[one - 1] for one in _PERCENTS}


def rate_of(streams: Iterable[Streamed], told: Told) -> float:
    """How many requests a second came to the target."""
    times = sorted(one.asked for one in within(streams, told))
    return (len(times) - 1) / (times[-1] - times[0])


def sent_late(streams: Iterable[Streamed], told: Told, count: int) -> float:
    """How many milliseconds after their time the first `count` requests came (99th percentile): ten are
    due each 5 ms, counted from the one that was the earliest for its time.
    """
    times = sorted(one.asked for one in within(streams, told))[:count]
    late = sorted(at - number // 10 * 0.005 for number, at in enumerate(times))
    return (late[int(count * 0.99) - 1] - late[0]) * 1000


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
