"""The commands of docs/hosts.md write the files that the page names, and the action and the component of this
repository are run as the scripts that they are.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from process import run
from ruamel.yaml import YAML

import rechat

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hosts.md").read_text("utf-8")


def test_each_command_writes_the_file_of_its_row(tmp_path: Path) -> None:
    rows = dict(re.findall(r"^\| `(--[a-z-]+)` \| `([^`]+)` \|", PAGE, re.MULTILINE))
    commands = re.findall(r"^rechat (init .*)$", PAGE, re.MULTILINE)
    assert {shlex.split(command)[-1] for command in commands} == set(rows)
    run(*shlex.split(commands[0].rpartition(" ")[0]), *rows, folder=tmp_path)
    for path in rows.values():
        assert (tmp_path / path).is_file()


def read(text: str) -> Any:
    return YAML(typ="safe").load(text)


def script_of_the_action(given: dict[str, str]) -> tuple[str, dict[str, str]]:
    """What the action runs once rechat is installed, and the variables that it sets."""
    action = read((ROOT / "action.yml").read_text())
    inputs = {name: one["default"] for name, one in action["inputs"].items()} | given
    set_up, installed, *steps = action["runs"]["steps"]
    assert set_up["with"]["python-version"] in (ROOT / "pyproject.toml").read_text()
    assert installed["run"] == 'pip install "$GITHUB_ACTION_PATH"'
    lines, variables = [], {}
    for step in steps:
        assert step.get("if", "inputs.layout == 'true'") == "inputs.layout == 'true'"
        if "if" in step and inputs["layout"] != "true":
            continue
        lines.append(step["run"])
        for name, value in step["env"].items():
            variables[name] = re.sub(
                r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], value
            )
    return "\n".join(lines), variables


def script_of_the_component(given: dict[str, str]) -> tuple[str, dict[str, str]]:
    """What the component runs."""
    spec, _, text = (ROOT / "templates" / "transcripts.yml").read_text().partition("\n---\n")
    inputs = {name: one["default"] for name, one in read(spec)["spec"]["inputs"].items()} | given
    text = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: inputs[found[1]], text)
    job = read(text)["transcripts"]
    assert job["before_script"] == ["pip install rechat"]
    assert job["artifacts"]["reports"]["codequality"] == "gl-code-quality-report.json"
    return "\n".join(job["script"]), {}


@pytest.mark.skipif(sys.platform == "win32", reason="the scripts are those of a POSIX shell")
@pytest.mark.parametrize("script_of", [script_of_the_action, script_of_the_component])
def test_what_the_repository_has_for_a_host_finds_what_is_wrong(
    script_of: Any, tmp_path: Path
) -> None:
    [first, second] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    wanted = first if script_of is script_of_the_action else second
    [path] = re.findall(r"path: (\S+)", wanted)
    assert f"rechat@v{rechat.__version__}" in wanted.replace("/transcripts@", "@")
    folder = tmp_path / path
    shutil.copytree(ROOT / "transcripts", folder)
    program = tmp_path / "rechat"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m rechat "$@"\n')
    program.chmod(0o755)

    def ran(**given: str) -> subprocess.CompletedProcess[str]:
        script, variables = script_of({"path": path} | given)
        own = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"} | variables
        return subprocess.run(
            ["bash", "-e", "-c", script], cwd=tmp_path, env=os.environ | own,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    done = ran()
    assert done.returncode == 0, done.stderr
    (folder / "loose.md").write_text("### user\n> a\n### assistant\n> b\n")
    assert ran().returncode == 1
    if script_of is script_of_the_action:
        assert ran(layout="false").returncode == 0
    (folder / "loose.md").write_text("### usr\n")
    done = ran()
    report = tmp_path / "gl-code-quality-report.json"
    said = report.read_text() if report.exists() else done.stdout
    assert (done.returncode, f"{path}/loose.md" in said) == (1, True)
