import pytest
from asking import questions
from asking import result

from rechat.resend.load.goals import parse_goals
from rechat.resend.load.goals import reached
from rechat.values.conversation import ErrorAnswer
from rechat.values.errors import UsageError

QUESTION = questions()[0]
GOALS = parse_goals("ttft=15,tpot=6,e2el=50")


def test_an_answer_is_good_if_it_reaches_all_goals() -> None:
    results = [
        result(QUESTION),
        result(QUESTION, ms=60.0),
        result(QUESTION, due=0.0, sent=1.0),
        result(QUESTION, answer=ErrorAnswer(500)),
        result(QUESTION, times=(10.0,)),
    ]
    found = reached(GOALS, results, 2.0)
    assert (found.good, found.count, found.unknown, found.rate) == (1, 4, 1, 0.5)


def test_a_verdict_needs_enough_answers() -> None:
    good, bad = [result(QUESTION)], [result(QUESTION, ms=99.0)]
    assert reached(GOALS, good * 10, 1.0).verdict == "unclear"
    assert reached(GOALS, good * 100, 1.0).verdict == "reached"
    assert reached(GOALS, good * 50 + bad * 50, 1.0).verdict == "missed"


@pytest.mark.parametrize("text", ["ttft", "ttft=x", "speed=3", "ttft=0"])
def test_what_is_no_goal_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="--slo"):
        parse_goals(text)
