"""The report of a run, for people and programs."""

from rechat.resend.report.findings import Column
from rechat.resend.report.findings import Report
from rechat.resend.report.findings import Row
from rechat.resend.report.findings import report_of
from rechat.resend.report.html import as_html
from rechat.resend.report.json import as_json
from rechat.resend.report.junit import as_junit
from rechat.resend.report.markdown import as_markdown

__all__ = ["Column", "Report", "Row", "as_html", "as_json", "as_junit", "as_markdown", "report_of"]
