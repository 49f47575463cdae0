"""The examples of docs/resend.md, run against rechat itself."""

import re
import shlex
from pathlib import Path

import pytest
from process import Rechat
from process import run

PAGE = (Path(__file__).parents[2] / "docs" / "resend.md").read_text("utf-8")
_FENCE = re.compile(r"^```(sh|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = [text for kind, text in _FENCE.findall(PAGE) if kind == "sh"]
(JOB,) = (text for kind, text in _FENCE.findall(PAGE) if kind == "yaml")
_HOST = "http://localhost:8000"

TRANSCRIPT = "---\nmodel: qwen3\n---\n\n### user\n\n> Capital of France?\n\n### assistant\n\n> {}\n"


@pytest.fixture
def server(folder: Path) -> Rechat:
    """A target whose answer differs in its words."""
    (folder / "capital.md").write_text(TRANSCRIPT.format("Paris."))
    other = folder.parent / "target.md"
    other.write_text(TRANSCRIPT.format("It is Paris.").replace("model: qwen3", "seed: null"))
    return Rechat("replay", other, folder=folder.parent)


@pytest.mark.parametrize("example", SHELL)
def test_an_example_runs(example: str, server: Rechat, folder: Path) -> None:
    with server:
        for line in example.splitlines():
            name, *words = shlex.split(line.replace(_HOST, server.root))
            assert name == "rechat"
            found = run(*words, folder=folder.parent)
            assert found.returncode == (words[0] == "diff"), found.stderr
            told = "It is" in found.stdout or "differs" in found.stdout
            assert told or "--dry-run" in words or found.stdout.startswith("# Compared")


def test_what_is_expected_is_checked(folder: Path) -> None:
    (example,) = re.findall(r"^```markdown expected\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (folder / "capital.md").write_text(example)
    other = folder.parent / "target.md"
    options = ("resend", folder, "--check", "--fail-on", "expect,error")
    for answer, code in (("It is Paris.", 0), ("As an AI I love Paris.", 1), ("Lyon.", 1)):
        other.write_text(example.replace("Paris, of course.", answer))
        with Rechat("replay", other, folder=folder.parent) as server:
            found = run(*options, "--to", f"{server.url}:m", folder=folder.parent)
        assert found.returncode == code, found.stdout


def test_the_nightly_job_fails_only_for_what_it_is_told(server: Rechat, folder: Path) -> None:
    (line,) = re.findall(r"run: (rechat resend .*) > drift.md$", JOB, re.MULTILINE)
    with server:
        words = shlex.split(line.replace(_HOST, server.root))[1:]
        found = run(*words, folder=folder.parent)
        assert found.returncode == 0, found.stderr
        assert "other words" in found.stdout
    gone = run(*words, "--retries", "0", folder=folder.parent)
    assert gone.returncode == 1
    assert "could not be reached" in gone.stdout
