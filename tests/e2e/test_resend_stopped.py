"""A run that is stopped again and again, and gone on with: each question is answered once."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from upstream import Bytes
from upstream import Json
from upstream import Received
from upstream import Stream
from upstream import Upstream
from upstream import answer

COUNT, STOPS, AT = 120, 3, 8
QUESTION = "## {0}\n\n### user\n\n> Question {0}?\n\n### assistant\n\n> Answer {0}.\n\n"


def start(folder: Path, *options: str) -> "subprocess.Popen[str]":
    """`rechat resend` in a process of its own."""
    command = [sys.executable, "-m", "rechat", "resend", "--json", *options]
    return subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("workers", [(), ("--workers", "2")], ids=["one process", "workers"])
def test_each_question_is_answered_once_and_none_is_lost(
    folder: Path, upstream: Upstream, workers: tuple[str, ...]
) -> None:
    texts = "".join(QUESTION.format(number) for number in range(COUNT))
    (folder / "many.md").write_text(f"---\nmodel: m\n---\n\n{texts}")
    first = ("--to", f"{upstream.url}:m", "--name", "a", "--at", str(AT), *workers)
    source = random.Random(5)
    places = sorted(source.sample(range(20, COUNT - 20), STOPS))
    signals = [source.choice((signal.SIGKILL, signal.SIGINT)) for _ in places]
    current: list[subprocess.Popen[str]] = []

    def stopping(received: Received) -> Json | Bytes | Stream:
        if places and received.number >= places[0]:
            places.pop(0)
            current[-1].send_signal(signals[len(places)])
        return answer(received)

    upstream.reply(stopping)
    for stop in range(STOPS + 1):
        current.append(start(folder.parent, *(first if stop == 0 else ("--resume", "a"))))
        out, err = current[-1].communicate(timeout=120)
        if not places and current[-1].returncode == 0:
            break
    assert current[-1].returncode == 0, err
    (target,) = json.loads(out)["targets"]
    assert target["answered"] == COUNT
    lines = (folder.parent / ".rechat/runs/a/m.jsonl").read_text().splitlines()
    kept = Counter(json.loads(line)["question"] for line in lines)
    assert len(kept) == COUNT
    assert set(kept.values()) == {1}
    # What was under way is asked again, and the few that were just being written down.
    assert len(upstream.requests) <= COUNT + STOPS * (AT + 4)
