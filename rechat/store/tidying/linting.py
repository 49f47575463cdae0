"""Whole folders checked; many files by several processes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rechat.format import source
from rechat.store.folder import Store
from rechat.store.known import Versions
from rechat.store.known import content_of
from rechat.store.lint import Answered
from rechat.store.lint import Finding
from rechat.store.lint import answered_in
from rechat.store.lint import answered_twice
from rechat.store.lint import lint_each
from rechat.store.parallel import read_side_by_side
from rechat.store.tidying.checking import read_text

# From this many files on, starting worker processes is worth it.
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

    def check(path: Path) -> _Checked:
        try:
            file = read_text(path, source.decode(content_of(path)), roots)
        except Exception:  # noqa: BLE001  # the store has the words for whatever it is
            return _Checked([*_problem(path, roots)], [])
        return _Checked(lint_each(file), [*answered_in(file)])

    return check


def _problem(path: Path, roots: Sequence[Path]) -> Iterator[Finding]:
    """What the store tells of a file that cannot be read; nothing of one that is gone by now."""
    versions = Versions(roots, explains=False)
    versions.reload(path)
    for wrong in versions.problems.values():
        yield Finding(wrong.path, wrong.line, "error", wrong.message, wrong.code)
