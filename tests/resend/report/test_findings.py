import pytest
from asking import CAPITAL
from asking import questions
from asking import result
from asking import said

from rechat.resend.report.findings import Report
from rechat.resend.report.findings import Told
from rechat.resend.report.findings import report_of
from rechat.values.conversation import Answer
from rechat.values.conversation import Call

FIRST, SECOND = questions()


def report() -> Report:
    """A report in which the second question differs at one of two targets."""
    good = [result(FIRST), result(SECOND, "Madrid.")]
    other = [result(FIRST), result(SECOND, "It is Toledo | Spain.")]
    told = [Told("a", "http://a", good, ()), Told("b", "http://b", other, (), ["images"], [1.0])]
    return report_of("today", [FIRST, SECOND], [], told)


def test_what_differs_most_comes_first() -> None:
    found = report()
    assert [row.name for row in found.rows] == [SECOND.name, FIRST.name]
    assert found.rows[0].cells["b"].worst.kind == "words"
    assert found.columns[1].kinds["same"] == found.columns[1].kinds["words"] == 1


def test_a_result_of_a_question_that_was_edited_since_does_not_count() -> None:
    told = [Told("a", "http://a", [result(FIRST, key="old")], ())]
    found = report_of("today", [FIRST], [], told)
    assert found.rows[0].cells == {}


def result_of(name: str) -> Report:
    return report_of(name, [], [], [])


def test_an_empty_run_has_a_report() -> None:
    assert result_of("nothing").rows == ()


SCHEMA = """\
---
model: small
response_format: {type: json_schema, json_schema: {name: city, schema: {type: object, required: [city]}}}
---

### user

> Where?

### assistant

> {}
"""


@pytest.mark.parametrize(
    ("recorded", "answer", "kind"),
    [
        ('{"city": "Porto"}', said('{"city": "Lisbon"}'), "words"),
        ('{"city": "Porto"}', said('{"town": "Lisbon"}'), "schema"),
        ('{"city": "Porto"}', said("Lisbon"), "schema"),
        ('{"city": "Porto"}', said(None, Call("find", "c", "{}")), "call"),
        ("I do not know.", said("Lisbon"), "words"),
    ],
)
def test_an_answer_keeps_to_the_schema_that_the_request_asks_for(
    recorded: str, answer: Answer, kind: str
) -> None:
    (question,) = questions(SCHEMA.replace("> {}", f"> {recorded}"))
    found = report_of("r", [question], [], [Told("a", "", [result(question, answer=answer)], ())])
    assert found.rows[0].cells["a"].worst.kind == kind


def test_another_number_stands_above_other_words() -> None:
    texts = (CAPITAL.replace("Paris.", was) for was in ("It is far at 5.", "It is near."))
    hour, words = (questions(text, f"{at}.md")[0] for at, text in enumerate(texts))
    results = [result(hour, "It is far at 6."), result(words, "Quite another answer, all told.")]
    report = report_of("today", [words, hour], [], [Told("a", "http://a", results, ())])
    assert [row.cells["a"].worst.name for row in report.rows] == [
        "other words, other numbers or dates",
        "other words",
    ]
