"""The report at the end of a run: which transcripts no test uses, over all test processes."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rechat.testing.settings import OFFLINE
from rechat.testing.suite import Suite
from rechat.testing.unused import Run

_RECORD_ALL = "To record all answers of the tests again: pytest --rechat=all"
_DROP = (
    "To drop them, remove files and sections by hand, or record the tests again from the start: "
    "pytest --rechat=rewrite"
)


class Summary:
    """The hooks of the process that reports."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._done = suite.done
        self._is_whole = True
        self._found: list[str] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add the results of a worker; if one crashed, nothing is judged."""
        output: dict[str, Any] = getattr(node, "workeroutput", {})
        if "rechat" not in output:
            self._is_whole = False
            return
        self._done.join(Run.unpacked(output["rechat"]))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Find what no test uses; if that counts as a failure, the run fails."""
        run = self._suite.run
        is_worker = hasattr(session.config, "workeroutput")
        if is_worker or not self._is_whole or run.mode not in OFFLINE or run.unused == "ignore":
            return
        self._found = self._done.unused_answers()
        if self._done.unused_files(self._candidates()):
            self._found += self._done.unused_files(self._files())
        if self._found and run.unused == "fail" and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    # Older versions of pytest do not name its type.
    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        """Report answers that are too old, those that another order of the tests would not find,
        and those that no test uses.
        """
        done = self._done
        undated = [_without_age(done.undated)] if done.undated else []
        for title, lines, remedy in (
            ("old answers", done.old, _RECORD_ALL),
            ("answers without an age", undated, ""),
            ("answers that cannot be verified", done.unverified, ""),
            ("fixtures that ask for several tests", done.shared, ""),
            ("unused transcripts", self._found, _DROP),
        ):
            if not lines:
                continue
            terminalreporter.section(f"rechat: {title}", yellow=True)
            for line in [*dict.fromkeys(lines), *([remedy] if remedy else [])]:
                terminalreporter.line(line)

    def _folders(self) -> list[str]:
        """The folders that tests have their transcripts in, relative to the root."""
        if self._suite.run.folder:
            return [self._suite.run.folder]
        known = {str(Path(folder).parent) for folder in self._done.collected.folders}
        own = {str(Path(file).parents[1]) for file in self._done.collected.own}
        return sorted(known | own)

    def _candidates(self) -> Iterator[str]:
        """The paths in them that may be transcripts, judging by their names, or folders with
        some.
        """
        for folder in self._folders():
            for place, folders, files in os.walk(self._suite.root / folder):
                here = Path(place)
                linked = [here / name / "any.md" for name in folders if (here / name).is_symlink()]
                named = [here / name for name in files if name.endswith(".md")]
                for path in linked + named:
                    yield path.relative_to(self._suite.root).as_posix()

    def _files(self) -> Iterator[str]:
        """The transcripts in them."""
        # Imported only if there is a candidate that no test uses, since it takes long.
        from rechat.store import transcripts_in  # noqa: PLC0415

        for folder in self._folders():
            for path in transcripts_in(self._suite.root / folder):
                yield path.relative_to(self._suite.root).as_posix()


def _without_age(undated: list[str]) -> str:
    first, *others = sorted(set(undated))
    of = f"for {first}" if not others else f"for {len(others) + 1} answers, the first {first}"
    return (
        f"max_age says nothing {of}: neither the file nor the API says when it was recorded "
        "(rechat writes it where the API does not: pytest --rechat=all)"
    )
