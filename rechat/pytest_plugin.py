"""The plugin for pytest: tests that ask an LLM are answered from transcripts, each from its own.

pytest loads this wherever rechat is installed, so it imports nothing of rechat until a test needs
it. Under `rechat run … -- pytest` it only reports the unanswered requests of a failing test.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rechat.testing import Recorded
    from rechat.testing import Suite

_MARKER = (
    "rechat(path, *, upstream, takes, unused, misses, max_age, too_old, drift): answer the test's "
    "requests to LLMs from transcripts: those in path (default: a file of the test's own)"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, and the keys of the ini file that set their defaults."""
    group = parser.getgroup("rechat", "transcripts of LLM APIs (rechat)")
    group.addoption(
        "--rechat",
        metavar="MODE",
        help="none: answer from transcripts only (default). new: record what is missing. all: "
        "record every answer again. rewrite: record the tests' files again from the start. verify: "
        "answer from transcripts, ask for each answer again, and fail a test if one has changed; "
        "nothing is saved. accept: keep the answers of questions that have changed, and write the "
        "new questions above them.",
    )
    group.addoption(
        "--rechat-dir", metavar="DIR", help="Folder of transcripts (default: beside each module)."
    )
    group.addoption(
        "--rechat-upstream",
        metavar="UPSTREAM",
        action="append",
        help="API to record from, as for `rechat record`; repeatable.",
    )
    group.addoption(
        "--rechat-unused",
        metavar="ignore|warn|fail",
        help="What to do about answers and files that no test uses (default: warn).",
    )
    group.addoption(
        "--rechat-max-age",
        metavar="AGE",
        help="How long ago an answer may have been recorded: 90d, 12w, 36h (default: any time).",
    )
    group.addoption(
        "--rechat-too-old",
        metavar="warn|fail",
        help="What to do about answers that are older (default: warn; fail where CI is set).",
    )
    group.addoption(
        "--rechat-drift",
        metavar="KINDS",
        help="Which changes fail a test with --rechat=verify, with commas between them: words, "
        "finish, call, schema, expect, refused, error (default: all).",
    )
    parser.addini("rechat", "--rechat", default="")
    parser.addini("rechat_dir", "--rechat-dir", default="")
    parser.addini("rechat_upstream", "--rechat-upstream", type="linelist")
    parser.addini("rechat_unused", "--rechat-unused", default="")
    for name in ("max_age", "too_old", "drift"):
        parser.addini(f"rechat_{name}", f"--rechat-{name.replace('_', '-')}", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugins."""
    config.addinivalue_line("markers", _MARKER)
    from rechat.testing import Journal  # noqa: PLC0415
    from rechat.testing import OuterRun  # noqa: PLC0415
    from rechat.testing import SharedFixtures  # noqa: PLC0415
    from rechat.testing import Suite  # noqa: PLC0415
    from rechat.testing import Summary  # noqa: PLC0415
    from rechat.testing import run_settings  # noqa: PLC0415

    root = config.inipath.parent if config.inipath else config.rootpath
    suite = Suite(root, config.rootpath, run_settings(config))
    config.pluginmanager.register(suite, "rechat-suite")
    config.pluginmanager.register(SharedFixtures(suite), "rechat-shared-fixtures")
    config.pluginmanager.register(Summary(suite), "rechat-summary")
    journal = Journal(os.environ.get("RECHAT_URL", ""), os.environ.get("RECHAT_TOKEN", ""))
    if journal.is_there():
        config.pluginmanager.register(OuterRun(journal), "rechat-outer-run")


@pytest.fixture
def rechat(request: pytest.FixtureRequest) -> Iterator["Recorded"]:
    """Requests to LLM APIs are answered from transcripts.

    `rechat.client()` is a client; those that read their address from the environment work as they
    are. `rechat.exchanges` and `rechat.misses` are the requests of the test.
    """
    suite: Suite | None = request.config.pluginmanager.get_plugin("rechat-suite")
    assert suite
    yield from suite.session(request.node)
