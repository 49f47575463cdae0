import pytest
from asking import questions
from asking import result

from rechat.resend.questions.selection import Selection
from rechat.resend.running import job_maker
from rechat.resend.sending.parts import latest
from rechat.resend.sending.parts import parts_of
from rechat.resend.target import parse_target
from rechat.values.conversation import ErrorAnswer
from rechat.values.errors import UsageError

FIRST, SECOND = questions()
SELECTION = Selection((FIRST, SECOND), ())
MAKE = job_maker(parse_target("http://a:m"), "")


def test_an_answer_is_not_lost_to_a_later_error() -> None:
    good, bad = result(FIRST), result(FIRST, answer=ErrorAnswer(503))
    assert [*latest([good, bad]).values()] == [good]
    assert [*latest([bad, good]).values()] == [good]


def test_two_targets_have_two_names() -> None:
    with pytest.raises(UsageError, match="name=NAME"):
        parts_of(SELECTION, [parse_target("http://a:m"), parse_target("http://b:m")])
