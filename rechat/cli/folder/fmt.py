"""`rechat fmt`: transcripts in their canonical form."""

import difflib
import sys
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import typer

from rechat.cli.folder.paths import transcripts_of
from rechat.format import formatted
from rechat.format import source
from rechat.store import Problem
from rechat.store import Rewrite
from rechat.store import format_all
from rechat.store import put_in_place
from rechat.values import JsonObject
from rechat.values import TranscriptError
from rechat.values import UsageError
from rechat.values import disk_reason
from rechat.values import jsontext

STANDARD_INPUT = Path("-")


@dataclass(slots=True)
class _Outcome:
    """The result: files that changed or would, with their differences if requested, and those that
    cannot be read.
    """

    files: int
    changed: list[JsonObject] = field(default_factory=list)
    unreadable: list[JsonObject] = field(default_factory=list)


def fmt(roots: list[Path], *, check: bool, diff: bool, as_json: bool = False) -> None:
    """Write each transcript in its canonical form and print its path; with `check` or `diff`, only
    report which would change. Exits with 1 if one cannot be read, or would change.
    """
    if STANDARD_INPUT in roots:
        _format_input(roots, as_json=as_json)
        return
    files = transcripts_of(roots)
    outcome = _Outcome(len(files))
    only_told = check or diff
    for found in format_all(list(files)):
        match found:
            case Rewrite(path) as change if only_told or _write(files[path], change):
                told = "".join(_diff(change)) if diff else ""
                outcome.changed.append({"path": path.as_posix()} | ({"diff": told} if told else {}))
                if not as_json:
                    typer.echo(told or path.as_posix(), nl=not told)
            case Problem():
                outcome.unreadable.append(asdict(found))
                if not as_json:
                    typer.echo(f"{found.path}:{found.line}: error: {found.message}")
    if as_json:
        typer.echo(jsontext.dump(asdict(outcome) | {"written": not only_told}, jsontext.INDENTED))
    else:
        typer.echo(_summary(outcome, only_told=only_told), err=True)
    if outcome.unreadable or (outcome.changed and only_told):
        raise typer.Exit(1)


def write_all(roots: list[Path]) -> None:
    """Write each transcript in its canonical form, with its headings corrected, and report which on
    standard error. Files that still cannot be read stay as they are.
    """
    files = transcripts_of(roots)
    for found in format_all(list(files), repairs=True):
        if isinstance(found, Rewrite) and _write(files[found.path], found):
            typer.echo(f"{found.path.as_posix()}: fixed", err=True)


def _format_input(roots: list[Path], *, as_json: bool) -> None:
    """Standard input, as it was or in its canonical form, on standard output."""
    if as_json:
        raise UsageError("--json lists files: what is read from - is printed as it is")
    if len(roots) > 1:
        raise UsageError("- stands for standard input and for no file beside it")
    try:
        text = formatted(source.decode(sys.stdin.buffer.read()))
    except TranscriptError as error:
        raise UsageError(f"<stdin>:{error.line}: {error.message}") from None
    sys.stdout.buffer.write(text.encode())


def _write(root: Path, change: Rewrite) -> bool:
    try:
        if put_in_place(root, change):
            return True
    except OSError as error:
        raise UsageError(f"{change.path} cannot be written: {disk_reason(error)}") from None
    typer.echo(f"{change.path} has changed meanwhile: format it again", err=True)
    return False


def _diff(change: Rewrite) -> list[str]:
    old, new = (
        source.decode(raw).splitlines(keepends=True) for raw in (change.before, change.after)
    )
    name = change.path.as_posix()
    lines = [*difflib.unified_diff(old, new, name, name)]
    return [
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    ]


def _summary(outcome: _Outcome, *, only_told: bool) -> str:
    told = "would change" if only_told else "changed"
    broken = len(outcome.unreadable)
    trouble = f", {broken} cannot be read" if broken else ""
    plural = "" if outcome.files == 1 else "s"
    return f"{outcome.files} file{plural}: {len(outcome.changed)} {told}{trouble}"
