"""Tests with transcripts: a server for each test process, a session for each test."""

import os
import re
import time
import warnings
from collections.abc import Generator, Iterator, Mapping, MutableMapping
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

import pytest

from rechat.testing import places
from rechat.testing.age import too_old
from rechat.testing.age import undated
from rechat.testing.journal import Journal
from rechat.testing.recorded import Recorded
from rechat.testing.session import OpenSession
from rechat.testing.settings import OFFLINE
from rechat.testing.settings import ItemSettings
from rechat.testing.settings import RunSettings
from rechat.testing.settings import item_settings
from rechat.testing.unused import Run
from rechat.testing.wording import TITLE
from rechat.testing.wording import told

if TYPE_CHECKING:  # imported only by runs that need a server
    from rechat.testing.process import TestServer

FIXTURE = "rechat"
# How a module requests the fixture: as an argument, by its name in quotes, or by the marker.
_ASKS = re.compile(rb"(?:[(,]\s*+|[\"']|mark\.)rechat\b(?!\.)")
_POLICIES = {
    "none": "replay",
    "new": "record",
    "all": "rerecord",
    "rewrite": "record",
    "verify": "replay",
    "accept": "replay",
}
_OPENED = pytest.StashKey[OpenSession]()
_HAS_PASSED = pytest.StashKey[bool]()


