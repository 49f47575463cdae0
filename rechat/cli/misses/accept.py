"""`rechat accept`: an edited prompt replaces the old one, above the same answer."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from rechat.answering import accept as accept_into
from rechat.cli.reading import read
from rechat.observe import visible
from rechat.testing import Journal
from rechat.values import RechatError
from rechat.values import UsageError
from rechat.values import jsontext


@dataclass(frozen=True, slots=True)
class _Done:
    """Where the answer is now, and how its old question differed."""

    place: str
    differences: Sequence[str]


def accept(miss: str, paths: list[Path], *, into: str, port: int, as_json: bool) -> None:
    """Print which answer has the question now, and what differed; exit with 1 if nothing was
    changed.
    """
    try:
        done = _by_server(miss, into, port) if miss.isdecimal() else _here(miss, paths, into)
    except RechatError as error:
        if isinstance(error, UsageError):
            raise
        typer.echo(f"rechat: not accepted: {visible(str(error))}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        shown = {"place": done.place, "differences": [*done.differences]}
        typer.echo(jsontext.dump(shown, jsontext.INDENTED))
        return
    typer.echo(f"{visible(done.place)} takes this question:")
    for reason in done.differences:
        typer.echo(f"  {visible(reason)}")


def _here(query: str, paths: list[Path], into: str) -> _Done:
    accepted = accept_into(read.load(paths), read.request_of(query), into)
    reasons = [difference.reason for difference in accepted.before.differences]
    return _Done(accepted.saved.place, reasons)


def _by_server(number: str, into: str, port: int) -> _Done:
    """Ask the server that reported the miss."""
    journal = Journal.at(f"http://localhost:{port}", os.environ.get("RECHAT_TOKEN", ""))
    if not journal.is_there():
        raise UsageError(
            f"no rechat answers at port {port}, which would know the miss {number}: start it, name "
            "its --port, or accept a .json file of the request"
        )
    try:
        said = journal.post(f"exchanges/{number}/accept", {"into": into})
    except ValueError as error:
        raise RechatError(str(error)) from None
    return _Done(said["place"], said["differences"])
