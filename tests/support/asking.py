"""Questions and results for the tests of resending."""

from rechat.format.codec import parse
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import questions_of
from rechat.resend.results.result import Result
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message

CAPITAL = """\
---
model: small
---

### user

> What is the capital of France?

### assistant

> Paris.

### user

> And of Spain?

### assistant

> Madrid.
"""


def questions(text: str = CAPITAL, file: str = "capital.md") -> list[Question]:
    """The questions of a transcript."""
    found = questions_of(file, parse(text).sections)
    return [one for one in found if isinstance(one, Question)]


def said(text: str | None, *calls: Call, finish: str = "stop") -> Answer:
    """An answer as Chat Completions gives it."""
    message = Message("assistant", text, calls)
    return Answer((Choice(message, {"finish_reason": finish}),))


def result(question: Question, text: str = "Paris.", **fields: object) -> Result:
    """What came of asking a question: this text after 20 ms, in three pieces."""
    own = {
        "api": "openai.chat",
        "sent": 0.0,
        "ms": 20.0,
        "times": (10.0, 12.0, 20.0),
        "words": 10.0,
    }
    given = {"key": question.key, "take": 1, "answer": said(text)} | own | fields
    return Result(question.name, **given)  # type: ignore[arg-type]
