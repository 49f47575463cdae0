"""`rechat accept`: an edited prompt takes the place of the old one, above the same answer."""

import http.client
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from rechat.answering import accept as accept_into
from rechat.cli import read
from rechat.observe import visible
from rechat.values import RechatError
from rechat.values import UsageError
from rechat.values import jsontext

_TOKEN = re.compile(r'name="rechat-token" content="([^"]*)"')
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class _Done:
    """Where the answer stands now, and how its old question differed."""

    place: str
    differences: Sequence[str]


def accept(miss: str, paths: list[Path], *, into: str, port: int, as_json: bool) -> None:
    """Print which answer has the question now, and what differed; exit with 1 if none was given
    it.
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
    """Ask the server that had the miss."""
    connection = http.client.HTTPConnection("localhost", port, timeout=_PATIENCE)
    try:
        token = os.environ.get("RECHAT_TOKEN") or _token_of(connection)
        path, body = f"/_rechat/exchanges/{number}/accept", json.dumps({"into": into})
        connection.request("POST", path, body, {"x-rechat-token": token})
        response = connection.getresponse()
        said = jsontext.parse_object(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UsageError(
            f"no rechat answers at port {port}, which would know the miss {number} ({error}): "
            "start it, name its --port, or accept a .json file of the request"
        ) from None
    finally:
        connection.close()
    match said:
        case {"place": str(place), "differences": list(differences)}:
            return _Done(place, [*map(str, differences)])
    raise RechatError(str(said.get("error", said)))


def _token_of(connection: http.client.HTTPConnection) -> str:
    """The token that the page of a server on this machine hands out."""
    connection.request("GET", "/")
    found = _TOKEN.search(connection.getresponse().read().decode("utf-8", "replace"))
    return found[1] if found else ""
