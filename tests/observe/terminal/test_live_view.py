"""What arrives at a terminal: without secrets, only its end, and nothing if nobody watches."""

import io
import json
import threading

from rich.console import Console as Terminal

from rechat.observe.entry import JournalEntry
from rechat.observe.in_flight import Arriving
from rechat.observe.terminal.live_view import arriving_view
from rechat.observe.terminal.live_view import watching
from rechat.values.conversation import Message
from rechat.values.conversation import Request

ASKED = Request({"model": "gpt-5"}, (Message("user", "Hello [bold]you[/bold]"),))


def test_what_arrives_is_shown_without_secrets_and_only_its_end() -> None:
    arriving, screen = Arriving(), io.StringIO()
    terminal = Terminal(file=screen, width=40, height=10, color_system=None)
    terminal.print(arriving_view(arriving, terminal))
    assert screen.getvalue() == ""
    arrival = arriving.begin(JournalEntry("forwarded", "POST /v1", ASKED))
    said = "word " * 1000 + "the key sk-proj-" + "a1B2" * 10 + " is\x1b[31m secret sk-proj-a1"
    arrival.feed(b"data: " + json.dumps({"response": said}).encode() + b"\n\n")
    terminal.print(arriving_view(arriving, terminal))
    lines = screen.getvalue().splitlines()
    assert lines[0] == "…  gpt-5  Hello [bold]you[/bold]"
    assert len(lines) == 6
    shown = " ".join(" ".join(lines[1:]).split())
    assert shown.endswith("key [redacted openai-key] is␛[31m secret")


def test_the_totals_stand_below_what_arrives() -> None:
    screen = io.StringIO()
    terminal = Terminal(file=screen, width=60, height=10, color_system=None)
    terminal.print(arriving_view(Arriving(), terminal, "3 requests, 67 % hits"))
    assert screen.getvalue() == "3 requests, 67 % hits\n"


def test_the_totals_leave_room_for_what_a_terminal_shows_of_keys() -> None:
    screen = io.StringIO()
    terminal = Terminal(file=screen, width=20, height=10, color_system=None)
    terminal.print(arriving_view(Arriving(), terminal, "3 requests, 67 % hits: ✓ 2 hit"))
    assert screen.getvalue() == "3 requests, 67 %…\n"


def test_the_totals_are_drawn_again_when_they_change_and_are_gone_at_the_end() -> None:
    screen = Drawn("two")
    terminal = Terminal(file=screen, width=40, force_terminal=True, force_interactive=True)
    now = ["one"]
    with watching(terminal, lambda: now[0]):
        now[0] = "two"
        assert screen.has_it.wait(20)
    assert screen.getvalue().endswith("\x1b[2K")


class Drawn(io.StringIO):
    """A screen that tells when a text has come."""

    def __init__(self, awaited: str) -> None:
        super().__init__()
        self.has_it = threading.Event()
        self._awaited = awaited

    def write(self, text: str) -> int:
        if self._awaited in text:
            self.has_it.set()
        return super().write(text)
