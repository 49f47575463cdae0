"""The commands of docs/exporting.md do what the page says."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "exporting.md").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="the lines are those of a POSIX shell")
def test_the_commands_write_what_they_say_and_the_program_is_answered(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "transcripts", tmp_path / "transcripts")
    code = "".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    local = code.replace("rechat ", f"{sys.executable} -m rechat ")
    local = local.replace("-- python ", f"-- {sys.executable} ")
    result = subprocess.run(
        ["/bin/sh", "-ec", local], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "Paris, says a Markdown file." in result.stdout
    assert "resourceSpans" in json.loads((tmp_path / "spans.json").read_text())
    first, *_ = (tmp_path / "batch_input.jsonl").read_text().splitlines()
    assert json.loads(first)["custom_id"] == "transcripts/capital.md"
