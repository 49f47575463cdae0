"""Fixtures with a wider scope that ask during their setup: their requests belong to the test that
runs first, and are not found in another order or when one test runs alone.
"""

import re
from collections.abc import Generator
from typing import Any

import pytest

from rechat.testing.settings import OFFLINE
from rechat.testing.suite import Suite

# pytest's names for the fixtures that it creates from `setUpClass`, `setup_module` and the like.
_METHOD = re.compile(r"_(?:unittest|xunit)_(?P<name>[A-Za-z_]+?)_fixture_")


class SharedFixtures:
    """The hook that notes which fixtures do that, unless the tests share a file."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """Note it while recording, otherwise only if the fixture fails, since it costs time."""
        session = self._suite.running
        if not session or session.settings.path or fixturedef.scope == "function":
            return (yield)
        told = _warning(fixturedef.argname, fixturedef.scope, session.path)
        if self._suite.run.mode in OFFLINE:
            session.advice = told
            result = yield
            session.advice = ""
            return result
        before = session.asked()
        result = yield
        if session.asked() > before:
            self._suite.done.shared.append(told)
        return result


def _warning(fixture: str, scope: str, path: str) -> str:
    """What happens, and how the tests find the answers in any order."""
    method = _METHOD.match(fixture)
    name = method["name"] if method else f"the fixture {fixture!r}"
    common = f"{path.rpartition('/')[0]}/{'shared' if method else fixture}.md"
    return (
        f"{name} runs once for a {scope}, and what it asks is kept for the test that ran first: "
        "other tests do not find it if they run alone or in another order. Let them share a file: "
        f'@pytest.mark.rechat("{common}")'
    )
