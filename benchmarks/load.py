"""Requests per second, by wrk: what one core answers, and the CPU time that an answer takes."""

import json
import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import questions
from benchmarks.servers import Missing

PINNED = ["taskset", "-c", "1"] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []
# Before it is measured, each contender has answered every question a few times, if it is able to.
_WARM = 3
_MOST_WARM_UPS = 45
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """What was measured: answers a second, milliseconds, microseconds of CPU an answer."""

    per_second: float
    p50: float
    p99: float
    cpu: float


def script(path: Path, count: int, *, stream: bool = False) -> Path:
    """A script for wrk that asks `count` questions in turn. The headers stand in one order, as those
    of a client do: `wrk.format` would shuffle them anew in each run.
    """
    bodies = [questions.body(number, stream=stream).decode() for number in range(count)]
    headers = "".join(f"{name}: {value}\r\n" for name, value in questions.HEADERS.items())
    (path.with_suffix(".txt")).write_text("\n".join(bodies))
    path.write_text(
        f"""local requests, at = {{}}, 0
local head = "POST /v1/chat/completions HTTP/1.1\\r\\n" .. {json.dumps(headers)}
function init(args)
  head = head .. "host: " .. wrk.headers["Host"] .. "\\r\\ncontent-length: "
  for line in io.lines({json.dumps(str(path.with_suffix(".txt")))}) do
    requests[#requests + 1] = head .. #line .. "\\r\\n\\r\\n" .. line
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
"""
    )
    return path


def questions_in(lua: Path) -> int:
    """How many questions a script asks in turn."""
    return lua.with_suffix(".txt").read_text().count("\n") + 1


def measure(
    start: Callable[[], Any], lua: Path, connections: Iterable[int], seconds: float
) -> Iterator[tuple[int, Rate]]:
    """One run for each number of connections, against a contender that is started and warmed up once.
    Raises `Missing` as soon as it gives anything but answers.
    """
    with start() as running:
        for at, count in enumerate(connections):
            if at == 0:
                _warm_up(running.url, lua, count)
            before = running.cpu
            printed = _wrk(running.url, lua, count, seconds)
            yield count, _rate(printed, running.cpu - before)


def _warm_up(url: str, lua: Path, connections: int) -> None:
    for _ in range(_MOST_WARM_UPS):
        printed = _wrk(url, lua, connections, 2)
        if int(_found(r"(\d+) requests in", printed)) > _WARM * questions_in(lua):
            return


def median(rates: list[Rate]) -> Rate:
    """The run in the middle."""
    return sorted(rates, key=lambda rate: rate.per_second)[len(rates) // 2]


def _wrk(url: str, lua: Path, connections: int, seconds: float) -> str:
    command = [*PINNED, "wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency"]
    done = subprocess.run(
        [*command, "-s", str(lua), f"{url}/v1/chat/completions"],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
    )
    if done.returncode or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        told = [one for one in done.stdout.splitlines() if "Non-2xx" in one or "Socket" in one]
        raise Missing(f"it fails: {' '.join(' '.join(told).split()) or done.stderr[-300:]}")
    return done.stdout


def _rate(printed: str, used: float) -> Rate:
    count = int(_found(r"(\d+) requests in", printed))
    return Rate(
        float(_found(r"Requests/sec:\s+([\d.]+)", printed)),
        _milliseconds(_found(r"(?m)^ +50% +(\S+)", printed)),
        _milliseconds(_found(r"(?m)^ +99% +(\S+)", printed)),
        used / count * 1e6,
    )


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if not match:
        raise Missing(f"wrk said: {text[-300:]}")
    return match[1]


def _milliseconds(text: str) -> float:
    match = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text)
    if not match:
        raise Missing(f"wrk gave no time, but {text!r}")
    return float(match[1]) * _UNITS[match[2]]


VCRPY = """
import statistics, sys, time
from pathlib import Path
import httpx, vcr
from vcr.cassette import Cassette

url, body, answer, cassette = sys.argv[1:]
Path(cassette).write_text(
    "version: 1\\ninteractions:\\n- request:\\n    method: POST\\n    uri: " + url + "\\n    headers: {}\\n"
    "    body: '" + body + "'\\n  response:\\n    status: {code: 200, message: OK}\\n"
    "    headers: {content-type: [application/json]}\\n    body: {string: '" + answer + "'}\\n"
)

def calls(client, count=400):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        assert client.post(url, content=body).status_code == 200
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000

with httpx.Client() as client:
    if cassette.endswith(".none"):
        print(calls(client))
    else:
        with vcr.use_cassette(cassette, record_mode="none", allow_playback_repeats=True, match_on=["method", "uri", "body"]):
            print(calls(client))
"""


def client_call(python: Path, url: str, scratch: Path, *, is_vcr: bool) -> float:
    """Milliseconds that a call takes httpx, answered by a cassette in the process, or by a
    server.
    """
    code = scratch / "calls.py"
    code.write_text(VCRPY)
    cassette = scratch / f"cassette.{'yaml' if is_vcr else 'none'}"
    arguments = [f"{url}/v1/chat/completions", questions.body(0).decode()]
    answer = questions.completion(0).decode()
    runs = [
        subprocess.run(
            [python, code, *arguments, answer, cassette], capture_output=True, text=True, check=True
        )
        for _ in range(3)
    ]
    return statistics.median(float(run.stdout) for run in runs)
