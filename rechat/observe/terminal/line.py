"""The line of a request: its outcome as a sign and a word, the question, the model or upstream, the
duration, and where the answer is or why there is none.
"""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.cells import set_cell_size
from rich.console import Group
from rich.console import RenderableType
from rich.text import Text

from rechat.observe.entry import JournalEntry
from rechat.observe.signs import sign_of
from rechat.observe.signs import status_of
from rechat.observe.terminal.layout import Indented
from rechat.observe.terminal.visible import in_one_line
from rechat.observe.terminal.visible import link_to

TONES = {
    "hit": "bold green",
    "recorded": "bold blue",
    "forwarded": "bold cyan",
    "miss": "bold yellow",
    "held": "bold magenta",
    "failed": "bold red",
    "failover": "bold yellow",
}
# Cells that the first words of a question take in a log; on a screen all that are free, within
# these limits.
_WORDS = 48
_FEWEST = 16
_MOST = 96
_GAP = "  "


def line_of(entry: JournalEntry) -> Text:
    """The line of a request for a pipe or a log: one line, however long."""
    return Text(_GAP).join([*_request_cells(entry, _WORDS), *_answer_cells(entry)])


def row_of(entry: JournalEntry, width: int) -> RenderableType:
    """The line of a request for a screen of this width. The question is cut to fit; if that is not
    enough, a second line says where the answer is, or why there is none.
    """
    answered = Text(_GAP).join(_answer_cells(entry))
    without = Text(_GAP).join([*_request_cells(entry, 0), *([answered] if answered else [])])
    room = width - without.cell_len - len(_GAP)
    if room >= min(_FEWEST, cell_len(entry.first_words)):
        words = min(room, _MOST)
        return Text(_GAP).join([*_request_cells(entry, words), *([answered] if answered else [])])
    room = width - Text(_GAP).join(_request_cells(entry, 0)).cell_len - len(_GAP)
    asked = Text(_GAP).join(_request_cells(entry, min(max(room, _FEWEST), _MOST)))
    return Group(asked, Indented(answered))


def _request_cells(entry: JournalEntry, room: int) -> Iterator[Text]:
    """The outcome of a request, its question within this many cells, and its duration."""
    sign, status = sign_of(entry), status_of(entry)
    yield Text(f"{sign.mark} {sign.word:<9}", style=TONES[sign.tone])
    if status >= 400:
        yield Text(str(status), style="red")
    yield Text(in_one_line(entry.model or entry.target), style="bold")
    if room and entry.first_words:
        yield Text(_within(in_one_line(entry.first_words), room))
    if entry.tokens:
        yield Text(f"{entry.tokens} tokens", style="dim")
    if entry.milliseconds:
        yield Text(f"{entry.milliseconds:.0f} ms", style="dim")
    if entry.upstream:
        yield Text(in_one_line(_upstream(entry)), style="dim")


def _answer_cells(entry: JournalEntry) -> Iterator[Text]:
    """Where the answer is, by which rule it was found and as which take, or why there is none."""
    place = [Text(in_one_line(entry.place), style=link_to(entry.place))] * bool(entry.place)
    rule = [Text(f"({entry.rule})")] * bool(entry.rule)
    take = [Text(f"take {entry.take}/{entry.takes}")] * bool(entry.takes)
    if told := [*place, *rule, *take]:
        found = Text(" ").join(told)
        found.stylize_before("dim")
        yield found
    if entry.reason:
        yield _reason(entry)


def _reason(entry: JournalEntry) -> Text:
    """Why there is no answer, with a link to the nearest transcript."""
    told = Text(in_one_line(entry.reason), style="yellow")
    near = entry.miss.nearest.place if entry.miss and entry.miss.nearest else ""
    if near and (style := link_to(near)):
        told.highlight_words([in_one_line(near)], style=style)
    return told


def _within(text: str, room: int) -> str:
    """The text, truncated to this many cells."""
    return text if cell_len(text) <= room else f"{set_cell_size(text, room - 1).rstrip()}…"


def _upstream(entry: JournalEntry) -> str:
    """The upstream that answered, and its number among those that were asked."""
    return f"{entry.upstream} (attempt {entry.attempts})" if entry.attempts > 1 else entry.upstream
