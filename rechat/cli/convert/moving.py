"""`rechat import --tests`: tests with cassettes become tests with transcripts.

The cassettes are imported, the marks of the tests changed, and the tests run once, so that what
they ask today is written above the answers. What does not pass is put back as it was.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from xml.etree import ElementTree as ET

import typer

from rechat.cli.convert.importing import Outcome
from rechat.cli.convert.importing import import_into
from rechat.cli.options import FOLDER
from rechat.convert import Mark
from rechat.convert import marked
from rechat.convert import marks_of
from rechat.testing import file_name
from rechat.values import Json
from rechat.values import UsageError
from rechat.values import jsontext

_CASSETTES = "cassettes"
# Where nobody listens: what reaches it stays on this machine.
_NOWHERE = "http://127.0.0.1:9"
_HERE = "127.0.0.1,localhost,::1"
_OURS = b"pytest.mark.rechat"
_SUFFIXES = (".yaml", ".yml", ".json")
# pytest ran the tests, and all of them, or not all, have passed.
_RAN = (0, 1)


@dataclass(slots=True)
class _Module:
    """A module of tests, as it was, with its marks and its cassettes, by the names of their
    tests; `passed` and `failed` are the tests that did when they ran.
    """

    path: Path
    content: bytes
    marks: list[Mark]
    cassettes: dict[str, Path]
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    @property
    def transcripts(self) -> Path:
        """The folder of its transcripts."""
        return self.path.parent / FOLDER / self.path.stem

    def name_of(self, mark: Mark) -> str:
        """A mark's test, for people and pytest."""
        own = mark.test.replace(".", "::")
        return f"{self.path.as_posix()}::{own}" if own else self.path.as_posix()

    def has_passed(self, mark: Mark) -> bool:
        """Whether all tests of a mark have passed that were run, and one at least was."""
        return any(map(mark.is_for, self.passed)) and not any(map(mark.is_for, self.failed))

    def change(self, marks: list[Mark]) -> None:
        """Give these marks rechat's name; the others are as they were."""
        self.path.write_bytes(marked(self.content, marks))


@dataclass(slots=True)
class _Moved:
    """The tests that have moved, and those that have not, with the reason."""

    moved: list[str] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)


def move(names: list[str], to: Path, also: tuple[str, ...], *, as_json: bool) -> None:
    """Move the tests below some folders, and print which have moved. Exits with 1 if all of them
    keep their cassettes. Raises `UsageError` if there are no cassettes, or they cannot be run.
    """
    if to != FOLDER:
        raise UsageError("--tests puts transcripts beside the tests: it takes no --to")
    folders = sorted(set(_cassette_folders(names)))
    if not folders:
        raise UsageError(f"there is no folder {_CASSETTES} in {', '.join(names)}")
    before = {path for one in folders for path in (one.parent / FOLDER).rglob("*.md")}
    outcome, moved, strays = Outcome(), _Moved(), [*_without_test(folders)]
    try:
        for module in _modules(folders):
            import_into(module.transcripts, [*map(str, module.cassettes.values())], also, outcome)
        if chosen := [*_chosen(folders, outcome, moved)]:
            _try(chosen, moved)
    finally:
        for module in _modules(folders):
            _drop_unused(module, before)
    moved.kept += strays
    _print_moved(outcome, moved, as_json=as_json)
    if moved.kept and not moved.moved:
        raise typer.Exit(1)


