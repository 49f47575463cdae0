"""What a file says: equal wherever it stood."""

from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Given
from rechat.values.conversation import Message
from rechat.values.conversation import Reply
from rechat.values.conversation import Span
from rechat.values.conversation import history_of


def test_values_are_equal_wherever_they_stood() -> None:
    hello = Message("user", "Hello")
    assert Given(hello, line=3) == Given(hello, line=9)
    assert Reply(None, line=3, span=Span(1, 2)) == Reply(None, line=9, span=Span(5, 6))
    assert Reply(None, take=1) != Reply(None, take=2)


def test_an_answer_leaves_its_choices_in_the_history_and_an_error_nothing() -> None:
    said = tuple(Choice(Message("assistant", text)) for text in ("a", "b"))
    assert [message.body for message in history_of(Reply(Answer(said)))] == ["a", "b"]
    assert history_of(Reply(ErrorAnswer(500))) == ()
    assert history_of(Reply(None)) == ()
