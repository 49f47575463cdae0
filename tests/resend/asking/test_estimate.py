from dataclasses import replace

from asking import questions
from asking import said

from rechat.resend.asking.estimate import estimated_tokens
from rechat.resend.asking.question import Asked
from rechat.resend.asking.question import ask_in
from rechat.resend.questions.question import Question
from rechat.resend.target import parse_target


def asked(question: Question) -> Asked:
    """A question for a target."""
    found = ask_in(question, parse_target("http://a:m"))
    assert isinstance(found, Asked)
    return found


def test_tokens_are_those_that_were_counted() -> None:
    usage = {"prompt_tokens": 11, "completion_tokens": 7}
    recorded = (replace(said("Paris."), fields={"usage": usage}),)
    assert estimated_tokens(asked(replace(questions()[0], recorded=recorded))) == (11, 7)


def test_tokens_that_nobody_counted_are_taken_from_the_length() -> None:
    recorded = (said("Paris, of course: who does not know it?"),)
    found = estimated_tokens(asked(replace(questions()[0], recorded=recorded)))
    assert 20 < found[0] < 50
    assert found[1] == 9
