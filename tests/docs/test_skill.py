"""The skill teaches what is true: its example answers, and its commands exist."""

import re
from pathlib import Path

from process import run

SKILL = (Path(__file__).parents[2] / "skills" / "rechat" / "SKILL.md").read_text("utf-8")


def test_the_example_lints_clean_and_answers(tmp_path: Path) -> None:
    [example] = re.findall(r"^````markdown\n(.*?)^````$", SKILL, re.MULTILINE | re.DOTALL)
    (tmp_path / "a.md").write_text(example)
    assert run("lint", "--strict", "a.md", folder=tmp_path).returncode == 0
    found = run("show", "a.md", "--json", folder=tmp_path).stdout
    assert found.count('"type": "answer"') == 2


def test_the_commands_are_there() -> None:
    named = set(re.findall(r"`rechat ([a-z]+)", SKILL))
    offered = run("--help", folder=Path.cwd()).stdout
    assert all(re.search(rf"^  {name} ", offered, re.MULTILINE) for name in named)


def test_the_skill_has_the_head_that_agents_look_for() -> None:
    assert SKILL.startswith("---\nname: rechat\ndescription: ")
