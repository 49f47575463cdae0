import pytest
from asking import questions
from asking import result

from rechat.resend.load.statistics import gaps
from rechat.resend.load.statistics import measure
from rechat.resend.load.statistics import percentile
from rechat.resend.load.statistics import spread
from rechat.resend.load.statistics import tpot
from rechat.resend.load.statistics import wilson
from rechat.values.conversation import ErrorAnswer

QUESTION = questions()[0]


def test_percentiles_lie_between_their_neighbours() -> None:
    values = [1.0, 2.0, 3.0, 4.0]
    assert [percentile(values, at) for at in (0, 50, 90, 100)] == [1, 2.5, pytest.approx(3.7), 4]


def test_a_percentile_of_few_values_is_marked() -> None:
    few, many = spread(range(40)), spread(range(600))
    assert few
    assert many
    assert [few.is_sure(at) for at in (50, 90, 99)] == [True, False, False]
    assert all(many.is_sure(at) for at in (50, 90, 95, 99))
    assert spread([]) is None


def test_the_share_of_a_few_is_not_sure() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_token_takes_what_is_between_the_first_piece_and_the_end() -> None:
    assert tpot(result(QUESTION, ms=30.0)) == 10.0  # 20 ms for two tokens
    assert gaps(result(QUESTION)) == [2.0, 8.0]
    assert tpot(result(QUESTION, times=(10.0,))) is None


def test_errors_are_counted_and_not_measured() -> None:
    failed = result(QUESTION, answer=ErrorAnswer(500), ms=9000.0, tries=3)
    found = measure([result(QUESTION), failed])
    assert (found.answered, found.errors, found.retries) == (1, 1, 2)
    assert found.spreads["e2e"].most == 20.0


def test_a_late_start_counts_from_when_it_was_due() -> None:
    found = measure([result(QUESTION, due=1.0, sent=1.25)])
    assert found.spreads["e2e due"].mean == 270.0
