from dataclasses import replace

from asking import questions
from asking import result
from asking import said

from rechat.resend.questions.question import Unasked
from rechat.resend.report.findings import Told
from rechat.resend.report.findings import report_of
from rechat.resend.report.markdown import as_markdown

FIRST, SECOND = questions()


def test_a_report_says_what_differs_where_and_how_fast_it_was() -> None:
    results = [result(FIRST), result(SECOND, "Toledo <b>|</b>.")]
    unasked = [Unasked("x.md:1", "a pattern")]
    told = [Told("a", "http://a", results, (), ["its images"], [1.0])]
    text = as_markdown(report_of("today", [FIRST, SECOND], unasked, told))
    assert "| capital.md:17 And of Spain? | other words (" in text
    assert "> And of Spain?" in text
    assert "- x.md:1: a pattern" in text
    assert "- a cannot be told its images (1 questions)" in text
    assert "| a | TTFT | 2 | 10.0 | 10.0* |" in text
    assert "- TTFT (time to first token): from sending the request" in text
    assert "2 questions asked again: what a answered now beside what is recorded (before)." in text
    assert "- **a**: 1 of 2 answers differ: other words (1)\n" in text
    assert "<b>" not in text


def test_a_run_in_which_nothing_differs_is_short() -> None:
    text = as_markdown(
        report_of("today", [FIRST], [], [Told("a", "http://a", [result(FIRST)], ())])
    )
    assert "What differs" not in text


def test_takes_that_differ_alike_are_told_once() -> None:
    takes = [result(FIRST, "Lyon.", take=1), result(FIRST, take=2), result(FIRST, "Lyon.", take=3)]
    told = [Told("a", "http://a", takes, ()), Told("b", "http://b", [takes[0]], ())]
    text = as_markdown(report_of("today", [FIRST], [], told))
    assert '- a, takes 1, 3; b: before "Paris" ≠ now "Lyon"\n' in text
    assert '2 of 3 takes: before "Paris" ≠ now "Lyon" | other words' in text
    assert "Each was asked up to 3 times: its answers are takes." in text
    text = as_markdown(report_of("today", [FIRST], [], [Told("a", "", [takes[0], takes[2]], ())]))
    assert '- a, all takes: before "Paris" ≠ now "Lyon"\n' in text
    assert " of 2 takes" not in text


def test_goals_are_told_with_how_many_answers_reach_them() -> None:
    told = Told(
        "a", "http://a", [result(FIRST), result(SECOND, ms=90.0)], (), goals=(("e2el", 50.0),)
    )
    text = as_markdown(report_of("today", [FIRST, SECOND], [], [told]))
    assert "a: 1 of 2 answers reach all goals (e2el ≤ 50 ms): 50.0%, between" in text


def test_both_answers_are_shown_where_they_differ_in_several_places() -> None:
    was = "Open from ten to four on Saturdays, closed on Sundays, and ```no``` holidays."
    now = "Open from ten to six on Saturdays, closed on Mondays, and ```no``` holidays."
    asked = replace(FIRST, recorded=(said(was),))
    told = [Told("a", "http://a", [result(asked, now, take=one) for one in (1, 2)], ())]
    text = as_markdown(report_of("today", [asked], [], told))
    assert f"````diff\n- {was}\n+ {now}\n````" in text
    assert text.count("````diff") == 1
    told = [Told("a", "http://a", [result(asked, was.replace("four", "six"))], ())]
    assert "diff\n" not in as_markdown(report_of("today", [asked], [], told))


def test_what_was_lost_with_workers_is_told() -> None:
    found = [result(FIRST, lost=2), result(SECOND)]
    text = as_markdown(report_of("today", [FIRST], [], [Told("a", "http://a", found, ())]))
    assert "workers ended at 2 questions, which were asked once more" in text
