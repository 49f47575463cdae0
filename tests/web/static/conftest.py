"""A browser for all tests of the page's modules, and a page for each test."""

from collections.abc import Iterator

import pytest
from modules_rig import Browser
from modules_rig import Modules
from modules_rig import browsers
from page_rig import CHROMIUM


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("there is no chromium on this machine")
    yield from browsers()


@pytest.fixture
def modules(browser: Browser) -> Iterator[Modules]:
    with Modules(browser) as page:
        yield page
