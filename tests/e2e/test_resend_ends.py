"""A run that is killed or interrupted, and gone on with: nothing is lost, and nothing that was answered is asked twice."""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from process import DEADLINE
from process import run
from upstream import Stream
from upstream import Upstream

COUNT, AT = 40, 4


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_what_was_answered_is_not_asked_again_and_the_rest_is(
    folder: Path, upstream: Upstream, how: signal.Signals
) -> None:
    for number in range(COUNT):
        text = f"### user\n\n> Question {number}\n\n### assistant\n\n> Yes.\n"
        (folder / f"q{number:02}.md").write_text(text)
    upstream.reply(Stream(delay=0.005))
    options = ["resend", "transcripts", "--to", f"{upstream.url}:m", "--at", str(AT)]
    command = [sys.executable, "-m", "rechat", *options, "--name", "one"]
    with subprocess.Popen(
        command, cwd=folder.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        upstream.wait_for_requests(COUNT // 2)
        process.send_signal(how)
        _, told = process.communicate(timeout=DEADLINE)
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert b"rechat resend --resume one" in told

    found = run("resend", "--resume", "one", "--json", folder=folder.parent)
    assert found.returncode == 0, found.stderr
    report = json.loads(found.stdout)
    assert report["targets"][0]["answered"] == COUNT
    assert all(row["targets"] for row in report["questions"])

    lines = (folder.parent / ".rechat/runs/one/m.jsonl").read_text().splitlines()
    assert len({json.loads(line)["question"] for line in lines}) == len(lines) == COUNT
    asked = Counter(one.json["messages"][-1]["content"] for one in upstream.requests)
    assert len(asked) == COUNT
    # Only what was under way, or had just come, is asked again.
    assert sum(asked.values()) <= COUNT + 2 * AT
