from asking import questions
from asking import result

from rechat.resend.report.findings import Told
from rechat.resend.report.findings import report_of
from rechat.resend.report.json import as_json
from rechat.values import jsontext

FIRST, SECOND = questions()


def test_programs_get_verdicts_and_numbers() -> None:
    results = [result(FIRST), result(SECOND, "Toledo.")]
    found = as_json(report_of("today", [FIRST, SECOND], [], [Told("a", "http://a", results, ())]))
    assert found["questions"][0]["targets"]["a"]["verdict"] == "words"
    assert found["targets"][0]["verdicts"]["same"] == 1
    assert found["targets"][0]["ms"]["TTFT"]["p50"] == 10.0
    assert jsontext.parse(jsontext.dump(found)) == found
