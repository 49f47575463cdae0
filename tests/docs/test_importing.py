"""The commands of docs/importing.md do what the page says."""

import re
import shlex
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
    assert len(COMMANDS) == 4
    for command in COMMANDS[:3]:
        words = shlex.split(command.replace("~", str(tmp_path)))[1:]
        result = run(*words, folder=tmp_path)
        assert result.returncode == 0, result.stderr
        assert result.stdout
    assert COMMANDS[3] == COMMANDS[0]
    assert (tmp_path / "tests/transcripts/test_a/test_b.md").exists()
