"""The pages of the documentation hold together: each is linked from the README, every link leads
somewhere, and code that is shown is code that a test runs.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TESTS = "".join(path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.py")))
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *DOCS.glob("spec/*.md")])
_FENCE = re.compile(r"^(`{3,}|~{3,})(\S*).*?^\1$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|data:)([^)\s]+)\)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """A page without its fences and its code."""
    return re.sub(r"`[^`\n]+`", "code", _FENCE.sub("", page.read_text("utf-8")))


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The file and the anchor of each link to another page or to a place of the same."""
    for target in _LINK.findall(prose(page)):
        path, _, anchor = target.partition("#")
        yield (page.parent / path).resolve() if path else page, anchor


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#{1,6} (.*)$", _FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target, anchor in links(page):
        assert target.exists(), target
        assert not anchor or anchor in anchors(target), f"{name_of(target)}#{anchor}"


def test_the_readme_links_every_page() -> None:
    linked = {target for target, _ in links(ROOT / "README.md")}
    assert {name_of(page) for page in PAGES if page not in linked} == {"README.md"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_code_of_a_page_is_run_by_a_test(page: Path) -> None:
    tags = {tag for _, tag in _FENCE.findall(page.read_text("utf-8"))}
    if tags & {"python", "pycon"}:
        assert f'"{page.name}"' in TESTS


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_has_one_title_first(page: Path) -> None:
    lines = _FENCE.sub("", page.read_text("utf-8")).splitlines()
    assert [line for line in lines if line.startswith("# ")] == [lines[0]]
