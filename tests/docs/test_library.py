"""docs/library.md: its examples run, its table names what a server has."""

import doctest
import re
from pathlib import Path

import pytest

import rechat

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "library.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def run_examples(page: str, name: str) -> int:
    """Run the `pycon` fences of a page one after the other; how many examples there were."""
    examples: list[doctest.Example] = []
    for fence in re.finditer(r"^```pycon\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        found = doctest.DocTestParser().get_examples(fence[1], name)
        for example in found:
            example.lineno += page.count("\n", 0, fence.start(1))
        examples += found
    test = doctest.DocTest(examples, {}, name, name, 0, page)
    runner = doctest.DebugRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    return runner.run(test).attempted


@pytest.mark.parametrize("name", ["docs/library.md", "README.md"])
def test_the_examples_of_the_page_do_what_is_shown(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / name).read_text("utf-8")
    assert run_examples(page, name) == page.count("\n>>> ") > 0


def test_the_fixture_of_the_page_compiles_and_names_what_there_is() -> None:
    for code in re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        compile(code, "docs/library.md", "exec")
        for name in re.findall(r"\brechat\.(\w+)", code):
            assert name in rechat.__all__


def test_the_table_names_all_that_a_server_has() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert told == {name for name in dir(rechat.Replay("x")) if not name.startswith("_")}


def test_every_kind_of_value_is_told() -> None:
    for name in ("Transcript", "Section", "Given", "Reply", "Answer", "ErrorAnswer", "Fault"):
        assert f"`{name}`" in PAGE
