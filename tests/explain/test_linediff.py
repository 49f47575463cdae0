"""Lines that changed, and the words in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.explain.linediff import DiffLine, changed_words, lines_of


def test_changed_words_are_marked_on_both_sides() -> None:
    assert lines_of("a\nthe brown fox\nb", "a\nthe red fox\nb") == (
        DiffLine("same", (("a", False),)),
        DiffLine("recorded", (("the ", False), ("brown", True), (" fox", False))),
        DiffLine("asked", (("the ", False), ("red", True), (" fox", False))),
        DiffLine("same", (("b", False),)),
    )


def test_the_same_text_has_no_lines() -> None:
    assert lines_of("a\nb", "a\nb") == ()


def test_what_is_far_from_a_change_is_a_gap() -> None:
    old = "\n".join(map(str, range(20)))
    found = lines_of(old, old.replace("10", "ten"))
    assert [line.kind for line in found] == [
        "gap", "same", "same", "recorded", "asked", "same", "same", "gap",
    ]  # fmt: skip


def test_lines_that_have_nothing_in_common_are_not_marked() -> None:
    assert changed_words("one two three", "vier fünf") == (
        (("one two three", False),),
        (("vier fünf", False),),
    )


def test_a_very_long_line_is_marked_as_a_whole() -> None:
    long = "word " * 1000
    assert changed_words(long, long + "x") == (((long, True),), ((long + "x", True),))


TEXTS = st.text("ab \n", max_size=40)


@pytest.mark.parametrize("context", [0, 2, 100])
@given(old=TEXTS, new=TEXTS)
def test_no_text_is_lost(context: int, old: str, new: str) -> None:
    found = lines_of(old, new, context)
    for kind, text in (("recorded", old), ("asked", new)):
        told = [line.text for line in found if line.kind in ("same", kind)]
        lines = text.split("\n")
        if context == 100 and found:
            assert told == lines
        for line in told:
            assert line in lines
