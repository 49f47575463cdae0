"""What controls a terminal is shown and does nothing; places are links."""

from pathlib import Path

import pytest

from rechat.observe.terminal.visible import in_one_line
from rechat.observe.terminal.visible import link_to
from rechat.observe.terminal.visible import visible


def test_control_characters_are_made_visible() -> None:
    assert visible("a\x1b[31mb\x07\x7f\x9b\ud800\tc\n") == "a␛[31mb␇\\x7f\\x9b\\ud800\tc\n"


def test_marks_that_turn_the_direction_of_writing_are_made_visible() -> None:
    assert visible("a\u202eb\u2066c") == "a\\u202eb\\u2066c"


def test_a_name_stays_in_its_line() -> None:
    assert in_one_line("a\nb\x1b") == "a␊b␛"


def test_a_place_is_a_link_to_its_line() -> None:
    assert link_to("a b.md:5") == f"link {Path('a b.md').absolute().as_uri()}#5"


@pytest.mark.parametrize("place", ["", "a.md", "second:model", ":5"])
def test_other_texts_are_no_links(place: str) -> None:
    assert link_to(place) == ""
