from dataclasses import replace

import pytest
from asking import CAPITAL
from asking import questions
from asking import result
from asking import said

from rechat.resend.asking.question import Asked
from rechat.resend.questions.question import Unasked
from rechat.resend.running import job_maker
from rechat.resend.sending.live import Talk
from rechat.resend.sending.live import conversations
from rechat.resend.sending.live import left_out
from rechat.resend.sending.live import live_jobs
from rechat.resend.sending.parts import latest
from rechat.resend.target import parse_target
from rechat.values.conversation import Call
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message

TARGET = parse_target("http://a:m")
FIRST, SECOND = questions()
OTHER = CAPITAL.replace("And of Spain?", "And of Italy?")
TOOLS = """\
### user

> Weather in Lisbon?

### assistant

#### call get_weather, call_1

```json
{"city": "Lisbon"}
```

### tool, call_1

> 24 °C

### assistant

> It is 24 °C.
"""
MAKE = job_maker(TARGET, "")


def asked(talk: object) -> list[str]:
    """What a conversation asks next."""
    assert isinstance(talk, Talk)
    found = talk.asked()
    assert isinstance(found, Asked)
    return [f"{one.role}: {one.text}" for one in found.request.messages]


def test_the_questions_of_a_section_are_one_conversation_whatever_their_order() -> None:
    others = questions(OTHER, "other.md")
    mixed = [SECOND, others[1], FIRST, others[0]]
    assert [*conversations(mixed)] == [(FIRST, SECOND), tuple(others)]
    assert [*conversations([])] == []


def test_a_question_that_does_not_go_on_begins_a_conversation() -> None:
    odd = replace(SECOND, request=replace(SECOND.request, messages=(Message("user", "Hi"),)))
    assert [*conversations([FIRST, odd])] == [(FIRST,), (odd,)]


def test_the_new_answer_stands_in_the_history() -> None:
    talk = Talk(TARGET, (FIRST, SECOND))
    assert asked(talk) == ["user: What is the capital of France?"]
    assert asked(talk.after(said("Lyon."))) == [
        "user: What is the capital of France?",
        "assistant: Lyon.",
        "user: And of Spain?",
    ]


def test_a_conversation_is_over_after_its_last_question() -> None:
    last = Talk(TARGET, (FIRST, SECOND)).after(said("Lyon."))
    assert isinstance(last, Talk)
    assert last.after(said("Madrid.")) is None


@pytest.mark.parametrize("answer", [None, ErrorAnswer(503)])
def test_a_conversation_ends_where_there_is_no_answer(answer: ErrorAnswer | None) -> None:
    found = Talk(TARGET, (FIRST, SECOND)).after(answer)
    assert found == Unasked(SECOND.name, "there is no answer to the question before it")


def test_a_result_stands_below_the_call_that_was_made_again() -> None:
    talk = Talk(TARGET, tuple(questions(TOOLS)))
    again = said("Let me see.", Call("get_weather", "call_new", '{"city":"Lisbon"}'))
    then = talk.after(again)
    assert asked(then)[1:] == ["assistant: Let me see.", "tool: 24 °C"]
    assert isinstance(then, Talk)
    (call,) = then.history[1].parts_of(Call)
    assert call.id == "call_1"


def test_a_conversation_ends_where_a_call_differs() -> None:
    talk = Talk(TARGET, tuple(questions(TOOLS)))
    found = talk.after(said(None, Call("get_weather", "call_new", '{"city":"Porto"}')))
    assert isinstance(found, Unasked)
    assert found.name == "capital.md:2"
    assert found.reason.startswith("tools are not run, and at capital.md:5 the call get_weather")


def test_a_run_goes_on_where_its_conversations_stand() -> None:
    both = [FIRST, SECOND]
    jobs = [*live_jobs(TARGET, both, [1, 2], latest([result(FIRST, "Lyon.")]), MAKE)]
    assert [(job.asked.question.name, job.take) for job in jobs] == [
        (SECOND.name, 1),
        (FIRST.name, 2),
    ]
    assert b"Lyon." in jobs[0].outgoing.data
    assert b"Paris." not in jobs[0].outgoing.data
    done = [result(FIRST), result(SECOND)]
    assert [*live_jobs(TARGET, both, [1], latest(done), MAKE)] == []


def test_what_was_left_out_is_told_once() -> None:
    own = questions(TOOLS)
    other = said(None, Call("search", "c", "{}"))
    done = [result(own[0], answer=other), result(own[0], answer=other, take=2)]
    (found,) = left_out(TARGET, own, [1, 2], latest(done))
    assert (found.name, "a call of search, not get_weather" in found.reason) == (own[1].name, True)
    assert [*left_out(TARGET, own, [1], latest([result(own[0], answer=ErrorAnswer(503))]))] == []
