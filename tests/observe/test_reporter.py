"""What reaches the screen, and what is only counted."""

import threading
from dataclasses import replace

from rechat.observe.entry import JournalEntry
from rechat.observe.entry import Verdict
from rechat.observe.reporter import Reporter
from rechat.values.conversation import ErrorAnswer


class Screen:
    """Remembers what it is shown; it takes as long as it is told to."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, float]] = []
        self.left_out = 0
        self.gate = threading.Event()
        self.is_showing = threading.Event()

    def wants(self, entry: JournalEntry) -> bool:
        return entry.verdict != "forwarded"

    def entry(self, entry: JournalEntry) -> None:
        self.is_showing.set()
        self.gate.wait()
        self.shown.append((entry.target, entry.milliseconds))

    def dropped(self, count: int) -> None:
        self.left_out += count


def entry(target: object, verdict: Verdict = "hit") -> JournalEntry:
    return JournalEntry(verdict, str(target))


def test_all_is_shown_with_its_time_and_in_order() -> None:
    screen = Screen()
    screen.gate.set()
    with Reporter(screen) as reporter:
        for number in range(5):
            reporter.add(entry(number), float(number))
    assert screen.shown == [(str(number), float(number)) for number in range(5)]
    assert screen.left_out == 0


def test_what_is_not_wanted_is_only_counted() -> None:
    screen = Screen()
    screen.gate.set()
    with Reporter(screen) as reporter:
        reporter.add(entry("a", "forwarded"), 1.0)
        reporter.add(entry("b", "miss"), 1.0)
    assert screen.shown == [("b", 1.0)]
    assert reporter.counts == {"forwarded": 1, "miss": 1}


def test_a_screen_that_is_stuck_holds_nobody_up_and_the_rest_is_counted() -> None:
    screen = Screen()
    with Reporter(screen, waiting=3) as reporter:
        reporter.add(entry("first"), 0.0)
        screen.is_showing.wait()
        for number in range(10):
            reporter.add(entry(number), 0.0)
        screen.gate.set()
    assert [target for target, _ in screen.shown] == ["first", "0", "1", "2"]
    assert screen.left_out == 7
    assert reporter.counts["hit"] == 11


def test_what_hits_have_saved_is_added_up() -> None:
    screen = Screen()
    screen.gate.set()
    reporter = Reporter(screen)
    for _ in range(3):
        reporter.add(JournalEntry("hit", "x", saved_ms=100.0, saved_tokens=7), 1.0)
    reporter.add(entry("y", "miss"), 1.0)
    assert (reporter.saved.milliseconds, reporter.saved.tokens) == (300.0, 21)


def test_a_hit_that_is_an_error_is_not_counted_as_one() -> None:
    screen = Screen()
    screen.gate.set()
    with Reporter(screen) as reporter:
        reporter.add(replace(entry("a"), answer=ErrorAnswer(429)), 1.0)
        reporter.add(entry("b"), 1.0)
    assert reporter.counts == {"limited": 1, "hit": 1}
