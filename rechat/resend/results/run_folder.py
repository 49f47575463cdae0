"""A run on the disk: its options, and a line for each result as soon as it is complete.

`.rechat/runs/NAME/run.json` has the options, `TARGET.jsonl` the results of one target, and
`TARGET.lags` how late the generator was. A line is written by one system call: a process that is
killed loses what was in flight, and nothing that was answered.
"""

import hashlib
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock
from filelock import Timeout

from rechat.resend.results.result import Result
from rechat.resend.results.result import of_line
from rechat.resend.results.result import to_line
from rechat.values import JsonError
from rechat.values import UsageError
from rechat.values import jsontext

RUNS = Path(".rechat/runs")
_OPTIONS = "run.json"
_MARK = "mark"
# How many seconds to wait for a saver process that outlived its parent.
_PATIENCE = 10.0
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of a run."""

    path: Path

    @property
    def name(self) -> str:
        """Its name on the command line."""
        return self.path.name

    def options(self) -> dict[str, Any]:
        """Its options. Raises `UsageError` if there is no run."""
        try:
            return jsontext.parse_object((self.path / _OPTIONS).read_text("utf-8"))
        except (OSError, JsonError) as error:
            known = ", ".join(sorted(run.name for run in runs())[-5:]) or "none"
            told = f"{self.path} is no run ({error}); the last ones: {known}"
            raise UsageError(told) from None

    @property
    def lock(self) -> FileLock:
        """Held by the process that saves the results."""
        return FileLock(self.path / "keeping.lock", timeout=_PATIENCE)

    def mark(self) -> str:
        """Distinguishes the run from any other one, including an earlier one with the same name."""
        path = self.path / _MARK
        if not path.exists():
            path.write_text(uuid4().hex, "ascii")
        return path.read_text("ascii")

    def settle(self) -> None:
        """Wait until all earlier results are saved: a killed process leaves a saver process behind,
        which saves what it was given. Raises `UsageError` if the run is still being asked.
        """
        try:
            self.lock.acquire().lock.release()
        except Timeout:
            raise UsageError(f"{self.path} is being asked by another process") from None

    def file_of(self, target: str) -> Path:
        """The file of a target's results."""
        return self.path / f"{file_name(target)}.jsonl"

    def is_over(self, target: str) -> bool:
        """Whether the time limit of a target has been reached."""
        return self._mark(target).exists()

    def end(self, target: str) -> None:
        """Record that it has."""
        self._mark(target).touch()

    def _mark(self, target: str) -> Path:
        return self.path / f"{file_name(target)}.over"

    def add_lags(self, target: str, lags: Sequence[float]) -> None:
        """Record by how many milliseconds the loop was late while a target was asked."""
        if lags:
            with self._lags(target).open("ab", buffering=0) as file:
                file.write(" ".join(f"{one:.2f}" for one in lags).encode() + b"\n")

    def lags(self, target: str) -> list[float]:
        """How late the loop was, over all times that the target was asked."""
        try:
            return [float(one) for one in self._lags(target).read_text("utf-8").split()]
        except FileNotFoundError:
            return []

    def _lags(self, target: str) -> Path:
        return self.path / f"{file_name(target)}.lags"

    def results(self, target: str) -> Iterator[Result]:
        """The results of a target, in order of arrival, without a line that a crash truncated."""
        try:
            with self.file_of(target).open("rb") as file:
                yield from (result for line in file if (result := of_line(line)))
        except FileNotFoundError:
            return


class ResultFile:
    """Appends the results of one target."""

    def __init__(self, path: Path) -> None:
        is_cut = path.exists() and not _ends_a_line(path)
        self._file = path.open("ab", buffering=0)
        if is_cut:  # after a crash: the next line has to start a line
            self._file.write(b"\n")

    def add(self, result: Result) -> None:
        """Save a result: when this returns, it outlives the process."""
        line = f"{to_line(result)}\n".encode("utf-8", "surrogatepass")
        while line:
            line = line[self._file.write(line) :]

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        return file.read() in (b"", b"\n")


def new_run(options: dict[str, Any], name: str = "") -> RunFolder:
    """A folder for a new run, with its options. Raises `UsageError` if there is one with this
    name.
    """
    RUNS.mkdir(parents=True, exist_ok=True)
    ignore = RUNS.parent / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")
    wanted = file_name(name) or time.strftime("%Y-%m-%d-%H%M%S")
    path, number = RUNS / wanted, 2
    while path.exists():
        if name:
            raise UsageError(f"{path} exists: name the run otherwise, or --resume {wanted}")
        path, number = RUNS / f"{wanted}-{number}", number + 1
    path.mkdir()
    text = jsontext.dump(options, jsontext.INDENTED)
    (path / _OPTIONS).write_text(f"{text}\n", "utf-8")
    return RunFolder(path)


def find_run(name: str) -> RunFolder:
    """The run with this name, or at this path; `last` is the latest. Raises `UsageError`."""
    known = runs()
    if name == "last" and known:
        return known[-1]
    path = Path(name) if (Path(name) / _OPTIONS).exists() else RUNS / name
    run = RunFolder(path)
    run.options()
    return run


def runs() -> list[RunFolder]:
    """All runs, the latest last."""
    found = [path.parent for path in RUNS.glob(f"*/{_OPTIONS}")]
    return [RunFolder(path) for path in sorted(found, key=lambda path: path.stat().st_mtime)]


def file_name(name: str) -> str:
    """A name as a file name; of one in another script its digest."""
    plain = _NO_NAME.sub("-", name).strip("-.")
    return plain or (name and f"run-{hashlib.sha256(name.encode()).hexdigest()[:8]}")
