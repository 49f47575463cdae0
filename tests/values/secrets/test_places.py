"""The places of a word."""

import re

import pytest

from rechat.values.secrets.places import after
from rechat.values.secrets.places import any_of
from rechat.values.secrets.places import has_rare_letter


def test_what_follows_each_place_of_a_word_is_found_once() -> None:
    text = "A=1 b a=2 a=x aa=3"
    assert [match[0] for match in after(text, text.lower(), "a", re.compile(r"=\d"))] == [
        "=1",
        "=2",
        "=3",
    ]


@pytest.mark.parametrize("word", ["psk", "cookie", "-----begin", "zugangsdaten", "btoa("])
def test_a_word_is_found_by_its_rarest_letter(word: str) -> None:
    any_word = any_of(["psk", "cookie", "-----begin", "zugangsdaten", "btoa("])
    assert has_rare_letter(word)
    assert any_word.search(f"a text with {word} in it")
    assert any_word.search(word)
    assert not any_word.search("zebras, kooks, bees, pskov"[:-5] + word[:-1])


def test_common_letters_find_no_word() -> None:
    assert not has_rare_letter("login")
