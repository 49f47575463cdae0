"""pytest under `rechat run … -- pytest`: a failing test reports the requests during its run that no
transcript answers, and how they differ from the nearest one.
"""

from collections.abc import Generator

import pytest

from rechat.testing.journal import Journal
from rechat.testing.wording import TITLE
from rechat.testing.wording import told

_BEFORE = pytest.StashKey[int]()


class OuterRun:
    """The hooks that add a section to the report of a failing test."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note the number of the last request before the test."""
        item.stash[_BEFORE] = self._journal.get("state")["latest"]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add the requests that had no answer."""
        report = yield
        if report.failed and _BEFORE in item.stash:
            rows = self._journal.exchanges("verdict:miss", item.stash[_BEFORE])
            if rows:
                report.sections.append((TITLE, told(self._journal.in_full(rows))))
                # A test with subtests has several reports: each shows only new requests.
                item.stash[_BEFORE] = max(row["number"] for row in rows)
        return report
