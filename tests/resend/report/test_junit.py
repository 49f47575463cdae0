from xml.etree import ElementTree as ET

from asking import questions
from asking import result

from rechat.resend.report.findings import Told
from rechat.resend.report.findings import report_of
from rechat.resend.report.junit import as_junit

FIRST, SECOND = questions()


def test_a_ci_server_reads_which_questions_failed() -> None:
    results = [result(FIRST), result(SECOND, 'Tol"edo\x01 <&>.')]
    report = report_of("today", [FIRST, SECOND], [], [Told("a", "http://a", results, ())])
    suite = ET.fromstring(as_junit(report, {"words"}))[0]
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("a", "2", "1")
    (failure,) = suite.iter("failure")
    assert failure.get("type") == "words"
    assert not list(ET.fromstring(as_junit(report, {"call"})).iter("failure"))
