"""What may stand at a place, and what it says."""

import pytest

from rechat.lsp.documents import Document
from rechat.lsp.features import completions
from rechat.lsp.features import hover

TEXT = "## One\n\n```yaml\nn\n```\n\n### user\n\n> a\n\n```yaml\nn\n```\n\n### assistant\n\n> b\n"


@pytest.mark.parametrize(
    ("text", "line", "character", "label"),
    [
        ("### ", 0, 4, "assistant"),
        ("### us", 0, 6, "user"),
        ("#### ", 0, 5, "call"),
        ("### assistant, ", 0, 15, "given"),
        (TEXT, 3, 1, "n"),
    ],
)
def test_what_may_stand_there_is_offered(text: str, line: int, character: int, label: str) -> None:
    found = completions(Document("file:///a.md", text), line, character)
    assert label in [one["label"] for one in found]


@pytest.mark.parametrize(
    ("text", "line", "character"), [("> ### ", 0, 6), (TEXT, 11, 1), ("# ", 0, 2), ("", 4, 4)]
)
def test_nothing_is_offered_in_texts(text: str, line: int, character: int) -> None:
    assert completions(Document("file:///a.md", text), line, character) == []


def test_a_section_tells_what_each_of_its_answers_answers() -> None:
    document = Document("file:///a.md", TEXT.replace("```yaml\nn\n```", ""))
    assert hover(document, 0).startswith("Line ")
    assert hover(document, 1) == ""
    assert hover(Document("file:///a.md", "### usr\n"), 0) == ""
