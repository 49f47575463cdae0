"""The sign of an entry."""

import pytest
from conversations import ask

from rechat.observe.entry import JournalEntry
from rechat.observe.signs import SIGNS
from rechat.observe.signs import sign_of
from rechat.observe.signs import status_of
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import RawAnswer


@pytest.mark.parametrize(
    ("answer", "word", "status"),
    [
        (ErrorAnswer(429, "slow"), "limited", 429),
        (ErrorAnswer(500), "error", 500),
        (RawAnswer({}, 404), "error", 404),
        (RawAnswer({}), "hit", 200),
        (Fault("timeout"), "time-out", 0),
        (Fault("cut", 12), "cut", 0),
        (Fault("reset"), "reset", 0),
    ],
)
def test_what_failed_does_not_look_like_a_hit(answer: AnyAnswer, word: str, status: int) -> None:
    entry = JournalEntry("hit", "POST /x", ask("Hi"), answer, status=200)
    sign = sign_of(entry)
    assert (sign.word, status_of(entry)) == (word, status)
    assert (sign.tone == "hit") == (word == "hit")


def test_each_sign_is_one_cell_wide_and_no_two_have_one_word() -> None:
    assert all(len(sign.mark) == 1 for sign in SIGNS)
    assert len({sign.word for sign in SIGNS}) == len(SIGNS)
    assert len({sign.mark for sign in SIGNS[:7]}) == 7
