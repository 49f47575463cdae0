"""How a report is printed, and which findings fail a check."""

from dataclasses import dataclass
from pathlib import Path

import typer

from rechat.resend import KINDS
from rechat.resend import Report
from rechat.resend import as_html
from rechat.resend import as_json
from rechat.resend import as_junit
from rechat.resend import as_markdown
from rechat.values import UsageError
from rechat.values import jsontext


@dataclass(frozen=True, slots=True)
class Printing:
    """The requested output of a report: JSON instead of Markdown, additional files, an exit
    status.
    """

    as_json: bool
    html: Path | None
    junit: Path | None
    checks: bool
    fail_on: frozenset[str]

    def check_files(self) -> None:
        """Raises `UsageError` if the folder of one of the files is missing, before anything is
        asked.
        """
        for name, path in (("--html", self.html), ("--junit", self.junit)):
            if path and not path.parent.is_dir():
                raise UsageError(f"{name} {path}: there is no folder {path.parent}")

    def write(self, report: Report) -> None:
        """Print the report, and write its files."""
        whole = as_json(report) if self.as_json else None
        print(jsontext.dump(whole, jsontext.INDENTED) if whole else as_markdown(report))  # noqa: T201
        if self.html:
            self.html.write_text(as_html(report), "utf-8")
        if self.junit:
            self.junit.write_text(as_junit(report, self.fail_on), "utf-8")

    def check(self, report: Report) -> None:
        """Exit with 1 if there is a finding of a checked kind."""
        found: set[str] = {
            kind for one in report.columns for kind, count in one.kinds.items() if count
        }
        if self.checks and found & self.fail_on:
            raise typer.Exit(1)


def checked_kinds(text: str) -> frozenset[str]:
    """The kinds of findings in a list. Raises `UsageError` for an unknown one."""
    kinds = {word.strip() for word in text.split(",") if word.strip()}
    if unknown := kinds - {*KINDS}:
        raise UsageError(f"--fail-on {unknown.pop()}: expected some of {', '.join(KINDS)}")
    return frozenset(kinds)
