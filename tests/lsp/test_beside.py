"""Settings of the editor, and commands that are none."""

from typing import Any

import pytest

from rechat.lsp.beside import Beside
from rechat.lsp.beside import Wanted
from rechat.lsp.beside import wanted_of
from rechat.lsp.documents import Document
from rechat.values import RechatError


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (None, Wanted(8910, "")),
        (
            {"port": 9000, "target": "http://localhost:1/v1:m"},
            Wanted(9000, "http://localhost:1/v1:m"),
        ),
        ({"port": "9000", "target": 3}, Wanted(8910, "")),
        ({"port": 0}, Wanted(8910, "")),
    ],
)
def test_settings_of_another_type_are_taken_for_absent(told: Any, wanted: Wanted) -> None:
    assert wanted_of(told) == wanted


def test_without_a_target_the_rechat_that_runs_is_asked() -> None:
    text = "## A\n\n```yaml\nmodel: m\n```\n\n### user\n\n> a\n\n## B\n\n### user\n\n> b\n"
    document = Document("file:///a.md", text)
    assert Wanted(9000).asked(document, "A") == "http://localhost:9000/v1"
    assert Wanted(9000).asked(document, "B") == "http://localhost:9000/v1:any"
    assert Wanted(9000).asked(document, "") == "http://localhost:9000/v1:any"
    assert Wanted(9000, "openai").asked(document, "B") == "openai"


@pytest.mark.parametrize(
    ("command", "given"),
    [("rechat.drop", []), ("rechat.ask", []), ("rechat.accept", ["1", "a.md:2"])],
)
def test_a_command_that_is_none_is_told(command: str, given: list[Any]) -> None:
    beside = Beside(lambda text, is_good: None, lambda: None)
    with pytest.raises(RechatError, match="is not known"):
        beside.execute(command, given, {})


def test_a_file_that_is_gone_cannot_be_asked() -> None:
    beside = Beside(lambda text, is_good: None, lambda: None)
    with pytest.raises(RechatError, match="cannot be read"):
        beside.execute("rechat.ask", ["file:///no/a.md", ""], {})
