"""What suites that run within the process of a test leave behind."""

import gc
import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def forgotten_clients_are_collected() -> Iterator[None]:
    """Suites of people rarely close their clients. Their connections are closed here, or any later
    test would be blamed for them.
    """
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
