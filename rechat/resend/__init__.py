"""Asks recorded questions again: which targets, how fast, and how the new answers differ."""

from rechat.resend.asking import estimated_tokens
from rechat.resend.asking.question import ask_in
from rechat.resend.judging.verdict import KINDS
from rechat.resend.load import parse_goals
from rechat.resend.load import parse_loads
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import Unasked
from rechat.resend.questions.selection import Selection
from rechat.resend.questions.selection import select
from rechat.resend.report import Report
from rechat.resend.report import as_html
from rechat.resend.report import as_json
from rechat.resend.report import as_junit
from rechat.resend.report import as_markdown
from rechat.resend.report import report_of
from rechat.resend.report.comparison import Ran
from rechat.resend.report.comparison import comparison_of
from rechat.resend.report.findings import Told
from rechat.resend.report.markdown import dollars
from rechat.resend.results.answers import write_answers
from rechat.resend.results.options import RunOptions
from rechat.resend.results.result import Result
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.results.run_folder import file_name
from rechat.resend.results.run_folder import find_run
from rechat.resend.results.run_folder import new_run
from rechat.resend.results.takes import add_takes
from rechat.resend.running import ask_all
from rechat.resend.running import check_means
from rechat.resend.running import check_options
from rechat.resend.sending.as_recorded import seconds_of
from rechat.resend.sending.as_recorded import timed
from rechat.resend.sending.driving import Progress
from rechat.resend.sending.limits import limits_of
from rechat.resend.sending.limits import rounds_kept
from rechat.resend.sending.once import Inquiry
from rechat.resend.sending.once import Once
from rechat.resend.sending.once import inquiry_of
from rechat.resend.sending.parts import Part
from rechat.resend.sending.parts import latest
from rechat.resend.sending.parts import parts_of
from rechat.resend.sending.parts import unasked_of
from rechat.resend.target import Target
from rechat.resend.target import parse_target

__all__ = [
    "KINDS",
    "Inquiry",
    "Once",
    "Part",
    "Progress",
    "Question",
    "Ran",
    "Report",
    "Result",
    "RunFolder",
    "RunOptions",
    "Selection",
    "Target",
    "Told",
    "Unasked",
    "add_takes",
    "as_html",
    "as_json",
    "as_junit",
    "as_markdown",
    "ask_all",
    "ask_in",
    "check_means",
    "check_options",
    "comparison_of",
    "dollars",
    "estimated_tokens",
    "file_name",
    "find_run",
    "inquiry_of",
    "latest",
    "limits_of",
    "new_run",
    "parse_goals",
    "parse_loads",
    "parse_target",
    "parts_of",
    "report_of",
    "rounds_kept",
    "seconds_of",
    "select",
    "timed",
    "unasked_of",
    "write_answers",
]
