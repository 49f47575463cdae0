"""How long the hits of one client wait while others keep rechat busy.

The client is a process of its own, which asks for the same answer again and again, each time in
other bytes. What counts is its longest wait, beside that of a rechat that has nothing else to do.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from process import Rechat
from upstream import Stream
from upstream import Upstream

KNOWN = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"
SLOW_DISK = """
import os, time
real = os.fsync
def fsync(handle):
    time.sleep(0.5)
    real(handle)
os.fsync = fsync
"""
# Megabytes that are too many to be saved.
_TOO_LARGE = 100
# Asks for hits until its input ends, then tells how long each took.
CLIENT = """
import http.client, json, sys, threading, time
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
waits = []
while not over.wait(0.004):
    question = {"role": "user", "content": "Hello"}
    body = json.dumps({"model": "m", "user": str(len(waits)), "messages": [question]})
    started = time.perf_counter()
    connection.request("POST", "/v1/chat/completions", body)
    response = connection.getresponse()
    response.read()
    waits.append((time.perf_counter() - started) * 1000)
    assert response.status == 200, response.status
print(json.dumps(waits))
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """The longest wait of a hit in milliseconds, the median, and how many hits there were."""

    longest: float
    p50: float
    hits: int


def agent(turns: int, kilobytes: int, name: str = "a") -> list[dict[str, object]]:
    """The messages of an agent: calls of tools, and outputs of which many lines are the same."""
    messages: list[dict[str, object]] = [
        {"role": "system", "content": "You are an agent. " * 200},
        {"role": "user", "content": f"Fix the tests of {name}."},
    ]
    size = kilobytes * 1000 // turns
    for turn in range(turns):
        call = {"name": "run", "arguments": json.dumps({"command": f"pytest {name} {turn}"})}
        calls = [{"id": f"call_{turn}", "type": "function", "function": call}]
        messages.append({"role": "assistant", "content": None, "tool_calls": calls})
        lines = [
            f"test_{name}_{turn}_{at // 3}.py ... ok" if at % 3 else "-" * 20 for at in range(400)
        ]
        output = "\n".join(lines)[:size]
        messages.append({"role": "tool", "tool_call_id": f"call_{turn}", "content": output})
    return messages


def ask(url: str, messages: list[dict[str, object]], headers: int = 0, **more: object) -> float:
    """Ask, with so many headers more, and read the answer to its end; the milliseconds that took."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port)
    body = json.dumps({"model": "m", "messages": messages, **more})
    own = {f"x-number-{number}": "value" for number in range(headers)}
    started = time.perf_counter()
    connection.request("POST", "/v1/chat/completions", body, own)
    response = connection.getresponse()
    while response.read(1 << 20):
        pass
    connection.close()
    return (time.perf_counter() - started) * 1000


@contextmanager
def _asking(port: int) -> Iterator[list[float]]:
    waits: list[float] = []
    command = [sys.executable, "-c", CLIENT, str(port)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as client:
        time.sleep(0.5)
        yield waits
        time.sleep(0.2)
        waits += json.loads(client.communicate("")[0])


def _while(rechat: Rechat, work: Callable[[], object]) -> Wait:
    with _asking(rechat.port) as waits:
        work()
    ordered = sorted(waits[5:])
    return Wait(ordered[-1], ordered[len(ordered) // 2], len(ordered))


@contextmanager
def _recording(
    folder: Path, upstream: Upstream, *options: str, is_slow: bool = False
) -> Iterator[Rechat]:
    path = [os.environ.get("PYTHONPATH", "")]
    if is_slow:
        site = folder.parent / "site"
        site.mkdir(exist_ok=True)
        (site / "sitecustomize.py").write_text(SLOW_DISK)
        path.insert(0, str(site))
    command: list[str | Path] = ["record", "-q", upstream.url, "--to", folder, *options]
    with Rechat(*command, folder=folder.parent, PYTHONPATH=os.pathsep.join(path)) as rechat:
        yield rechat


def _user(text: str) -> list[dict[str, object]]:
    return [{"role": "user", "content": text}]


def _fill(folder: Path) -> None:
    """A hit, and the recorded conversations of agents that are near to what is missed."""
    folder.mkdir(exist_ok=True)
    (folder / "known.md").write_text(KNOWN)
    with Upstream() as upstream, _recording(folder, upstream) as rechat:
        for name in ("one", "two", "three"):
            ask(rechat.url, agent(29, 150, name))


def measure(count: int, megabytes: int) -> dict[str, Wait]:
    """The waits in each situation, which comes `count` times. One answer has so many megabytes and
    is saved, another one is too large for that.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "transcripts"
        _fill(folder)
        return _replaying(folder, count) | _saving(folder, count, megabytes)


