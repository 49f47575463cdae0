"""Differences line by line: sides named, changes marked, long lines cut around them."""

import io

from rich.console import Console as Terminal

from rechat.explain.difference import Difference
from rechat.observe.terminal.differences import diff_text
from rechat.observe.terminal.differences import differences_view


def test_changed_words_are_marked_where_there_are_colours() -> None:
    plain = diff_text(Difference("x", "to Rome today", "to Paris today"))
    assert plain.plain == "    -to Rome today\n    +to Paris today"
    marked = {
        plain.plain[span.start : span.end] for span in plain.spans if "reverse" in str(span.style)
    }
    assert marked == {"Rome", "Paris"}


def test_a_long_line_is_cut_around_its_change() -> None:
    words = "word " * 200
    told = diff_text(Difference("x", f"{words}Rome {words}", f"{words}Paris {words}")).plain
    assert "Rome" in told
    assert all(len(line) < 200 for line in told.splitlines())


def test_a_long_line_without_a_counterpart_shows_its_beginning() -> None:
    told = diff_text(Difference("x", "short", "other " * 200)).plain
    assert "-short" in told
    assert told.endswith("… 800 more characters")


def test_a_message_that_is_missing_has_lines_of_one_side() -> None:
    assert diff_text(Difference("x", "gone", "")).plain == "    -gone"
    assert diff_text(Difference("x", "", "more")).plain == "    +more"


def test_sides_are_named_before_the_differences() -> None:
    file = io.StringIO()
    terminal = Terminal(file=file, color_system=None)
    found = [Difference("model: a ≠ b"), Difference("the user message differs", "Hi", "Ho")]
    terminal.print(differences_view(found, ("transcript a.md:5", "request")))
    assert file.getvalue().splitlines() == [
        "  --- transcript a.md:5",
        "  +++ request",
        "  model: a ≠ b",
        "  the user message differs",
        "    -Hi",
        "    +Ho",
    ]
