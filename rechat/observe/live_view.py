"""Answers in flight at the bottom of a terminal, so that people can read along."""

import string
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console as Terminal
from rich.console import Group
from rich.live import Live
from rich.text import Text

from rechat.observe.console import visible
from rechat.observe.in_flight import Arriving
from rechat.values import redact_text

# The characters of keys and tokens.
_OF_KEYS = string.ascii_letters + string.digits + "-_.+/="
# Seconds between two redraws.
_TICK = 0.125
# How many answers are shown while they arrive.
_AT_ONCE = 3
# Characters shown of a question and of an answer.
_WORDS = 48
_SHOWN = 4000


@contextmanager
def watching(
    arriving: Arriving | None, terminal: Terminal, totals: Callable[[], str] = str
) -> Iterator[None]:
    """While entered, shows answers in flight below everything else, and the `totals` so far; a
    finished answer disappears.
    """
    if not arriving:
        yield
        return
    view = Live(
        get_renderable=lambda: arriving_view(arriving, terminal, totals()),
        console=terminal,
        transient=True,
        auto_refresh=False,
    )
    over = threading.Event()
    with view:
        thread = threading.Thread(target=_refresh, args=(view, arriving, over, totals), daemon=True)
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
        what = f"…  {visible(entry.model)}  {visible(entry.first_words[:_WORDS])}"
        shown.append(Text(what, style="dim", no_wrap=True))
        # Without the last word, which may be half a secret, and redacted before it is cut, because
        # secrets are recognised by how they begin.
        words = redact_text(arrival.text.rstrip(_OF_KEYS))
        said = Text(visible(words[-_SHOWN:]), style="italic")
        shown += said.wrap(terminal, terminal.width)[-(terminal.height // 2 // len(latest)) :]
    if totals:
        shown.append(Text(totals, style="dim", no_wrap=True))
    return Group(*shown)
