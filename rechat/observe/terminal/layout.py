"""How blocks of text stand on the screen: indented, without blanks at the ends of lines."""

from collections.abc import Iterable, Iterator

from rich.console import Console as Terminal
from rich.console import ConsoleOptions
from rich.console import RenderableType
from rich.segment import Segment

# However deep a block stands, its lines have room for so many characters.
_LEAST = 20


class Indented:
    """A block that stands some columns to the right. Its lines end with their last visible
    character: a log is not padded, and what is copied from a terminal has no blanks in it.
    """

    def __init__(self, inner: RenderableType, columns: int = 2) -> None:
        self._inner = inner
        self._columns = columns

    def __rich_console__(self, terminal: Terminal, options: ConsoleOptions) -> Iterator[Segment]:
        """Draw the block."""
        room = options.update(width=max(_LEAST, options.max_width - self._columns), height=None)
        for line in terminal.render_lines(self._inner, room, pad=False):
            shown = _trimmed(line)
            if shown:
                yield Segment(" " * self._columns)
                yield from shown
            yield Segment.line()


def _trimmed(line: Iterable[Segment]) -> list[Segment]:
    """The segments of a line without the blanks at its end, unless these have a background."""
    shown = list(line)
    while shown and not (shown[-1].style and shown[-1].style.bgcolor):
        last = shown.pop()
        if text := last.text.rstrip(" "):
            return [*shown, Segment(text, last.style)]
    return shown
