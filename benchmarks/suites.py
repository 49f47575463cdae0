"""What a few small tests cost with the plugin for pytest, and the same tests without any server."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_TESTS = 8
_QUESTION = '{"role": "user", "content": f"What is {number} times two?"}'
_NONE = {
    "openai": """
import httpx, pytest
from openai import OpenAI

def answer(request):
    message = {{"role": "assistant", "content": "It is even."}}
    choice = {{"index": 0, "message": message, "finish_reason": "stop"}}
    return httpx.Response(200, json={{"id": "c", "object": "chat.completion", "created": 1,
                                     "model": "gpt-5", "choices": [choice]}})

@pytest.mark.parametrize("number", range({tests}))
def test_times(number):
    client = OpenAI(api_key="none", http_client=httpx.Client(transport=httpx.MockTransport(answer)))
    said = client.chat.completions.create(model="gpt-5", messages=[{question}])
    assert "even" in said.choices[0].message.content
""",
    "httpx": """
import httpx, pytest

def answer(request):
    return httpx.Response(200, json={{"choices": [{{"message": {{"content": "It is even."}}}}]}})

@pytest.mark.parametrize("number", range({tests}))
def test_times(number):
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        asked = {{"model": "gpt-5", "messages": [{question}]}}
        said = client.post("http://localhost/v1/chat/completions", json=asked).json()
    assert "even" in said["choices"][0]["message"]["content"]
""",
}
_REPLAYED = {
    "openai": """
import pytest
from openai import OpenAI

pytestmark = pytest.mark.rechat("answers")

@pytest.mark.parametrize("number", range({tests}))
def test_times(number):
    said = OpenAI().chat.completions.create(model="gpt-5", messages=[{question}])
    assert "even" in said.choices[0].message.content
""",
    "httpx": """
import httpx, os, pytest

pytestmark = pytest.mark.rechat("answers")

@pytest.mark.parametrize("number", range({tests}))
def test_times(number):
    with httpx.Client(base_url=os.environ["OPENAI_BASE_URL"]) as client:
        asked = {{"model": "gpt-5", "messages": [{question}]}}
        said = client.post("chat/completions", json=asked).json()
    assert "even" in said["choices"][0]["message"]["content"]
""",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of a run: by the clock, and of all its processes."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Compared:
    """The medians of runs of the same tests without a server and with one."""

    none: Cost
    replayed: Cost


def measure(scratch: Path, rounds: int) -> Iterator[tuple[str, Compared]]:
    """For each client the cost of its tests, run in turns."""
    for client in _NONE:
        runs = [_suite(scratch / client / name, texts[client]) for name, texts in _BOTH.items()]
        for run in runs:
            run()  # it leaves its bytecode behind
        taken = [[run() for run in runs] for _ in range(rounds)]
        none, replayed = (_median(costs) for costs in zip(*taken, strict=True))
        yield client, Compared(none, replayed)


_BOTH = {"none": _NONE, "replayed": _REPLAYED}


def _suite(folder: Path, text: str) -> Callable[[], Cost]:
    (folder / "answers").mkdir(parents=True)
    (folder / "test_times.py").write_text(text.format(tests=_TESTS, question=_QUESTION))
    for number in range(_TESTS):
        said = f"### user\n\n> What is {number} times two?\n\n### assistant\n\n> It is even.\n"
        (folder / "answers" / f"{number}.md").write_text(said)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    environment = dict(os.environ)
    # Who installs rechat has its bytecode.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder.parents[1] / "bytecode")

    def run() -> Cost:
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
        return Cost(wall, spent)

    return run


def _median(costs: tuple[Cost, ...]) -> Cost:
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
    )
