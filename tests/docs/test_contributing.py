"""CONTRIBUTING.md, the templates and the settings of editors say what is so."""

import ast
import re
from itertools import product
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from rechat import __version__

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
CHECKED = (ROOT / ".ci" / "run").read_text("utf-8")
SESSIONS_FILE = (ROOT / "noxfile.py").read_text("utf-8")
SESSIONS = {
    node.name for node in ast.parse(SESSIONS_FILE).body if isinstance(node, ast.FunctionDef)
}
TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def yaml(path: Path) -> dict[str, object]:
    loaded: dict[str, object] = YAML(typ="safe").load(path)
    return loaded


@pytest.mark.parametrize(
    "path",
    sorted(
        {
            *re.findall(r"`((?:rechat|tests|docs)/[^`* ]*)`", PAGE),
            *re.findall(r"\"(tests/[^\"]*)\"", SESSIONS_FILE),
        }
    ),
)
def test_a_path_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("text", [PAGE, CHECKED], ids=["CONTRIBUTING.md", ".ci/run"])
def test_the_sessions_that_are_named_exist(text: str) -> None:
    named = {word for line in re.findall(r"nox -s ([a-z ]+)", text) for word in line.split()}
    assert named
    assert named <= SESSIONS


def test_the_tests_are_the_first_step_of_ci_by_the_command_of_the_readme() -> None:
    assert CHECKED.index("README.md") < CHECKED.index("nox")


def test_editors_leave_blanks_in_transcripts_alone() -> None:
    settings = (ROOT / ".editorconfig").read_text("utf-8")
    [markdown] = re.findall(r"^\[\*\.md\]\n((?:.+\n)+)", settings, re.MULTILINE)
    assert "trim_trailing_whitespace = false" in markdown
    assert settings.index("[*.md]") > settings.index("[*]")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_an_issue_template_has_what_github_requires(path: Path) -> None:
    if path.name == "config.yml":
        assert yaml(path).keys() == {"blank_issues_enabled"}
        return
    template = yaml(path)
    assert template["name"]
    assert template["description"]
    body = template["body"]
    assert isinstance(body, list)
    assert {field["type"] for field in body} <= {"textarea", "input", "dropdown", "markdown"}
    assert all(field["attributes"]["label"] for field in body)
    assert len({field["id"] for field in body}) == len(body)


def test_the_hooks_before_a_commit_have_names_and_commands() -> None:
    repositories = yaml(ROOT / ".pre-commit-config.yaml")["repos"]
    assert isinstance(repositories, list)
    for repository in repositories:
        assert repository["repo"] == "local"
        for hook, key in product(repository["hooks"], ("id", "name", "entry", "language")):
            assert hook[key]


def test_the_version_has_a_section_in_the_changelog() -> None:
    assert f"\n## {__version__} - " in (ROOT / "CHANGELOG.md").read_text("utf-8")
