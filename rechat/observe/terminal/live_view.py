"""The bottom of a terminal while rechat runs: answers in flight, so that people can read along, and
below them the totals.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console as Terminal
from rich.console import Group
from rich.live import Live
from rich.text import Text

from rechat.observe.in_flight import Arriving
from rechat.observe.terminal.visible import in_one_line
from rechat.observe.terminal.visible import visible

# Seconds between two redraws.
_TICK = 0.125
# How many answers are shown while they arrive.
_AT_ONCE = 3
# Characters shown of a question and of an answer.
_WORDS = 48
_SHOWN = 4000


@contextmanager
def watching(
    terminal: Terminal, totals: Callable[[], str], arriving: Arriving | None = None
) -> Iterator[None]:
    """While entered, shows the `totals` so far below everything else, and above them the answers in
    flight; a finished one disappears.
    """
    shown = arriving or Arriving()
    view = Live(
        get_renderable=lambda: arriving_view(shown, terminal, totals()),
        console=terminal,
        transient=True,
        auto_refresh=False,
    )
    over = threading.Event()
    with view:
        thread = threading.Thread(target=_refresh, args=(view, shown, over, totals), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _refresh(
    view: Live, arriving: Arriving, over: threading.Event, totals: Callable[[], str]
) -> None:
    """Draw while answers are in flight or counts change; an idle terminal is left alone."""
    was_there, before = False, ""
    while not over.wait(_TICK):
        is_there, told = bool(arriving.now()), totals()
        if is_there or was_there or told != before:
            view.refresh()
        was_there, before = is_there, told


def arriving_view(arriving: Arriving, terminal: Terminal, totals: str = "") -> Group:
    """The latest answers in flight, each with its last words, in half the height; the totals in a
    line below.
    """
    latest = arriving.now()[-_AT_ONCE:]
    shown: list[Text] = []
    for arrival in latest:
        entry = arrival.entry
        what = f"…  {in_one_line(entry.model)}  {in_one_line(entry.first_words[:_WORDS])}"
        shown.append(_line(what, terminal))
        said = Text(visible(arrival.words[-_SHOWN:]), style="italic")
        shown += said.wrap(terminal, terminal.width)[-(terminal.height // 2 // len(latest)) :]
    if totals:
        shown.append(_line(totals, terminal))
    return Group(*shown)


def _line(text: str, terminal: Terminal) -> Text:
    """One line, with room for the `^C` that a terminal shows at the cursor: it must not start a new
    line, which would stay.
    """
    line = Text(text, style="dim", no_wrap=True)
    line.truncate(terminal.width - len("^C") - 1, overflow="ellipsis")
    return line
