"""The commands of docs/importing.md do what the page says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from foreign import ASKED
from foreign import SAID
from foreign import cassette
from foreign import claude_lines
from foreign import lines
from process import run

PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


def test_every_command_of_the_page_saves_something(tmp_path: Path) -> None:
    asked = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": ASKED}
    said = {"custom_id": "1", "response": {"status_code": 200, "body": SAID}}
    files = {
        "tests/cassettes/test_a/test_b.yaml": cassette(SAID),
        ".claude/projects/my-project/s.jsonl": lines(claude_lines()),
        "batch_input.jsonl": lines([asked]),
        "batch_output.jsonl": lines([said]),
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert len(COMMANDS) == 5
    for command in COMMANDS[:3]:
        words = shlex.split(command.replace("~", str(tmp_path)))[1:]
        result = run(*words, folder=tmp_path)
        assert result.returncode == 0, result.stderr
        assert result.stdout
    assert (tmp_path / "tests/transcripts/test_a/test_b.md").exists()


MOVED = """
import json, os, urllib.request
import pytest

@pytest.mark.vcr(record_mode="none")
def test_capital():
    body = json.dumps({"model": "gpt-5", "max_tokens": 900, "messages": [
        {"role": "user", "content": "What is the capital?"}]}).encode()
    url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
    with urllib.request.urlopen(urllib.request.Request(url, body)) as response:
        assert json.load(response)["choices"][0]["message"]["content"] == "Paris"
"""


def test_a_suite_moves_from_vcr_by_the_command_of_the_page(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    (folder / "cassettes/test_moved").mkdir(parents=True)
    (folder / "cassettes/test_moved/test_capital.yaml").write_bytes(cassette(SAID))
    (folder / "test_moved.py").write_text(MOVED)
    transcript = folder / "transcripts/test_moved/test_capital.md"
    moved, replayed = COMMANDS[3:]
    assert run(*shlex.split(moved)[1:], folder=tmp_path).returncode == 0
    assert "max_tokens: 900\n" in transcript.read_text()
    before = transcript.read_bytes()
    assert pytest_as(replayed, tmp_path).returncode == 0
    assert transcript.read_bytes() == before


def pytest_as(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """`pytest` as the page calls it, with this Python."""
    words = [sys.executable, "-m", *shlex.split(command), "-p", "no:cacheprovider"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
