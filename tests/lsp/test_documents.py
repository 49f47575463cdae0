"""Texts that are open in an editor."""

from pathlib import Path

import pytest

from rechat.lsp.documents import Document

HELLO = "### user\n\n> a\n\n### assistant\n\n> b\n"


@pytest.mark.parametrize(
    ("uri", "text", "is_one"),
    [
        ("file:///a/notes.md", "# Notes\n", False),
        ("file:///a/notes.md", HELLO, True),
        ("file:///a/transcripts/b%20c.md", "", True),
        ("file:///a/transcripts/README.md", HELLO, False),
    ],
)
def test_only_what_is_meant_as_a_transcript_is_checked(uri: str, text: str, is_one: bool) -> None:
    document = Document(uri, text)
    assert document.is_transcript is is_one
    if not is_one:
        assert document.diagnostics() == []


def test_characters_are_counted_as_editors_do() -> None:
    document = Document("file:///a.md", "a😀b")
    assert document.before(0, 3) == "a😀"
    assert document.before(5, 3) == ""
    assert document.path == Path("/a.md")


def test_a_link_that_leads_nowhere_is_a_mistake_in_its_line() -> None:
    [found] = Document("file:///no/a.md", "### user\n\n[a](assets/no.txt)\n").diagnostics()
    assert found["code"] == "unreadable-link"
