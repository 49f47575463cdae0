"""What the expressions of several rules are made of."""

import re

import pytest

from rechat.matching.rule_words import BEGIN
from rechat.matching.rule_words import MONTH
from rechat.matching.rule_words import WEEKDAY
from rechat.matching.rule_words import word

WORDS = [word("id="), f"{BEGIN}id="]


@pytest.mark.parametrize("expression", WORDS)
@pytest.mark.parametrize("text", ["id=", "(id=", r"\nid=", "an id="])
def test_a_word_begins_after_what_is_no_letter_and_after_an_escape(
    expression: str, text: str
) -> None:
    assert re.search(expression, text)


@pytest.mark.parametrize("expression", WORDS)
@pytest.mark.parametrize("text", ["xid=", "_id=", "1id="])
def test_no_word_begins_in_another(expression: str, text: str) -> None:
    assert not re.search(expression, text)


@pytest.mark.parametrize("name", ["Jan", "January", "May", "Sept", "June"])
def test_months_are_named_whole_or_in_short(name: str) -> None:
    assert re.fullmatch(MONTH, name)


@pytest.mark.parametrize("name", ["Mon", "Monday", "Tues", "Thurs", "Sunday"])
def test_weekdays_are_named_whole_or_in_short(name: str) -> None:
    assert re.fullmatch(WEEKDAY, name)
