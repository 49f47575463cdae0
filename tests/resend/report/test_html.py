from dataclasses import replace

from asking import questions
from asking import result

from rechat.resend.report.comparison import Ran
from rechat.resend.report.comparison import comparison_of
from rechat.resend.report.findings import Told
from rechat.resend.report.findings import report_of
from rechat.resend.report.html import as_html
from rechat.resend.results.result import Result
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import Request

FIRST, SECOND = questions()


def ran(found: Result) -> Ran:
    """A run in which a target answered so."""
    return Ran("today", [Told("a", "http://a", [found], ())])


def test_a_page_has_the_answers_side_by_side_and_runs_nothing() -> None:
    results = [result(FIRST), result(SECOND, "<script>alert(1)</script>")]
    told = [Told("a <b>", "http://a", results, ())]
    page = as_html(report_of("today", [FIRST, SECOND], [], told))
    assert "<script" not in page
    assert "recorded<pre>Madrid.</pre>" in page
    assert "now<pre>&lt;script&gt;" in page
    assert page.count("<svg") == 4
    assert "The gravest first; 1 of 2 questions are answered the same." in page
    assert '<a href="#q0">And of Spain?<br><small>capital.md:17</small></a>' in page
    assert '<summary>capital.md:17: <bdi>And of Spain?</bdi></summary><div id="q0">' in page
    assert "<li><b>a &lt;b&gt;</b>: 1 of 2 answers differ: other words (1)" in page
    assert "http-equiv" in page


def test_an_error_is_shown_as_the_json_that_it_is() -> None:
    failed = result(FIRST, answer=ErrorAnswer(500, {"error": "down"}))
    page = as_html(report_of("today", [FIRST], [], [Told("a", "http://a", [failed], ())]))
    assert "error 500\n{\n  &quot;error&quot;: &quot;down&quot;\n}" in page


def test_an_empty_run_has_a_page() -> None:
    assert "<svg" not in as_html(report_of("today", [], [], [Told("a", "http://a", [], ())]))


def test_what_a_target_says_under_many_loads_is_shown_once() -> None:
    told = [
        Told(f"a at {at}", "http://a", [result(FIRST, "Lyon.", ms=10.0 * at)], (), target="a")
        for at in (1, 8)
    ]
    page = as_html(report_of("today", [FIRST], [], told))
    assert page.count("now<pre><mark>Lyon</mark>.</pre>") == 1
    assert "<b>a at 1; a at 8</b>" in page
    assert "e2e over throughput" in page
    assert '<p class="legend"><span class="c0">a</span></p>' in page


def test_different_targets_are_on_no_common_line() -> None:
    told = [Told(name, f"http://{name}", [result(FIRST)], ()) for name in ("a", "b", "c")]
    assert "e2e over throughput" not in as_html(report_of("today", [FIRST], [], told))


def test_takes_that_differ_are_counted_where_not_all_do() -> None:
    takes = [result(FIRST, "Lyon."), result(FIRST, take=2)]
    page = as_html(report_of("today", [FIRST], [], [Told("a", "http://a", takes, ())]))
    assert "alike)</span>, 1 of 2 takes<br><small>before &quot;Paris&quot; ≠" in page
    assert "<b>a, 1 of 2 takes</b>" in page


def test_the_words_that_differ_are_marked() -> None:
    now = result(FIRST, "Paris, in France, is the <capital> now.")
    was = result(FIRST, "Paris, in France, is the <capital> still.")
    page = as_html(comparison_of(ran(was), ran(now), [FIRST]))
    assert "Paris, in France, is the &lt;capital&gt; <mark>still</mark>." in page
    assert "Paris, in France, is the &lt;capital&gt; <mark>now</mark>." in page


def test_how_an_answer_differs_stands_in_the_table_in_brief() -> None:
    failed = result(FIRST, answer=ErrorAnswer(500, {"error": "down " * 40}))
    page = as_html(report_of("today", [FIRST], [], [Told("a", "http://a", [failed], ())]))
    (line,) = (
        line
        for line in page.splitlines()
        if line.startswith('<div class="wide"><table><tr><th>question')
    )
    told = line.partition("<small>error 500: down ")[2].partition("</small>")[0]
    assert told.endswith("…")
    assert len(told) < 100


def test_each_cell_knows_its_column_for_a_phone() -> None:
    page = as_html(
        report_of("today", [FIRST], [], [Told('a "b"', "http://a", [result(FIRST, "Lyon.")], ())])
    )
    assert '<td data-of="question">' in page
    assert '<td data-of="a &quot;b&quot;">' in page
    assert '<td class="n" data-of="p50">' in page


def test_no_target_has_the_colour_of_an_error() -> None:
    page = as_html(report_of("today", [FIRST], [], [Told("a", "http://a", [result(FIRST)], ())]))
    assert "#e53935" not in page


def test_text_that_runs_from_right_to_left_turns_nothing_beside_it() -> None:
    asked = replace(FIRST, request=Request({}, (Message("user", "\u202eשלום"),)))
    told = [Told("نموذج", "http://a", [result(asked, "Lyon.")], ())]
    page = as_html(report_of("today", [asked], [], told))
    assert "<bdi>\u202eשלום</bdi></summary>" in page
    assert "<li><b>نموذج</b>: " in page
    assert "a,b,bdi,small,span,li,th{unicode-bidi:isolate}" in page
