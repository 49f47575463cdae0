"""`[tool.rechat.normalise]`: what a project looks past, in every command."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat
from process import run
from upstream import Upstream

RULES = r"""
[tool.rechat.normalise]
ticket = 'ACME-\d+'
build = {pattern = 'build [0-9a-f]{8}', in = ["tool"]}
"""


def ask(rechat: Rechat, text: str) -> httpx.Response:
    body: dict[str, Any] = {"model": "gpt-5", "messages": [{"role": "user", "content": text}]}
    return httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=20)


def test_what_the_rules_find_may_differ_when_recording_and_replaying(
    upstream: Upstream, folder: Path
) -> None:
    (folder.parent / "pyproject.toml").write_text(RULES)
    with Rechat("record", upstream.url, folder=folder.parent) as rechat:
        first, second = ask(rechat, "Fix ACME-12"), ask(rechat, "Fix ACME-4711")
    assert [first.headers["x-rechat"], second.headers["x-rechat"]] == ["recorded", "hit"]
    assert second.headers["x-rechat-match"] == "normalised"
    assert len(upstream.requests) == 1
    (saved,) = folder.glob("*.md")
    assert "ACME-12" in saved.read_text()
    with Rechat("replay", folder=folder.parent) as rechat:
        assert ask(rechat, "Fix ACME-12").headers["x-rechat-match"] == "exact"
        assert ask(rechat, "Fix ACME-1").headers["x-rechat-match"] == "normalised"
        assert ask(rechat, "Fix XACME-1").status_code == 400
        assert ask(rechat, "Fix build 0123abcd").status_code == 400


def test_a_folder_with_an_index_is_read_again_when_the_rules_change(folder: Path) -> None:
    for number in range(250):
        text = f"### user\n\n> Question {number} of ACME-{number}\n\n### assistant\n\n> {number}\n"
        (folder / f"{number}.md").write_text(text)
    with Rechat("replay", folder=folder.parent) as rechat:
        assert ask(rechat, "Question 7 of ACME-1").status_code == 400
    (folder.parent / "rechat.toml").write_text("[normalise]\nticket = 'ACME-\\d+'\n")
    with Rechat("replay", folder=folder.parent) as rechat:
        assert ask(rechat, "Question 7 of ACME-1").json()["choices"][0]["message"]["content"] == "7"


def test_files_may_list_the_rules_and_lint_knows_them(mine: Path) -> None:
    source = mine.read_text()
    mine.write_text("---\nrechat: {normalise: [ticket]}\n---\n\n" + source)
    found = run("lint", folder=mine.parent.parent)
    assert "normalise: ticket` is not known" in found.stdout
    (mine.parent.parent / "pyproject.toml").write_text(RULES)
    found = run("lint", folder=mine.parent.parent)
    assert "normalise" not in found.stdout


@pytest.mark.parametrize("command", ["replay", "record", "lint"])
def test_a_rule_that_could_be_slow_stops_the_start_with_the_reason(
    mine: Path, command: str
) -> None:
    (mine.parent.parent / "rechat.toml").write_text("[normalise]\nx = '.*foo'\n")
    found = run(command, folder=mine.parent.parent)
    assert found.returncode == 2
    assert "normalise: x = '.*foo'" in found.stderr
    assert "may end in many places" in found.stderr
