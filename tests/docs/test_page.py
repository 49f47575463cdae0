"""docs/page.md: its program runs, its table is the API."""

import re
import sys
from pathlib import Path

from process import run

from rechat.cli.settings import prices
from rechat.observe.search import NAMES
from rechat.web import api

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "page.md").read_text("utf-8")


def fence(tag: str) -> str:
    [found] = re.findall(rf"^```{tag}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_program_of_the_page_prints_what_is_shown(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(fence("python"))
    told = run("run", "replay", "transcripts", "--", sys.executable, program, folder=ROOT)
    assert told.stdout == fence("text"), told.stderr


def test_the_table_is_the_one_of_the_module() -> None:
    rows = re.compile(r"^\| `((?:GET|POST) \S+)` ", re.MULTILINE)
    assert set(rows.findall(PAGE)) == set(rows.findall(api.__doc__ or ""))


def test_every_filter_is_told() -> None:
    for name in NAMES:
        assert f"`{name}:`" in PAGE


def test_prices_are_read_as_they_are_shown(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(fence("toml"))
    assert prices(tmp_path) == {"gpt-5": (1.25, 10.0)}
