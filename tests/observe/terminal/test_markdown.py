"""Answers are rendered as Markdown."""

import io

from rich.console import Console as Terminal

from rechat.observe.terminal import markdown


def drawn(text: str) -> str:
    file = io.StringIO()
    Terminal(file=file, width=40, color_system=None).print(markdown.answer(text))
    return file.getvalue()


def test_a_heading_begins_where_the_text_below_it_does() -> None:
    assert drawn("# Title\n\nText").splitlines()[0].rstrip() == "Title"


def test_an_address_stands_beside_its_words() -> None:
    assert "words (https://example.org)" in drawn("[words](https://example.org)")
