"""What arrives at a terminal: without secrets, only its end, and nothing if nobody watches."""

import io

from rich.console import Console as Terminal

from rechat.observe.entry import JournalEntry
from rechat.observe.in_flight import Arriving
from rechat.observe.live_view import arriving_view
from rechat.observe.live_view import watching
from rechat.values.conversation import Message
from rechat.values.conversation import Request

ASKED = Request({"model": "gpt-5"}, (Message("user", "Hello [bold]you[/bold]"),))


def test_what_arrives_is_shown_without_secrets_and_only_its_end() -> None:
    arriving, screen = Arriving(), io.StringIO()
    terminal = Terminal(file=screen, width=40, height=10, color_system=None)
    terminal.print(arriving_view(arriving, terminal))
    assert screen.getvalue() == ""
    arrival = arriving.begin(JournalEntry("forwarded", "POST /v1", ASKED))
    arrival.text = (
        "word " * 1000 + "the key sk-proj-" + "a1B2" * 10 + " is\x1b[31m secret sk-proj-a1"
    )
    terminal.print(arriving_view(arriving, terminal))
    lines = screen.getvalue().splitlines()
    assert lines[0] == "…  gpt-5  Hello [bold]you[/bold]"
    assert len(lines) == 6
    shown = " ".join(" ".join(lines[1:]).split())
    assert shown.endswith("key [redacted openai-key] is␛[31m secret")


def test_nobody_watches_without_a_terminal() -> None:
    screen = io.StringIO()
    with watching(None, Terminal(file=screen, force_terminal=True)):
        pass
    assert screen.getvalue() == ""


def test_the_totals_stand_below_what_arrives() -> None:
    screen = io.StringIO()
    terminal = Terminal(file=screen, width=60, height=10, color_system=None)
    terminal.print(arriving_view(Arriving(), terminal, "3 requests, 67 % hits"))
    assert screen.getvalue() == "3 requests, 67 % hits\n"
