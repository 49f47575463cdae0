"""The table of kinds: sound, linear, and each of its rows works."""

import random
import re

import pytest
from some_match import some_match

from rechat.values.secrets.kinds import Kind
from rechat.values.secrets.kinds import is_words
from rechat.values.secrets.kinds import kinds
from rechat.values.secrets.kinds import table
from rechat.values.secrets.text import redact_text

TABLE = table()
each_kind = pytest.mark.parametrize(
    "kind", TABLE, ids=[f"{number}-{kind.name}" for number, kind in enumerate(TABLE)]
)
FOUND = "gsk" + "_" + "a1B2c3D4e5" * 4
# What some expressions look back at.
BEFORE = {
    "oauth:": "oauth:",
    r"{15}\|": "123456789012345|",
    "{12}!": "00D0a1B2c3D4e5F!",
    r"{3}\|": "happy-otter-123|",
    "(?<=[0-9]": "1234567890123456:",
}
# "[\w-]{20,}+" is fine, "[\w-]{20,}" goes back.
_GOES_BACK = re.compile(r"(?:[*+]|\{\d+,\})(?!\+)")


@each_kind
def test_a_row_says_all_that_is_needed(kind: Kind) -> None:
    assert kind.source
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", kind.name)
    assert all(len(begin) > 1 and begin[0].isalnum() for begin in kind.begins)


@each_kind
def test_no_repetition_without_an_end_goes_back(kind: Kind) -> None:
    without_sets = re.sub(r"\[[^\]]*\]", "x", kind.rest)
    possessive = re.sub(r"(?:[*+]|\{\d+,\})\+", "", without_sets)
    assert not _GOES_BACK.search(possessive), kind.rest


def test_no_beginning_is_listed_twice() -> None:
    begins = [(begin, kind.rest) for kind in TABLE for begin in kind.begins]
    assert len(begins) == len(set(begins))


@each_kind
def test_what_a_row_describes_is_found(kind: Kind) -> None:
    chance = random.Random(kind.rest)
    before = next((words for mark, words in BEFORE.items() if mark in kind.rest), "")
    for begin in kind.begins or ("",):
        token = begin + some_match(kind.rest, chance)
        found = redact_text(f"it is '{before}{token}'")
        assert re.fullmatch(rf"it is '{re.escape(before)}\[redacted [a-z0-9-]+\]'", found)


@pytest.mark.timeout(60)
@each_kind
def test_a_megabyte_of_beginnings_is_read_in_linear_time(kind: Kind) -> None:
    begin = (kind.begins or ("0a",))[-1]
    text = begin * (1_000_000 // len(begin)) + " " + FOUND
    assert redact_text(text).endswith(" [redacted groq-key]")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["0a", "A1.", "0a" * 20 + "-", "aB1_", "/", "aB1"])
def test_a_megabyte_of_all_beginnings_is_read_in_linear_time(piece: str) -> None:
    pieces = "".join(begin + piece for kind in TABLE for begin in kind.begins)
    text = pieces * (1_000_000 // len(pieces)) + " " + FOUND
    assert redact_text(text).endswith(" [redacted groq-key]")


def test_the_longest_beginning_counts() -> None:
    token = "sk-" + "ant-" + "a1B2c3D4e5" * 4
    assert [kind.name for _, _, kind in kinds().find(token, 0, len(token))] == ["anthropic-key"]


@pytest.mark.parametrize("token", ["learn", "TensorFlow_python3", "some-words.in-2024", "a_b"])
def test_words_are_words(token: str) -> None:
    assert is_words(token)


@pytest.mark.parametrize("token", ["a1B2c3D4", "x9k2", "a" * 20])
def test_random_letters_are_no_words(token: str) -> None:
    assert not is_words(token)
