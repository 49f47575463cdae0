"""`rechat prune`: removes files that no transcript needs."""

from pathlib import Path

import typer

from rechat.cli.reading.read import load
from rechat.store import leftovers
from rechat.values import UsageError
from rechat.values import disk_reason
from rechat.values import jsontext


def prune(paths: list[Path], *, yes: bool, as_json: bool = False) -> None:
    """Print the files that nothing needs; remove them if `yes`. Raises `UsageError` if a transcript
    cannot be read, since its links are unknown.
    """
    store = load(paths, is_strict=False)
    if store.problems:
        first = next(iter(store.problems.values()))
        raise UsageError(f"nothing is removed while a transcript cannot be read: {first}")
    found = {path: path.stat().st_size for path in leftovers(store)}
    size = sum(found.values())
    for path in found:
        if not as_json:
            typer.echo(path.as_posix())
        if yes:
            _remove(path)
    if as_json:
        files = [{"path": path.as_posix(), "bytes": length} for path, length in found.items()]
        shown = {"files": files, "bytes": size, "removed": yes}
        typer.echo(jsontext.dump(shown, jsontext.INDENTED))
        return
    told = "removed" if yes else "can be removed with --yes"
    typer.echo(
        f"{len(found)} file{'' if len(found) == 1 else 's'} ({size:,} bytes) {told}", err=True
    )


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{path} cannot be removed: {disk_reason(error)}") from None