def _replaying(folder: Path, count: int) -> dict[str, Wait]:
    generics, tags = "<a" * 125_000, "<b>" * 33_000

    def times(make: Callable[[int], list[dict[str, object]]]) -> Callable[[], object]:
        return lambda: [ask(rechat.url, make(number)) for number in range(count)]

    with Rechat("replay", "-q", folder, folder=folder.parent) as rechat:
        return {
            "nothing else": _while(rechat, lambda: time.sleep(2)),
            "a miss of 150 KB": _while(rechat, times(lambda number: agent(29, 150, f"n{number}"))),
            "250 KB of generics": _while(
                rechat, times(lambda number: _user(f"{number} {generics}"))
            ),
            "100 KB of tags": _while(rechat, times(lambda number: _user(f"{number} {tags}"))),
            "4,000 headers": _while(
                rechat, lambda: [ask(rechat.url, _user("Hello"), 4000) for _ in range(count)]
            ),
        }


def _saving(folder: Path, count: int, megabytes: int) -> dict[str, Wait]:
    with Upstream() as upstream:
        with _recording(folder, upstream, is_slow=True) as rechat:
            slow = _while(
                rechat,
                lambda: [ask(rechat.url, _user(f"slow {one}")) for one in range(count // 4 + 1)],
            )
        with _recording(folder, upstream) as rechat:
            held = _while(rechat, lambda: _behind_the_lock(folder, rechat))
            recorded = _while(
                rechat, lambda: [ask(rechat.url, agent(29, 150, f"r{one}")) for one in range(count)]
            )
            edited = _while(rechat, lambda: _edit(folder, count))
            upstream.reply(Stream(_events(megabytes)))
            large = _while(rechat, lambda: ask(rechat.url, _user("large"), stream=True))
            upstream.reply(Stream(_events(_TOO_LARGE)))
            passing = _while(rechat, lambda: ask(rechat.url, _user("too large"), stream=True))
    return {
        "a disk that syncs in 500 ms": slow,
        "the folder's lock held by another": held,
        "150 KB being recorded": recorded,
        "150 KB being edited": edited,
        f"a stream of {megabytes} MB being saved": large,
        f"a stream of {_TOO_LARGE} MB passing through": passing,
    }


def _behind_the_lock(folder: Path, rechat: Rechat) -> None:
    with FileLock(folder / ".wire" / "lock"):
        waiting = threading.Thread(target=ask, args=(rechat.url, _user("behind the lock")))
        waiting.start()
        time.sleep(2)
    waiting.join()


def _edit(folder: Path, count: int) -> None:
    [path, *_] = [path for path in folder.glob("*.md") if path.stat().st_size > 50_000]
    text = path.read_text()
    for number in range(count):
        path.write_text(f"{text}\n<!-- {number} -->\n")
        time.sleep(0.15)


def _events(megabytes: int) -> list[bytes]:
    """A stream of so many megabytes, in pieces of about 1 KB."""
    text = "word " * 160
    first = {"id": "1", "object": "chat.completion.chunk", "model": "m"}
    chunks = [
        first | {"choices": [{"index": 0, "delta": {"content": f"{number} {text}"}}]}
        for number in range(megabytes * 1000)
    ]
    end = first | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    return [b"data: %s\n\n" % json.dumps(one).encode() for one in [*chunks, end]] + [
        b"data: [DONE]\n\n"
    ]


def misses(count: int) -> list[float]:
    """The milliseconds of so many explained misses of 150 KB."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "transcripts"
        _fill(folder)
        with Rechat("replay", "-q", folder, folder=folder.parent) as rechat:
            return [ask(rechat.url, agent(29, 150, f"n{number}")) for number in range(count)]


@dataclass(frozen=True, slots=True)
class Turns:
    """The milliseconds of the turns of an agent's conversation of 150 KB: as the upstream answers
    them, through rechat without being saved, and recorded; and what the disk takes to replace a
    file of that size for good.
    """

    direct: list[float]
    passed: list[float]
    recorded: list[float]
    disk: list[float]


def turns(count: int) -> Turns:
    """The milliseconds of so many turns in each way."""
    with tempfile.TemporaryDirectory() as scratch, Upstream() as upstream:
        folder = Path(scratch) / "transcripts"
        folder.mkdir()
        direct = _turns(upstream.url, count)
        with _recording(folder, upstream, "--on-miss", "live") as rechat:
            passed = _turns(rechat.url, count)
        with _recording(folder, upstream) as rechat:
            recorded = _turns(rechat.url, count)
        return Turns(direct, passed, recorded, [_replace(folder, 150) for _ in range(count)])


def _replace(folder: Path, kilobytes: int) -> float:
    """The milliseconds until a file, and its name in the folder, are on the disk."""
    content = b"x" * kilobytes * 1000
    started = time.perf_counter()
    with (folder / "new").open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    (folder / "new").replace(folder / "replaced")
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    return (time.perf_counter() - started) * 1000


def _turns(url: str, count: int) -> list[float]:
    messages = agent(29, 150)
    took = []
    for number in range(count):
        took.append(ask(url, messages))
        messages += [
            {"role": "assistant", "content": _said(url, messages)},
            {"role": "user", "content": f"Go on {number}."},
        ]
    return took


def _said(url: str, messages: list[dict[str, object]]) -> str:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port)
    connection.request(
        "POST", "/v1/chat/completions", json.dumps({"model": "m", "messages": messages})
    )
    said = json.loads(connection.getresponse().read())
    connection.close()
    content: str = said["choices"][0]["message"]["content"]
    return content
