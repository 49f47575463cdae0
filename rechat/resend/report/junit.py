"""The report as JUnit XML, which CI servers show: a suite for each target, a case for each
question.
"""

from collections.abc import Collection
from xml.sax.saxutils import quoteattr

from rechat.resend.report.findings import Cell
from rechat.resend.report.findings import Report

_NO_XML = {code: "\ufffd" for code in range(32) if chr(code) not in "\t\n\r"}


def as_junit(report: Report, fail_on: Collection[str]) -> str:
    """The XML of a report; verdicts of the kinds in `fail_on` are failures."""
    suites = []
    for column in report.compared:
        cells = [
            (row.place, row.cells[column.name]) for row in report.rows if column.name in row.cells
        ]
        failed = sum(cell.worst.kind in fail_on for _, cell in cells)
        cases = "".join(_case(place, cell, fail_on) for place, cell in cells)
        suites.append(
            f"<testsuite name={_quoted(column.name)} tests={_quoted(len(cells))} "
            f"failures={_quoted(failed)}>\n{cases}</testsuite>\n"
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{"".join(suites)}</testsuites>\n'


def _case(place: str, cell: Cell, fail_on: Collection[str]) -> str:
    seconds = sum(result.ms for result in cell.results) / 1000
    opening = f"<testcase name={_quoted(place)} time={_quoted(f'{seconds:.3f}')}"
    worst = cell.worst
    if worst.kind not in fail_on:
        return f"{opening}/>\n"
    failure = f"<failure type={_quoted(worst.kind)} message={_quoted(worst.told)}/>"
    return f"{opening}>{failure}</testcase>\n"


def _quoted(value: object) -> str:
    return quoteattr(str(value).translate(_NO_XML))