# Not compared: plugins are kept in sets by some versions of pytest.
@dataclass(slots=True, eq=False)
class Suite:
    """The hooks for tests that use the fixture or the marker, and their servers. Paths are relative
    to `root`, the folder of the settings; node ids are relative to pytest's `rootdir`.
    """

    root: Path
    rootdir: Path
    run: RunSettings
    done: Run = field(default_factory=Run)
    running: OpenSession | None = None
    _servers: dict[tuple[str, ...], "TestServer"] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)
    _begun: "TestServer | None" = None
    _count: int = 0
    _has_told: bool = False

    def _server(self, upstreams: tuple[str, ...]) -> "TestServer":
        """The server that asks these upstreams; it starts with the first test that needs it."""
        from rechat.testing.process import TestServer  # noqa: PLC0415
        from rechat.values import ServerError  # noqa: PLC0415

        records = self.run.mode not in OFFLINE
        key = upstreams if records else ()
        if key not in self._servers:
            server = None if records else self._begun
            server, self._begun = server or TestServer(self.root, key, records=records), None
            try:
                self._servers[key] = self._open.enter_context(server)
            except ServerError as error:
                raise pytest.UsageError(f"rechat: {error}") from None
        return self._servers[key]

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> None:
        """Start the server while the first module that needs it is imported: both take about a
        second.
        """
        if self._begun or self.run.mode not in OFFLINE or parent.config.option.collectonly:
            return
        with suppress(OSError):
            if _ASKS.search(module_path.read_bytes()):
                from rechat.testing.process import TestServer  # noqa: PLC0415

                self._begun = TestServer(self.root, (), records=False)
                self._begun.begin()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Stop the server if no remaining test needs it."""
        if not any(FIXTURE in getattr(item, "fixturenames", ()) for item in session.items):
            self._discard()

    def _discard(self) -> None:
        if self._begun:
            self._begun.discard()
            self._begun = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Make marked tests use the fixture, and note which tests use which transcript, before any
        test is deselected.
        """
        known = self.done.collected
        for item in items:
            names: list[str] | None = getattr(item, "fixturenames", None)
            if names is None:
                continue
            if FIXTURE not in names and item.get_closest_marker("rechat"):
                names.insert(0, FIXTURE)  # before the fixtures that create clients
            own = self._own_path(item)
            known.own[own] = item.nodeid
            if FIXTURE in names:
                path = item_settings(item, self.run).path or own
                known.users.setdefault(path, []).append(item.nodeid)
        options = config.option
        is_narrow = options.ignore or options.ignore_glob or getattr(options, "lf", False)
        if is_narrow or session.testsfailed:
            return
        source = pytest.Config.ArgsSource
        known.is_all = config.args_source is source.TESTPATHS or (
            config.args_source is source.INVOCATION_DIR
            and config.invocation_params.dir == self.root
        )
        if not any("::" in argument for argument in config.args):
            modules = {self._node(item).partition("::")[0] for item in items}
            known.folders = [places.folder_of(one, self.run.folder) for one in sorted(modules)]

    def _node(self, item: pytest.Item) -> str:
        return places.node_in(self.root, self.rootdir, item.nodeid)

    def _own_path(self, item: pytest.Item) -> str:
        return places.file_of(self._node(item), self.run.folder)

    def session(self, item: pytest.Item) -> Iterator[Recorded]:
        """The fixture: a session for a test, with the environment of its clients."""
        own = self._own_path(item)
        settings = item_settings(item, self.run)
        path = settings.path or own
        if not os.path.realpath(self.root / path).startswith(os.path.realpath(self.root) + os.sep):
            raise pytest.UsageError(f"{item.nodeid}: {path} is not below {self.root}")
        server = self._server(settings.upstreams)
        journal = Journal(server.url, server.token)
        self._count += 1
        slug = re.sub(r"[^A-Za-z0-9_]+", "-", item.name)[:60].strip("-")
        name = f"{self._count:05d}-{slug}"
        begins_anew = path == own and (
            self.run.mode == "rewrite" or (self.run.mode == "all" and settings.takes > 1)
        )
        policy = "record" if begins_anew else _POLICIES[self.run.mode]
        wanted = {"paths": [path], "policy": policy, "takes": settings.takes, "anew": begins_anew}
        wanted |= {"max_age": settings.max_age, "accepts": self.run.mode == "accept"}
        with self._asking():
            problems = journal.post(f"sessions/{name}/open", wanted)["problems"]
        url = f"{server.url}/_rechat/s/{name}"
        recorded = Recorded(path, url, server.env_at(url), name, journal)
        before = {key: os.environ.get(key) for key in recorded.env}
        self.running = OpenSession(name, journal, settings, path, before)
        item.stash[_OPENED] = self.running
        os.environ.update(recorded.env)
        try:
            if problems:
                pytest.fail(
                    "rechat cannot read a transcript:\n" + "\n".join(problems), pytrace=False
                )
            yield recorded
        finally:
            self.running = None
            _put_back(before, os.environ)
            has_passed = item.stash.get(_HAS_PASSED, False)
            with self._asking():
                closed = journal.post(f"sessions/{name}/close", {"keep": has_passed})
            if has_passed and self.run.mode in OFFLINE:
                self.done.passed.append(item.nodeid)
                if settings.unused != "ignore":
                    self.done.add(path, closed["answers"])

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Fail the test if its server cannot be asked."""
        try:
            yield
        except URLError as error:
            raise pytest.fail.Exception(self._gone(error), pytrace=False) from None

    def _gone(self, error: URLError) -> str:
        """The failure if the server cannot be reached. The next test gets a new one."""
        ended = [server for server in self._servers.values() if server.has_ended]
        self._servers = {
            key: server for key, server in self._servers.items() if not server.has_ended
        }
        self._has_told = True
        if ended:
            told = "rechat: its server for this run has ended; the next test gets another one"
            return "\n".join([told, *filter(None, (server.output for server in ended))])
        return f"rechat: its server for this run cannot be reached: {error.reason}"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        """Fail a test that would pass although no transcript answered a request: it has hidden
        that.
        """
        opened = item.stash.get(_OPENED, None)
        if not opened:
            yield
            return
        opened.is_running = True
        try:
            yield
        finally:
            opened.is_running = False
        with self._asking():
            misses = opened.missed() if opened.settings.fails else []
            is_recorded = opened.settings.fails and self.run.mode not in OFFLINE
            failed = opened.failed() if is_recorded else []
            uses = opened.uses() if self._needs_uses(opened.settings) else []
        if misses:
            count = "a request" if len(misses) == 1 else f"{len(misses)} requests"
            problem = f"no transcript answers {count} of this test, which hides that"
            pytest.fail(problem, pytrace=False)
        if failed:
            told = [f"  {row['words']}: {row.get('reason', '')}" for row in failed]
            problem = "rechat: nothing was recorded for requests of this test, which hides that:"
            pytest.fail("\n".join([problem, *told]), pytrace=False)
        self._check_age(item, opened.settings, uses)
        if self.run.mode == "verify":
            self._verify(item, opened, uses)

    def _needs_uses(self, settings: ItemSettings) -> bool:
        return self.run.mode == "verify" or (
            self.run.mode == "none" and settings.max_age is not None
        )

    def _check_age(self, item: pytest.Item, settings: ItemSettings, uses: list[Any]) -> None:
        if settings.max_age is None:
            return
        old = too_old(uses, settings.max_age, time.time())
        if old and settings.too_old == "fail":
            told = ["rechat: answers of this test are too old:", *old]
            pytest.fail("\n".join([*told, _again(item)]), pytrace=False)
        self.done.old += old
        self.done.undated += undated(uses)

    def _verify(self, item: pytest.Item, opened: OpenSession, uses: list[Any]) -> None:
        from rechat.testing.drift import drifted  # noqa: PLC0415

        environment = dict(os.environ)
        _put_back(opened.before, environment)
        places = [use["place"] for use in uses if use["used"]]
        upstreams = opened.settings.upstreams
        found = drifted(places, upstreams, self.root, environment)
        self.done.unverified += [str(one) for one in found if one.kind == "unasked"]
        counted = [one for one in found if one.kind in opened.settings.drifts]
        changed = [str(one) for one in counted if one.kind != "error"]
        failed = [str(one) for one in counted if one.kind == "error"]
        told: list[str] = []
        if failed:
            told += ["rechat: these answers could not be asked for again:", *failed]
        if changed:
            told += ["rechat: these answers have changed:", *changed, _again(item)]
        if told:
            pytest.fail("\n".join(told), pytrace=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note whether a test has passed; report the unanswered requests of a failing one. While it
        runs, the reports are those of its subtests.
        """
        report = yield
        opened = item.stash.get(_OPENED, None)
        if opened and opened.is_running:
            opened.has_failed_within |= report.failed
        elif call.when == "call":
            has_failed_within = opened and opened.has_failed_within
            item.stash[_HAS_PASSED] = report.passed and not has_failed_within
        if opened and report.failed and call.when != "teardown":
            try:
                misses = opened.missed()
            except URLError as error:
                report.sections.append(("rechat", self._gone(error)))
                return report
            if misses:
                report.sections.append((TITLE, f"{told(misses)}\n\n{self._remedy(item, opened)}"))
        return report

    def _remedy(self, item: pytest.Item, opened: OpenSession) -> str:
        """The command that records the transcript of a test."""
        if self.run.mode not in OFFLINE:
            return f"The answers belong in {opened.path}."
        missing = "" if (self.root / opened.path).exists() else ", which does not exist yet"
        command = f'pytest "{item.nodeid}" --rechat='
        words = f"To record what is missing in {opened.path}{missing}:\n  {command}new"
        if not missing and self.run.mode != "accept" and not opened.advice:
            words += f"\nTo keep the nearest answer, with the new question:\n  {command}accept"
        return f"{words}\n\n{opened.advice}".rstrip()

    def _stop(self) -> None:
        from rechat.values import ServerError  # noqa: PLC0415

        try:
            self._open.close()
        except ServerError as error:
            if not self._has_told:  # no test has failed because of it
                warnings.warn(pytest.PytestWarning(f"rechat: {error}"), stacklevel=1)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Stop the servers; a worker returns its results."""
        self._discard()
        if self._count:
            self._stop()
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["rechat"] = self.done.packed()


def _again(item: pytest.Item) -> str:
    """The command that records the answers of a test again."""
    return f'To record them again:\n  pytest "{item.nodeid}" --rechat=all'


def _put_back(before: Mapping[str, str | None], environment: MutableMapping[str, str]) -> None:
    for key, value in before.items():
        if value is None:
            environment.pop(key, None)
        else:
            environment[key] = value
