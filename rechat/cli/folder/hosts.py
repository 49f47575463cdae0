"""`rechat init --github` and the like: files that make code hosts, hooks and editors check the
transcripts of a folder.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

_GITHUB = """\
# Written by `rechat init --github`: checks the transcripts, and shows findings beside their lines.
name: transcripts
on: [push, pull_request]
permissions:
  contents: read
jobs:
  transcripts:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: pip install rechat
      - run: rechat lint --format github FOLDER
      - run: rechat fmt --check FOLDER
"""
_GITLAB = """\
# Written by `rechat init --gitlab`: checks the transcripts, and shows findings in merge requests.
transcripts:
  image: python:3.13-slim
  before_script:
    - pip install rechat
  script:
    - rechat lint --format gitlab FOLDER > gl-code-quality-report.json
    - rechat fmt --check FOLDER
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""
_PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: rechat-fmt
        name: rechat fmt
        language: system
        entry: rechat fmt
        files: ^PATTERN/(?!(.*/)?(assets/|README\\.md)).*\\.md$
      - id: rechat-lint
        name: rechat lint
        language: system
        entry: rechat lint
        files: ^PATTERN/(?!(.*/)?(assets/|README\\.md)).*\\.md$
"""


@dataclass(frozen=True, slots=True)
class Host:
    """A file to write, its content for a folder, and what is left to do by hand."""

    path: str
    text: Callable[[str], str]
    then: str = ""


def _named(text: str) -> Callable[[str], str]:
    return lambda folder: text.replace("FOLDER", folder)


def _hooks(folder: str) -> str:
    return _PRE_COMMIT.replace("PATTERN", re.escape(folder).replace("\\-", "-"))


def _tasks(folder: str) -> str:
    """A VS Code task whose findings appear in the list of problems."""
    pattern = {
        "regexp": r"^(.+?):(\d+): (error|warning|notice): (.*)$",
        "file": 1,
        "line": 2,
        "severity": 3,
        "message": 4,
    }
    matcher = {
        "owner": "rechat",
        "source": "rechat",
        "fileLocation": ["relative", "${workspaceFolder}"],
        "pattern": pattern,
    }
    task = {
        "label": "rechat lint",
        "type": "process",
        "command": "rechat",
        "args": ["lint", folder],
        "group": "test",
        "presentation": {"reveal": "silent"},
        "problemMatcher": matcher,
    }
    return json.dumps({"version": "2.0.0", "tasks": [task]}, indent=2) + "\n"


HOSTS: dict[str, Host] = {
    "github": Host(".github/workflows/transcripts.yml", _named(_GITHUB)),
    "gitlab": Host(
        ".gitlab/transcripts.yml",
        _named(_GITLAB),
        "add to .gitlab-ci.yml: include: {local: .gitlab/transcripts.yml}",
    ),
    "pre-commit": Host(".pre-commit-config.yaml", _hooks, "run: pre-commit install"),
    "vscode": Host(".vscode/tasks.json", _tasks, "run the task `rechat lint` in VS Code"),
}
"""By the name of the option."""


def write_host(name: str, folder: Path, say: Callable[[str], object] = typer.echo) -> None:
    """Write the file of a host into the working folder, and print its path; an existing one is left
    alone, and what belongs in it is printed.
    """
    host = HOSTS[name]
    path, text = Path(host.path), host.text(folder.as_posix())
    if path.exists():
        typer.echo(f"{host.path} is there already; add to it:\n{text}", err=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
    say(host.path)
    if host.then:
        typer.echo(host.then, err=True)