def _cassette_folders(names: list[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if not path.is_dir():
            raise UsageError(f"{name} {'is no folder' if path.exists() else 'does not exist'}")
        found = [path] if path.name == _CASSETTES else path.rglob(_CASSETTES)
        yield from (one for one in found if one.is_dir())


def _modules(folders: list[Path]) -> Iterator[_Module]:
    """The modules that have cassettes: in a folder of their own, as pytest-recording keeps them, or
    all in one, as pytest-vcr does.
    """
    for folder in folders:
        together = _files_in(folder)
        for path in sorted(folder.parent.glob("*.py")):
            cassettes = _files_in(folder / path.stem)
            content = path.read_bytes()
            if not cassettes and b"mark.vcr" not in content and _OURS not in content:
                continue
            try:
                marks = marks_of(content)
            except (SyntaxError, ValueError) as error:
                raise UsageError(f"{path.as_posix()} cannot be read: {error}") from None
            tests = [mark for mark in marks if mark.test]
            for name, file in together.items():
                if any(mark.is_for(name) for mark in tests):
                    cassettes.setdefault(name, file)
            if cassettes:
                yield _Module(path, content, marks, cassettes)


def _files_in(folder: Path) -> dict[str, Path]:
    """The cassettes that are in a folder, by the names of their tests."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {one.stem: one for one in found if one.suffix.lower() in _SUFFIXES}


def _without_test(folders: list[Path]) -> Iterator[tuple[str, str]]:
    """The folders with cassettes that no module beside them has."""
    used = {path for module in _modules(folders) for path in module.cassettes.values()}
    for folder in folders:
        have_moved = any(_OURS in path.read_bytes() for path in folder.parent.glob("*.py"))
        for one in (folder, *sorted(path for path in folder.rglob("*") if path.is_dir())):
            count = len({*_files_in(one).values()} - used)
            if count and not (one == folder and have_moved):
                yield one.as_posix(), f"no test beside it has {count} of its cassettes"


def _chosen(
    folders: list[Path], outcome: Outcome, moved: _Moved
) -> Iterator[tuple[_Module, list[Mark]]]:
    """The marks of tests whose cassettes came over as a whole."""
    left = {place.place.rpartition("#")[0]: place.reason for place in outcome.left}
    for module in _modules(folders):
        lacking = {
            name: left[path.as_posix()]
            for name, path in module.cassettes.items()
            if path.as_posix() in left
        }
        if not module.marks and _OURS not in module.content:
            why = "has no pytest.mark.vcr that stands for cassettes of their tests' names"
            moved.kept.append((module.path.as_posix(), why))
        marks: list[Mark] = []
        for mark in module.marks:
            reasons = [reason for name, reason in lacking.items() if mark.is_for(name)]
            if reasons:
                moved.kept.append((module.name_of(mark), reasons[0]))
            elif any(map(mark.is_for, module.cassettes)):
                marks.append(mark)
        if marks:
            yield module, marks


def _try(chosen: list[tuple[_Module, list[Mark]]], moved: _Moved) -> None:
    """Change the marks, run the tests, and put back the marks of those that do not pass."""
    try:
        for module, marks in chosen:
            module.change(marks)
        _run([module for module, _ in chosen])
    except BaseException:
        for module, _ in chosen:
            module.change([])
        raise
    for module, marks in chosen:
        passed = [mark for mark in marks if module.has_passed(mark)]
        module.change(passed)
        moved.moved += map(module.name_of, passed)
        for mark in marks:
            if mark not in passed:
                ran = any(map(mark.is_for, module.failed))
                why = "does not pass with transcripts" if ran else "was not run"
                moved.kept.append((module.name_of(mark), why))


def _run(modules: list[_Module]) -> None:
    """Run the tests of modules, and note which have passed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        is_here = importlib.util.find_spec("pytest")
        command = [sys.executable, "-m", "pytest"] if is_here else ["pytest"]
        command += ["--rechat=accept", "--rechat-unused=ignore", "-q", "--tb=line"]
        command += [f"--junit-xml={report}", "-o", "junit_family=xunit1"]
        command += [str(module.path) for module in modules]
        try:
            done = subprocess.run(  # noqa: S603
                command, stdout=sys.stderr, env=os.environ | _offline(), check=False
            )
        except OSError as error:
            raise UsageError(f"pytest cannot be run: {error.strerror}") from None
        if done.returncode not in _RAN:
            raise UsageError("pytest could not run the tests; they are as they were")
        for case in ET.parse(report).iter("testcase"):  # noqa: S314  # pytest has written it
            _note(case, modules)


def _offline() -> dict[str, str]:
    """Variables that keep clients with a fixed base URL from the network: one of them would be
    answered by its API, and pass.
    """
    proxies = {f"{scheme}_PROXY": _NOWHERE for scheme in ("HTTP", "HTTPS", "ALL")}
    given = proxies | {"NO_PROXY": _HERE}
    return given | {name.lower(): value for name, value in given.items()}


def _note(case: ET.Element, modules: list[_Module]) -> None:
    file, name = case.get("file", ""), case.get("name", "")
    for module in modules:
        if module.path.resolve().as_posix().endswith(f"/{file}"):
            dotted = file.removesuffix(".py").replace("/", ".")
            within = case.get("classname", "").removeprefix(dotted).strip(".")
            full = f"{within}.{name}" if within else name
            kinds = {one.tag for one in case}
            if kinds & {"failure", "error"}:
                module.failed.add(full)
            elif "skipped" not in kinds:
                module.passed.add(full)
            return


def _drop_unused(module: _Module, before: set[Path]) -> None:
    """Delete the transcripts that were made for tests that keep their cassettes."""
    for mark in module.marks:
        for name in filter(mark.is_for, module.cassettes):
            path = module.transcripts / f"{file_name(name)}.md"
            if path not in before:
                path.unlink(missing_ok=True)


def _print_moved(outcome: Outcome, moved: _Moved, *, as_json: bool) -> None:
    if as_json:
        kept: list[Json] = [{"test": test, "reason": reason} for test, reason in moved.kept]
        told = outcome.as_json() | {"moved": [*moved.moved], "kept": kept}
        typer.echo(jsontext.dump(told, jsontext.INDENTED))
        return
    for test in moved.moved:
        typer.echo(test)
    for test, reason in moved.kept:
        typer.echo(f"keeps its cassette: {test}: {reason}", err=True)
    count = f"{len(moved.moved)} tests moved, {len(moved.kept)} keep their cassettes"
    typer.echo(count, err=True)
