"""Questions asked by the workers of a real Dask cluster, one of which is killed. Dask is too large
for CI: `pip install -e '.[frameworks]'` and run this file by hand.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from process import run
from upstream import Bytes
from upstream import Json
from upstream import Received
from upstream import Stream
from upstream import Upstream
from upstream import answer

pytest.importorskip("distributed", reason="distributed is not installed: run this by hand")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")

COUNT, WORKERS, AT = 60, 3, 6
ADDRESS = re.compile(r"tcp://[\d.]+:\d+")
QUESTION = "## {0}\n\n### user\n\n> Question {0}?\n\n### assistant\n\n> Answer {0}.\n\n"


type Workers = list[subprocess.Popen[str]]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, Workers]]:
    """The address of a scheduler, and its workers, each of which has its number as its key."""
    own = os.environ | {"TMPDIR": str(tmp_path)}

    def start(what: str, *options: str, key: str = "") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *options]
        environment = own | {"KEY": f"worker{key}"}
        return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)

    running = [start("scheduler", "--host", "127.0.0.1", "--port", "0")]
    try:
        told = iter(running[0].stderr or ())
        address = next(found[0] for line in told if (found := ADDRESS.search(line)))
        for number in range(WORKERS):
            options = ("--no-nanny", "--nthreads", "2", "--local-directory", str(tmp_path))
            running.append(start("worker", address, *options, key=str(number)))
        yield address, running[1:]
    finally:
        for one in running:
            one.kill()
            one.communicate()


def test_a_worker_that_is_killed_repeats_nothing_that_it_has_heard(
    folder: Path,
    upstream: Upstream,
    cluster: tuple[str, Workers],
) -> None:
    texts = "".join(QUESTION.format(number) for number in range(COUNT))
    (folder / "many.md").write_text(f"---\nmodel: m\n---\n\n{texts}")
    address, workers = cluster
    asked: Counter[str] = Counter()
    under_way: set[str] = set()

    def killing(received: Received) -> Json | Bytes | Stream:
        question = received.json["messages"][0]["content"]
        asked[question] += 1
        key = str(received.headers["authorization"])
        if received.number == COUNT // 2:
            workers[int(key[-1])].kill()
            under_way.add(question)
        return answer(received)

    upstream.reply(killing)
    found = run(
        *("resend", "--to", f"{upstream.url}:m,key_env=KEY", "--name", "a", "--at", str(AT)),
        *("--executor", f"dask:{address}", "--json"),
        folder=folder.parent,
    )
    assert found.returncode == 0, found.stderr
    (target,) = json.loads(found.stdout)["targets"]
    assert (target["answered"], len(asked)) == (COUNT, COUNT)
    lines = (folder.parent / ".rechat/runs/a/m.jsonl").read_text().splitlines()
    assert len({json.loads(line)["question"] for line in lines}) == len(lines) == COUNT
    again = {question for question, count in asked.items() if count > 1}
    assert under_way <= again, "nobody has heard what it was answered"
    # A worker is at two questions at once.
    assert sum(asked.values()) - COUNT == target["lost"] <= 2
