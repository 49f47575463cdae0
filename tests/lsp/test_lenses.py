"""What stands above sections and answers to be clicked on."""

from pathlib import Path

import pytest

from rechat.lsp.documents import Document
from rechat.lsp.lenses import ask
from rechat.lsp.lenses import lenses
from rechat.lsp.running import Missed
from rechat.values import RechatError

TEXT = (
    "## One\n\n### user\n\n> a\n\n### assistant\n\n> b\n\n"
    "## Two\n\n### user\n\n> c\n\n### assistant\n"
)


def titles(document: Document, missed: list[Missed]) -> list[tuple[int, str]]:
    return [
        (one["range"]["start"]["line"], one["command"]["title"]) for one in lenses(document, missed)
    ]


def test_a_section_that_has_an_answer_can_be_asked() -> None:
    document = Document("file:///a.md", TEXT)
    assert titles(document, []) == [(0, "Ask this section")]
    [lens] = lenses(document, [])
    assert lens["command"]["arguments"] == ["file:///a.md", "One"]


def test_a_file_without_sections_is_one() -> None:
    document = Document("file:///a.md", "### user\n\n> a\n\n### assistant\n\n> b\n")
    assert titles(document, []) == [(0, "Ask this section")]


@pytest.mark.parametrize("text", ["### usr\n", "# Notes\n", ""])
def test_what_is_no_transcript_has_none(text: str) -> None:
    assert titles(Document("file:///a.md", text), []) == []


def test_a_miss_can_be_accepted_at_the_answer_that_is_near(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    document = Document(path.as_uri(), TEXT)
    missed = [
        Missed(3, "x" * 100, "a.md:7", path, 7),
        Missed(4, "gone", "a.md:700", path, 700),
        Missed(5, "elsewhere", "b.md:7", tmp_path / "b.md", 7),
    ]
    [_, (line, title)] = titles(document, missed)
    assert line == 6
    assert title == f"Accept the new question: {'x' * 59}…"


def test_what_is_not_saved_is_not_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    for saved in ("", TEXT + "\n"):
        path.write_text(saved)
        with pytest.raises(RechatError, match="save the file first"):
            ask(Document(path.as_uri(), TEXT), "One", "http://localhost:1/v1")
