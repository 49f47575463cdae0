"""Recorded questions asked again: of whom, how fast, and how the new answers differ."""

from rechat.resend.answers import write_answers
from rechat.resend.asking.question import ask_in
from rechat.resend.driving import Progress
from rechat.resend.load import parse_goals
from rechat.resend.load import parse_loads
from rechat.resend.options import RunOptions
from rechat.resend.question import Question
from rechat.resend.question import Unasked
from rechat.resend.report import Report
from rechat.resend.report import as_html
from rechat.resend.report import as_json
from rechat.resend.report import as_junit
from rechat.resend.report import as_markdown
from rechat.resend.report import report_of
from rechat.resend.report.findings import Told
from rechat.resend.result import Result
from rechat.resend.run_folder import RunFolder
from rechat.resend.run_folder import file_name
from rechat.resend.run_folder import find_run
from rechat.resend.run_folder import new_run
from rechat.resend.running import Part
from rechat.resend.running import ask_all
from rechat.resend.running import latest
from rechat.resend.running import parts_of
from rechat.resend.selection import Selection
from rechat.resend.selection import select
from rechat.resend.target import Target
from rechat.resend.target import parse_target
from rechat.resend.verdict import KINDS

__all__ = [
    "KINDS",
    "Part",
    "Progress",
    "Question",
    "Report",
    "Result",
    "RunFolder",
    "RunOptions",
    "Selection",
    "Target",
    "Told",
    "Unasked",
    "as_html",
    "as_json",
    "as_junit",
    "as_markdown",
    "ask_all",
    "ask_in",
    "file_name",
    "find_run",
    "latest",
    "new_run",
    "parse_goals",
    "parse_loads",
    "parse_target",
    "parts_of",
    "report_of",
    "select",
    "write_answers",
]
