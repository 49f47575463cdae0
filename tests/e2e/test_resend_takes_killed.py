"""`rechat resend --into takes`, killed while it writes the takes: none is lost, none is there twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from process import DEADLINE
from process import Rechat
from process import run

FILES = 3
SECTION = "## {0}\n\n### user\n\n> Question {0}?\n\n### assistant\n\n> {1}\n\n"
# It kills itself before or after it puts the nth transcript in place.
KILLED = """
import os, pathlib, runpy, signal, sys
count, when = int(sys.argv.pop(1)), sys.argv.pop(1)
replace = pathlib.Path.replace

def replaced(self, to):
    global count
    is_transcript = to.parent.name == "transcripts"
    count -= is_transcript
    if is_transcript and not count and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    found = replace(self, to)
    if is_transcript and not count:
        os.kill(os.getpid(), signal.SIGKILL)
    return found

pathlib.Path.replace = replaced
runpy.run_module("rechat", run_name="__main__")
"""


def write(folder: Path, answer: str) -> None:
    """Transcripts with two questions each."""
    for number in range(FILES):
        sections = [SECTION.format(f"{number}{letter}", answer) for letter in "ab"]
        (folder / f"q{number}.md").write_text("---\nmodel: m\n---\n\n" + "".join(sections))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("count", [1, 2, FILES])
def test_each_take_is_there_once_when_the_run_is_gone_on_with(
    folder: Path, when: str, count: int
) -> None:
    at = folder.parent
    write(folder, "Yes.")
    (at / "other").mkdir()
    write(at / "other", "No, not at all.")
    with Rechat("replay", "other", folder=at) as server:
        words = ("resend", "--to", f"{server.url}:m", "--into", "takes", "--name", "a")
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(count), when, *words],
            cwd=at,
            env=os.environ | {"NO_COLOR": "1"},
            capture_output=True,
            timeout=DEADLINE,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        texts = [path.read_text() for path in sorted(folder.glob("*.md"))]
        assert sum("take 2" in text for text in texts) == count - (when == "before")
        assert all(text.count("take 2") in (0, 2) for text in texts), "a file is whole or as it was"
        again = run("resend", "--resume", "a", folder=at)
    assert again.returncode == 0, again.stderr
    for path in folder.glob("*.md"):
        text = path.read_text()
        assert (text.count("take 2"), text.count("No, not at all.")) == (2, 2)
        assert "take 3" not in text
    assert run("lint", folder=at).returncode == 0
