import pytest
from asking import said

from rechat.resend.judging.verdict import Kind
from rechat.resend.judging.verdict import judge
from rechat.resend.judging.verdict import likeness
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import Refusal

CALL = Call("get_weather", "c1", '{"city": "Oslo"}')


@pytest.mark.parametrize(
    ("old", "new", "kind", "told"),
    [
        (said("Paris."), said("Paris."), "same", ""),
        (said("a  b"), said("a b\n"), "spaces", "only white space"),
        (said("It is Paris."), said("It is Rome."), "words", 'before "Paris" ≠ now "Rome"'),
        (said("Hi"), said(""), "words", "no words"),
        (said("Hi"), said("Hi", finish="length"), "finish", "it ended with length, not stop"),
        (
            said(None, CALL),
            said(None, Call("get_weather", "x", '{"city":"Rome"}'), finish="tool_calls"),
            "call",
            'the call get_weather differs in city: before "Oslo" ≠ now "Rome"',
        ),
        (
            said(None, CALL),
            said(None, Call("get_weather", "x", '{ "city":"Oslo" }')),
            "same",
            "",
        ),
        (said(None, CALL), said("Hi"), "call", "no call of get_weather"),
        (
            said("Hi"),
            ErrorAnswer(401, {"error": {"message": "no key"}}),
            "error",
            "error 401: no key",
        ),
    ],
)
def test_the_gravest_difference_is_named(
    old: Answer, new: AnyAnswer, kind: Kind, told: str
) -> None:
    found = judge([old], new)
    assert found.kind == kind
    assert told in found.told


def test_calls_in_another_order_are_the_same() -> None:
    other = Call("a_tool", "c2", "{}")
    assert judge([said(None, CALL, other)], said(None, other, CALL)).kind == "same"


def test_the_nearest_take_is_compared() -> None:
    assert judge([said("One."), said("Two.")], said("Two.")).kind == "same"


def test_a_refusal_is_told() -> None:
    no = Answer((Choice(Message("assistant", None, (Refusal("I cannot."),)), {}),))
    assert judge([said("Hi")], no).kind == "refused"
    assert judge([no], no).kind == "same"


@pytest.mark.parametrize("fields", [{"stop_reason": "end_turn"}, {"finishReason": "STOP"}, {}])
def test_the_same_end_is_the_same_in_all_apis(fields: dict[str, str]) -> None:
    assert judge([said("Hi")], Answer((Choice(Message("assistant", "Hi"), fields),))).kind == "same"


def test_no_answer_says_why() -> None:
    found = judge([said("Hi")], None, "nobody is there")
    assert (found.kind, found.told) == ("error", "nobody is there")


def test_likeness_is_that_of_words_and_their_order() -> None:
    assert likeness("a b c", "a b c") == 1.0
    assert likeness("one two three", "four five six") == 0.0
    assert 0.5 < likeness("one two three four", "one two three five") < 1.0


def test_another_hour_or_day_counts_for_more_than_other_words() -> None:
    was = "Well, then.\n\n1. On Monday the train leaves at 14:05, from platform 3."
    now = "Good.\n\n2. On Tuesday the train leaves at 15:05, from platform 3."
    other = judge([said(was)], said(now))
    assert other.name == "other words, other numbers or dates"
    assert other.told.startswith("monday, 14:05 before, tuesday, 15:05 now; ")
    alone = judge([said("At 14:05.")], said("At 15:05."))
    assert alone.name == "other words, other numbers or dates"
    assert alone.told == '14:05 before, 15:05 now; before "14" ≠ now "15"'
    assert judge([said("On Monday.")], said("On Friday.")).told == 'before "Monday" ≠ now "Friday"'
    reworded = judge([said(was)], said("It is quite another answer, with nothing in it."))
    assert reworded.name == "other words"
    assert other.rank > reworded.rank
    more = judge([said("It is here.")], said("It is here, at 5."))
    assert not more.has_other_figures, "what was not told before is no other number"
    told = judge([said(" ".join(map(str, range(9))))], said(" ".join(map(str, range(20, 29))))).told
    assert "0, 1, 2, 3, 4 … before, 20, 21, 22, 23, 24 … now" in told
