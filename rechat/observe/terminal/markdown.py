"""Answers of models as Markdown. This and its parser take as long to import as the rest of rich,
and few people show conversations, so it is imported on demand.
"""

from typing import ClassVar

from rich.console import Console as Terminal
from rich.console import ConsoleOptions
from rich.console import RenderResult
from rich.markdown import Heading
from rich.markdown import Markdown
from rich.markdown import MarkdownElement

# The terminal's own colours, which are readable on its own background.
_COLOURS = "ansi_dark"


class _Left(Heading):
    """A heading that is left-aligned like the text below it, not centred."""

    def __rich_console__(self, terminal: Terminal, options: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        yield self.text


class _Answer(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": _Left,
    }


def answer(text: str) -> Markdown:
    """The text of an answer for display. The URLs of links are shown beside them."""
    return _Answer(text, hyperlinks=False, code_theme=_COLOURS)
