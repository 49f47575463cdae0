import ast
import re
from pathlib import Path

import architecture
import pytest

SOURCE = architecture.ROOT / "rechat"
PAGE = architecture.PAGE.read_text("utf-8")
METHODS = {
    node.name: {
        part.name for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for path in SOURCE.rglob("*.py")
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.ClassDef)
}


def test_the_picture_shows_what_imports_what() -> None:
    assert architecture.page_with(PAGE, architecture.drawn(SOURCE)) == PAGE, (
        "run: python tests/support/architecture.py"
    )


def test_an_arrow_that_comes_or_goes_changes_the_picture(tmp_path: Path) -> None:
    for room, imports in (("top", "from pack.low import x"), ("low", ""), ("lone", "")):
        folder = tmp_path / "pack" / room
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(f'"""What is {room}?"""\n')
        (folder / "module.py").write_text(imports)
    before = architecture.drawn(tmp_path / "pack")
    assert "    top --> low\n" in before
    assert "| `lone` | What is lone? |  |" in before

    (tmp_path / "pack" / "low" / "module.py").write_text("import pack.lone.module")
    after = architecture.drawn(tmp_path / "pack")
    assert "    low --> lone\n" in after
    assert "| `low` | What is low? | lone |" in after


def test_an_arrow_that_follows_from_others_stands_in_the_table_only() -> None:
    graph = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
    assert architecture.direct(graph) == [("a", "b"), ("b", "c")]


def test_a_page_without_a_place_for_the_picture_is_an_error() -> None:
    with pytest.raises(ValueError, match="lacks"):
        architecture.page_with("# Architecture\n", "a picture")


@pytest.mark.parametrize("path", re.findall(r"`((?:rechat|tests)/[\w/]+\.py)`", PAGE))
def test_a_file_that_the_page_names_exists(path: str) -> None:
    assert (architecture.ROOT / path).exists()


@pytest.mark.parametrize("name", re.findall(r"`([A-Z]\w+\.\w+)`", PAGE))
def test_a_method_that_the_page_names_exists(name: str) -> None:
    owner, method = name.split(".")
    assert method in METHODS.get(owner, set())
