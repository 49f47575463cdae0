"""Lines that changed, and the words in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.explain.linediff import DiffLine
from rechat.explain.linediff import changed_words
from rechat.explain.linediff import lines_of


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


def test_a_gap_of_one_line_is_one_too() -> None:
    found = lines_of("1\n2\n3\nfour\n5\n6\n7", "1\n2\n3\n4\n5\n6\n7")
    kinds = ["gap", "same", "same", "recorded", "asked", "same", "same", "gap"]
    assert [(line.kind, line.skipped) for line in found] == [(k, int(k == "gap")) for k in kinds]


def test_words_are_compared_in_so_many_pairs_of_lines_wherever_they_are() -> None:
    """In each place two lines have become one: one pair, and one line that has no other."""
    places = range(300)
    old = "\n".join(f"place {n}\nthe old word\nanother" for n in places)
    new = "\n".join(f"place {n}\nthe new word" for n in places)
    marked = [
        line.pieces[1:2]
        for line in lines_of(old, new)
        if line.text in ("the old word", "the new word")
    ]
    assert marked[:400] == [(("old", True),), (("new", True),)] * 200
    assert marked[400:] == [()] * 200


def test_lines_that_have_nothing_in_common_are_not_marked() -> None:
    assert changed_words("one two three", "vier fünf") == (
        (("one two three", False),),
        (("vier fünf", False),),
    )


def test_lines_that_have_just_enough_in_common_are_marked() -> None:
    """Three words of ten on each side."""
    assert changed_words("!?.;:+-*/=", "!?.<>()[]{") == (
        (("!?.", False), (";:+-*/=", True)),
        (("!?.", False), ("<>()[]{", True)),
    )


def test_a_word_in_a_very_long_line_is_marked() -> None:
    long = "word " * 200_000
    assert changed_words(f"{long}fox {long}", f"{long}foxes {long}") == (
        ((long, False), ("fox", True), (f" {long}", False)),
        ((long, False), ("foxes", True), (f" {long}", False)),
    )
    assert changed_words(f"{long}cox {long}", f"{long}fox {long}") == (
        ((long, False), ("cox", True), (f" {long}", False)),
        ((long, False), ("fox", True), (f" {long}", False)),
    )
    assert changed_words(long, long + "x") == (((long, False),), ((long, False), ("x", True)))


def test_what_changed_is_marked_as_a_whole_where_it_is_very_long() -> None:
    one, other = "a b." * 1000, "c d?" * 1000
    assert changed_words(f"- {one}!", f"- {other}!") == (
        (("- ", False), (one, True), ("!", False)),
        (("- ", False), (other, True), ("!", False)),
    )


def test_a_very_long_line_is_shown_with_its_ends() -> None:
    long = "word " * 200_000
    recorded, asked = lines_of(f"{long}one", f"{long}two")
    assert (recorded.kind, asked.kind) == ("recorded", "asked")
    assert recorded.pieces[-1] == ("one", True)
    assert "…" in recorded.text
    assert len(recorded.text) < 10_000


def test_very_many_lines_in_one_place_are_cut() -> None:
    old = "\n".join(f"old {number}" for number in range(10_000))
    new = "\n".join(f"new {number}" for number in range(10_000))
    found = lines_of(old, new)
    assert len(found) < 1000
    assert [line.kind for line in found].count("gap") == 2


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("}\n" * 5000, "}\n" * 5001, id="the same line"),
        pytest.param("}\n" * 5000 + "x" + "}\n" * 9, "a" + "}\n" * 5000, id="other ends"),
        pytest.param("a\nb\n" * 5000, "b\nb\na\n" * 5000, id="two lines"),
        pytest.param("a" * 250_000, "a" * 250_001, id="one character"),
        pytest.param("a " * 1000, " a" * 999, id="short words"),
        pytest.param("a b\n" * 2000, "b a a\n" * 2000, id="short words in many lines"),
    ],
)
def test_lines_and_words_that_repeat_are_compared_in_bounded_time(old: str, new: str) -> None:
    found = lines_of(old, new)
    assert found
    assert len(found) < 30_000


TEXTS = st.text("ab \n", max_size=40)


@pytest.mark.parametrize("context", [0, 2, 100])
@given(old=TEXTS, new=TEXTS)
def test_no_text_is_lost(context: int, old: str, new: str) -> None:
    found = lines_of(old, new, context)
    for kind, text in (("recorded", old), ("asked", new)):
        told = [line.text for line in found if line.kind in ("same", kind)]
        lines = text.split("\n")
        if context == 100 and found:
            assert "\n".join(told) == text
        for line in told:
            assert line in lines
