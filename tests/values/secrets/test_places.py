"""The places of a word."""

import re

from rechat.values.secrets.places import after


def test_what_follows_each_place_of_a_word_is_found_once() -> None:
    text = "A=1 b a=2 a=x aa=3"
    assert [match[0] for match in after(text, text.lower(), "a", re.compile(r"=\d"))] == [
        "=1",
        "=2",
        "=3",
    ]
