"""Texts that look the same and are composed of other characters."""

import pytest

from rechat.explain.lookalikes import characters_that_differ
from rechat.explain.lookalikes import plain


@pytest.mark.parametrize(
    ("recorded", "asked", "told"),
    [
        ("caf\u00e9 au lait", "cafe\u0301 au lait", ("U+00E9", "U+0065 U+0301")),
        ("no\u200bbreak", "nobreak", ("U+200B", "nothing")),
        ("nobreak", "nobreak\ufeff", ("nothing", "U+FEFF")),
        ("a\u00e9\u00e8b", "ae\u0301e\u0300b", ("U+00E9", "U+0065 U+0301")),
        ("say \u201chi\u201d", 'say "hi"', ("U+201C", "U+0022")),
        ("one \u2013 two", "one - two", ("U+2013", "U+002D")),
        ("wait\u2026", "wait...", ("U+2026", "U+002E U+002E U+002E")),
        ("P\u0430ris", "Paris", ("U+0430", "U+0061")),
        ("same", "same", None),
        ("caf\u00e9", "cafe", None),
        ("one", "two", None),
    ],
)
def test_characters_that_look_the_same_are_told_by_their_codes(
    recorded: str, asked: str, told: tuple[str, str] | None
) -> None:
    assert characters_that_differ(recorded, asked) == told


@pytest.mark.timeout(20)
def test_accents_without_end_are_not_sorted() -> None:
    many = "e" + "\u0301\u0323" * 50_000
    assert plain(many) == many
    assert characters_that_differ(many, many + "\u200b") is None
