"""Files for code hosts, hooks and editors: what they run is run here."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from process import run
from ruamel.yaml import YAML

from rechat.cli.folder.hosts import HOSTS

ROOT = Path(__file__).parents[3]


def written(name: str, folder: str = "transcripts") -> Any:
    return YAML(typ="safe").load(HOSTS[name].text(folder))


def commands(name: str) -> list[str]:
    """The lines that a file has run with rechat."""
    if name == "github":
        steps = written(name)["jobs"]["transcripts"]["steps"]
        lines = [step["run"] for step in steps if "run" in step]
    else:
        lines = written(name)["transcripts"]["script"]
    return [line.partition(" > ")[0] for line in lines if line.startswith("rechat ")]


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_the_commands_of_a_pipeline_find_what_is_wrong(name: str, mine: Path) -> None:
    lint, fmt = commands(name)
    folder = mine.parent.parent
    for command in (lint, fmt):
        assert run(*shlex.split(command)[1:], folder=folder).returncode == 0
    mine.write_text("### usr\n")
    failed = run(*shlex.split(lint)[1:], folder=folder)
    assert failed.returncode == 1
    assert "transcripts/mine.md" in failed.stdout


@pytest.mark.parametrize("name", ["transcripts", "tests/my.answers"])
def test_hooks_take_the_transcripts_of_the_folder_and_nothing_else(name: str) -> None:
    [repository] = written("pre-commit", name)["repos"]
    for hook in repository["hooks"]:
        takes = re.compile(hook["files"]).search
        assert takes(f"{name}/a.md")
        assert takes(f"{name}/b/a.md")
        assert not takes(f"{name}/README.md")
        assert not takes(f"{name}/b/assets/a.md")
        assert not takes("docs/a.md")


def test_the_hooks_of_the_repository_run_commands_that_there_are(mine: Path) -> None:
    hooks = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text())
    for hook in hooks:
        words = shlex.split(hook["entry"])[1:]
        assert run(*words, "transcripts/mine.md", folder=mine.parent.parent).returncode == 0
        assert re.search(hook["files"], "tests/transcripts/test_a/x.md")
        assert not re.search(hook["files"], "docs/format.md")


def test_the_problem_matcher_reads_what_lint_prints(mine: Path) -> None:
    mine.write_text("### usr\n")
    [task] = json.loads(HOSTS["vscode"].text("transcripts"))["tasks"]
    printed = run(*task["args"], folder=mine.parent.parent).stdout
    found = re.match(task["problemMatcher"]["pattern"]["regexp"], printed.splitlines()[0])
    assert found
    assert found.groups()[:3] == ("transcripts/mine.md", "1", "error")


def test_init_writes_the_file_once_and_tells_what_belongs_into_one_that_is_there(
    tmp_path: Path,
) -> None:
    first = run("init", "answers", "--gitlab", folder=tmp_path)
    assert ".gitlab/transcripts.yml\n" in first.stdout
    assert "add to .gitlab-ci.yml" in first.stderr
    path = tmp_path / ".gitlab" / "transcripts.yml"
    assert "rechat fmt --check answers" in path.read_text()
    path.write_text("mine")
    second = run("init", "answers", "--gitlab", folder=tmp_path)
    assert "is there already" in second.stderr
    assert path.read_text() == "mine"
