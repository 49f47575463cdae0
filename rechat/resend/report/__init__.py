"""What came of a run, for people and programs."""

from rechat.resend.report.findings import Column
from rechat.resend.report.findings import Report
from rechat.resend.report.findings import Row
from rechat.resend.report.findings import report_of
from rechat.resend.report.json import as_json
from rechat.resend.report.markdown import as_markdown

__all__ = ["Column", "Report", "Row", "as_json", "as_markdown", "report_of"]
