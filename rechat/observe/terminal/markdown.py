"""Answers of models as Markdown. With its parser this takes as long to import as the rest of rich,
and few see a conversation: so it is imported where one is shown.
"""

from typing import ClassVar

from rich.console import Console as Terminal
from rich.console import ConsoleOptions
from rich.console import RenderResult
from rich.markdown import Heading
from rich.markdown import Markdown
from rich.markdown import MarkdownElement

# The colours of the terminal itself, which are readable on its own background.
_COLOURS = "ansi_dark"


class _Left(Heading):
    """A heading where the text below it begins, not in the middle of the screen."""

    def __rich_console__(self, terminal: Terminal, options: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        yield self.text


class _Answer(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": _Left,
    }


def answer(text: str) -> Markdown:
    """The text of an answer, to be shown. Addresses of links stand beside them."""
    return _Answer(text, hyperlinks=False, code_theme=_COLOURS)
