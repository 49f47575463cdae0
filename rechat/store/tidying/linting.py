"""Whole folders checked; many files by several processes."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rechat.format import source
from rechat.matching import Scheme
from rechat.store.folder import Store
from rechat.store.known import Versions
from rechat.store.known import content_of
from rechat.store.lint import Answered
from rechat.store.lint import Finding
from rechat.store.lint import answered_in
from rechat.store.lint import answered_twice
from rechat.store.lint import lint_each
from rechat.store.parallel import read_side_by_side

# So many files are worth the start of some processes.
_MANY = 500


@dataclass(frozen=True, slots=True)
class _Checked:
    """What is found in one file alone, and what it answers."""

    findings: list[Finding]
    answered: list[Answered]


def lint_files(roots: Iterable[Path], prepare: Callable[[], None]) -> tuple[int, list[Finding]]:
    """How many transcripts these files and folders are or hold, and what is found in them.
    `prepare` is called first in each process that reads some; it has to be a module's own. Raises
    `UsageError` for a missing path.
    """
    known = tuple(roots)
    files = Store(known).files()
    checked = list(_check_all(files, known, prepare))
    answered = (one for each in checked for one in each.answered)
    found = {one for each in checked for one in each.findings}
    return len(files), sorted({*found, *answered_twice(answered)})


def _check_all(
    files: list[Path], roots: tuple[Path, ...], prepare: Callable[[], None]
) -> Iterator[_Checked]:
    rest = iter(files)
    if len(files) >= _MANY:
        # A program that cannot start itself again goes on alone.
        with suppress(BrokenExecutor):
            for checked in read_side_by_side(files, _checker, (roots, prepare)):
                next(rest)
                yield checked
    yield from map(_checker((roots, prepare)), rest)


def _checker(
    given: tuple[tuple[Path, ...], Callable[[], None]],
) -> Callable[[Path], _Checked]:
    roots, prepare = given
    prepare()
    versions = Versions(roots, explains=False)
    schemes: dict[Scheme, Scheme] = {}

    def check(path: Path) -> _Checked:
        name = path.as_posix()
        versions.reload(path)
        if problem := versions.problems.pop(name, None):
            wrong = Finding(problem.path, problem.line, "error", problem.message, problem.code)
            return _Checked([wrong], [])
        text = source.decode(content_of(path))
        found = lint_each(versions.index, {name: text})
        # The same object each time is sent to the first process once for many files.
        answered = [
            ((schemes.setdefault(scheme, scheme), digest, kinds), path, line)
            for (scheme, digest, kinds), path, line in answered_in(versions.index)
        ]
        versions.index.drop(name)
        return _Checked(found, answered)

    return check
