"""The commands of docs/hosts.md write the files that the page names."""

import re
import shlex
from pathlib import Path

from process import run

PAGE = (Path(__file__).parents[2] / "docs" / "hosts.md").read_text("utf-8")


def test_each_command_writes_the_file_of_its_row(tmp_path: Path) -> None:
    rows = dict(re.findall(r"^\| `(--[a-z-]+)` \| `([^`]+)` \|", PAGE, re.MULTILINE))
    commands = re.findall(r"^rechat (init .*)$", PAGE, re.MULTILINE)
    assert {shlex.split(command)[-1] for command in commands} == set(rows)
    run(*shlex.split(commands[0].rpartition(" ")[0]), *rows, folder=tmp_path)
    for path in rows.values():
        assert (tmp_path / path).is_file()
