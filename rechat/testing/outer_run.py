"""pytest under `rechat run … -- pytest`: a test that fails says what was asked while it ran that no
transcript answers, and what sets it apart from the nearest.
"""

from collections.abc import Generator

import pytest

from rechat.testing.journal import Journal
from rechat.testing.wording import TITLE
from rechat.testing.wording import told

_BEFORE = pytest.StashKey[int]()


class OuterRun:
    """The hooks that add a section to the report of a test that fails."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note what was asked before the test."""
        item.stash[_BEFORE] = self._journal.get("state")["latest"]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add what was asked in vain."""
        report = yield
        if report.failed and _BEFORE in item.stash:
            rows = self._journal.exchanges("verdict:miss", item.stash[_BEFORE])
            if rows:
                report.sections.append((TITLE, told(self._journal.in_full(rows))))
                # A test with subtests has several reports: each tells what is new.
                item.stash[_BEFORE] = max(row["number"] for row in rows)
        return report
