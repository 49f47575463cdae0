"""Blocks are indented, and their lines have no blanks at their ends."""

import io

from rich.console import Console as Terminal
from rich.console import RenderableType
from rich.style import Style
from rich.text import Text

from rechat.observe.terminal.layout import Indented


def drawn(block: RenderableType, width: int = 30) -> list[str]:
    file = io.StringIO()
    Terminal(file=file, width=width, color_system=None).print(block, end="")
    return file.getvalue().splitlines()


def test_a_block_is_indented_and_wrapped_within_its_room() -> None:
    assert drawn(Indented(Text("one two three four five six"), 6)) == [
        "      one two three four five",
        "      six",
    ]


def test_empty_lines_and_ends_have_no_blanks() -> None:
    assert drawn(Indented(Text("one  \n\ntwo"))) == ["  one", "", "  two"]


def test_blanks_with_a_background_stay() -> None:
    boxed = Text("code  ", style=Style(bgcolor="blue"))
    assert drawn(Indented(boxed)) == ["  code  "]


def test_blocks_may_stand_in_blocks_on_a_narrow_screen() -> None:
    assert drawn(Indented(Indented(Text("a" * 24), 4), 4), 10)
