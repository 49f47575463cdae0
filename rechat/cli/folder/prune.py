"""`rechat prune`: removes files that no transcript needs."""

from pathlib import Path

import typer

from rechat.cli.read import load
from rechat.store import leftovers
from rechat.values import UsageError
from rechat.values import disk_reason


def prune(paths: list[Path], *, yes: bool) -> None:
    """Print the files that nothing needs; remove them if `yes`. Raises `UsageError` if a transcript
    cannot be read, since it is not known what that links to.
    """
    store = load(paths, is_strict=False)
    if store.problems:
        first = next(iter(store.problems.values()))
        raise UsageError(f"nothing is removed while a transcript cannot be read: {first}")
    found = list(leftovers(store))
    size = sum(path.stat().st_size for path in found)
    for path in found:
        typer.echo(path.as_posix())
        if yes:
            _remove(path)
    told = "removed" if yes else "can be removed with --yes"
    typer.echo(
        f"{len(found)} file{'' if len(found) == 1 else 's'} ({size:,} bytes) {told}", err=True
    )


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{path} cannot be removed: {disk_reason(error)}") from None
