import pytest
from asking import CAPITAL
from asking import questions
from asking import result

from rechat.resend.report.comparison import Ran
from rechat.resend.report.comparison import comparison_of
from rechat.resend.report.findings import Told
from rechat.resend.report.html import as_html
from rechat.resend.report.json import as_json
from rechat.resend.report.markdown import as_markdown
from rechat.resend.results.result import Result
from rechat.values.conversation import ErrorAnswer
from rechat.values.errors import UsageError

FIRST, SECOND = questions()
(EDITED, _) = questions(CAPITAL.replace("of France", "of all of France"))


def ran(name: str, **results: list[Result]) -> Ran:
    """A run whose targets have these results."""
    return Ran(name, [Told(target, f"http://{target}", own, ()) for target, own in results.items()])


MONDAY = ran("monday", a=[result(FIRST), result(SECOND, "Madrid.")])
TUESDAY = ran("tuesday", a=[result(FIRST, "It is Lyon."), result(SECOND, "Madrid.")])


def test_the_second_run_is_compared_with_the_first_and_not_with_the_recording() -> None:
    found = comparison_of(
        ran("x", a=[result(FIRST, "Lyon.")]), ran("y", a=[result(FIRST, "Lyon.")])
    )
    assert [row.cells["a"].worst.kind for row in found.rows] == ["same"]
    found = comparison_of(MONDAY, TUESDAY, [FIRST, SECOND])
    assert [(row.place, row.cells["a"].worst.kind) for row in found.rows] == [
        (FIRST.place, "words"),
        (SECOND.place, "same"),
    ]


def test_the_numbers_of_both_runs_stand_in_the_report_and_verdicts_only_of_the_second() -> None:
    found = comparison_of(MONDAY, TUESDAY)
    assert [(one.name, bool(one.kinds)) for one in found.columns] == [
        ("a, monday", False),
        ("a", True),
    ]
    text = as_markdown(found)
    assert text.startswith("# Compared: tuesday with monday\n\n2 questions: what tuesday")
    assert "| a, monday | TTFT |" in text
    assert text.count("(http://a)") == 1


def test_questions_are_named_though_their_transcripts_are_gone() -> None:
    text = as_markdown(comparison_of(MONDAY, TUESDAY))
    assert "### capital.md:1\n\n- a: " in text
    assert "> What is the capital" in as_markdown(comparison_of(MONDAY, TUESDAY, [FIRST]))


def test_different_questions_are_refused_unless_forced() -> None:
    shorter = ran("short", a=[result(FIRST)])
    with pytest.raises(
        UsageError, match=r"1 question was .* 1 only in monday \(capital.md:2\); --force"
    ):
        comparison_of(MONDAY, shorter)
    found = comparison_of(MONDAY, shorter, forced=True)
    assert [row.name for row in found.rows] == [FIRST.name]
    assert [*found.left_out] == ["capital.md:2: it was asked only in monday"]
    with pytest.raises(UsageError, match="no question was asked in both"):
        comparison_of(shorter, ran("new", a=[result(EDITED)]), forced=True)


def test_targets_are_compared_by_name_or_with_the_only_one() -> None:
    two = ran("two", b=[result(FIRST)], c=[result(FIRST, "Lyon.")])
    found = comparison_of(ran("one", a=[result(FIRST)]), two)
    assert {name: cell.worst.kind for name, cell in found.rows[0].cells.items()} == {
        "b": "same",
        "c": "words",
    }
    with pytest.raises(UsageError, match="one asked a, but two asked b, c"):
        comparison_of(two, ran("one", a=[result(FIRST)]))


def test_an_answer_is_compared_with_the_nearest_take_of_the_first_run() -> None:
    takes = [result(FIRST, "Lyon."), result(FIRST, "It is Paris.", take=2)]
    found = comparison_of(ran("x", a=takes), ran("y", a=[result(FIRST, "It is Paris.")]))
    assert found.rows[0].cells["a"].worst.kind == "same"


def test_what_failed_in_one_of_the_runs_is_told() -> None:
    failed = ran("failed", a=[result(FIRST, answer=None, failure="reset")])
    good = ran("good", a=[result(FIRST)])
    for first, second, told in (
        (good, failed, "reset"),
        (failed, good, "an answer, and there was none: reset"),
        (failed, failed, ""),
    ):
        assert comparison_of(first, second).rows[0].cells["a"].worst.told == told
    down = ran("down", a=[result(FIRST, answer=ErrorAnswer(500, {"error": "down"}))])
    assert comparison_of(good, down).rows[0].cells["a"].worst.kind == "error"


def test_the_page_and_the_json_say_what_it_was_compared_with() -> None:
    found = comparison_of(MONDAY, TUESDAY)
    assert "<div>monday<pre>Paris.</pre></div>" in as_html(found)
    assert as_json(found)["before"] == "monday"
