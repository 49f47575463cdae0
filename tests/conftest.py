"""Fixtures for all tests."""

import gc
import os
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from hypothesis import HealthCheck
from hypothesis import settings
from upstream import Upstream

# A busy machine is no reason to fail: nothing here is about time.
settings.register_profile("rechat", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rechat")

# Tests start rechat hundreds of times. Where Python may not keep what it compiled, that is almost half
# of each start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What a shell starts in the background ignores Ctrl-C, and so would all that the tests start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """A provider of the test's own."""
    with Upstream() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of transcripts in a fresh working folder."""
    path = tmp_path / "transcripts"
    path.mkdir()
    return path


@pytest.fixture
def mine(folder: Path) -> Path:
    """A folder with one hand-written file, which answers "Hello"."""
    path = folder / "mine.md"
    path.write_text("# Mine\n\n### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
    return path


@pytest.fixture(scope="session")
def whole_sdk() -> None:
    """All of the SDK that is needed to ask is imported."""
    assert openai.OpenAI(api_key="none").chat.completions


@pytest.fixture
def closed_clients() -> Iterator[None]:
    """Suites of people rarely close their clients. Their connections are closed when pytest's own
    fixture has forgotten their modules, or any later test would be blamed for them.
    """
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def pytester(whole_sdk: None, closed_clients: None, pytester: pytest.Pytester) -> pytest.Pytester:
    """pytest's own, which at its end forgets every module that was imported since it began. The SDK
    is there before: if only its transport was forgotten, nobody would know the transport's errors.
    """
    return pytester
