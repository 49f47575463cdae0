"""How blocks of text are placed on the screen: indented, without trailing blanks."""

from collections.abc import Iterable, Iterator

from rich.console import Console as Terminal
from rich.console import ConsoleOptions
from rich.console import RenderableType
from rich.segment import Segment

# However deeply a block is indented, its lines are at least this many characters wide.
_LEAST = 20


class Indented:
    """A block that is indented by some columns. Its lines end with their last visible character: a
    log is not padded, and text copied from a terminal has no trailing blanks.
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
    """The segments of a line without its trailing blanks, unless these have a background."""
    shown = list(line)
    while shown and not (shown[-1].style and shown[-1].style.bgcolor):
        last = shown.pop()
        if text := last.text.rstrip(" "):
            return [*shown, Segment(text, last.style)]
    return shown
