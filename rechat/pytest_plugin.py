"""For pytest under `rechat run … -- pytest`: a test that fails says what was asked while it ran
that no transcript answers, and what sets it apart from the nearest.

pytest loads this wherever rechat is installed. Without a running rechat it does nothing.
"""

import json
import os
from collections.abc import Generator
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import ProxyHandler
from urllib.request import Request
from urllib.request import build_opener

import pytest

# So many misses are shown in full.
_SHOWN = 5
_BEFORE = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """Take part if `rechat run` has started this pytest, and still runs."""
    journal = Journal(os.environ.get("RECHAT_URL", ""), os.environ.get("RECHAT_TOKEN", ""))
    if journal.is_there():
        config.pluginmanager.register(Misses(journal), "rechat-misses")


class Journal:
    """The journal of a running rechat (`docs/page.md`)."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        # It is on this machine: no proxy is between.
        self._opener = build_opener(ProxyHandler({}))

    def get(self, path: str) -> Any:
        """What it says of a path under `/_rechat/`. Raises `URLError`."""
        url = f"{self._url}/_rechat/{path}"
        request = Request(url, headers={"x-rechat-token": self._token})  # noqa: S310
        with self._opener.open(request, timeout=5) as response:
            return json.load(response)

    def is_there(self) -> bool:
        """Whether there is one that answers."""
        if not self._url.startswith(("http://", "https://")) or not self._token:
            return False
        try:
            return "latest" in self.get("state")
        except URLError:
            return False

    def misses(self, after: int) -> list[Any]:
        """The requests after a number that no transcript answers, all of each."""
        found = self.get(f"exchanges?q={quote('verdict:miss')}&after={after}")
        rows: list[Any] = found["exchanges"]
        return [self.get(f"exchanges/{row['number']}") for row in rows[:_SHOWN]] + rows[_SHOWN:]


class Misses:
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
            misses = self._journal.misses(item.stash[_BEFORE])
            if misses:
                report.sections.append(("rechat: no transcript answers", told(misses)))
        return report


def told(misses: list[Any]) -> str:
    """The misses in the words of the conversation: a line for each, then its differences."""
    lines = [line for miss in misses[:_SHOWN] for line in _lines(miss)]
    more = len(misses) - _SHOWN
    return "\n".join([*lines, f"… and {more} more"] if more > 0 else lines)


def _lines(miss: Any) -> list[str]:
    # Every run of pytest loads this plugin, few need the rest of rechat.
    from rechat.explain import SIGNS  # noqa: PLC0415

    lines = [f"{miss['model'] or miss['target']}  {miss['words']}"]
    if not miss["differences"]:
        return [*lines, f"  {miss['reason']}"]
    lines.append(f"  nearest {miss['nearest']}")
    for difference in miss["differences"]:
        lines.append(f"  {difference['reason']}")
        for line in difference["lines"]:
            text = "".join(text for text, _ in line["pieces"])
            lines.append(f"    {SIGNS[line['kind']]}{text}")
    return lines
