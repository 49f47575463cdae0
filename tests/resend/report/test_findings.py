from asking import questions
from asking import result

from rechat.resend.report.findings import Report
from rechat.resend.report.findings import Told
from rechat.resend.report.findings import report_of

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
