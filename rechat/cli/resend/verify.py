"""The helper of the pytest plugin for `--rechat=verify`: whether the upstream still gives the
recorded answers. Nothing is saved.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rechat.cli.settings import normalise_own
from rechat.cli.settings import redact_own
from rechat.cli.settings import upstreams
from rechat.proxy import Ask
from rechat.proxy import Table
from rechat.proxy import Upstream
from rechat.proxy import upstreams_of
from rechat.resend import Question
from rechat.resend import RunFolder
from rechat.resend import RunOptions
from rechat.resend import Selection
from rechat.resend import Target
from rechat.resend import Told
from rechat.resend import ask_all
from rechat.resend import latest
from rechat.resend import parse_target
from rechat.resend import parts_of
from rechat.resend import report_of
from rechat.resend import select
from rechat.values import JsonObject
from rechat.values import UsageError
from rechat.values import jsontext


def verify(places: Sequence[str], named: Sequence[str]) -> None:
    """Ask again for the answers at `path:line`, each of the upstream that a recording would ask,
    and print a JSON object for each that has changed or could not be asked for.
    """
    redact_own()
    normalise_own()
    selection = select(dict.fromkeys(place.rpartition(":")[0] for place in places))
    wanted = {*places}
    for one in selection.unasked:
        if one.name in wanted:
            _tell(one.name, "unasked", one.reason)
    questions = [one for one in selection.questions if one.place in wanted]
    table = Table(upstreams_of(named, upstreams))
    by_target: dict[Target, list[Question]] = {}
    for question in questions:
        fitting = table.fitting(Ask(question.request.model))
        if fitting:
            by_target.setdefault(_target(fitting[0]), []).append(question)
        else:
            _tell(question.place, "error", table.problem(Ask(question.request.model)))
    for target, asked in by_target.items():
        for place, kind, told in _drifted(target, asked):
            _tell(place, kind, told)


def _target(upstream: Upstream) -> Target:
    """An upstream as a target. Its key is the client's, which is meant for it."""
    target = parse_target(str(upstream))
    key_env = upstream.key_env or target.key_env
    if not key_env and os.environ.get("OPENAI_API_KEY"):
        is_its_own = os.environ.get("OPENAI_BASE_URL", "").rstrip("/") == target.url.rstrip("/")
        key_env = "OPENAI_API_KEY" if is_its_own else ""
    return replace(target, key_env=key_env, model=upstream.rename)


def _drifted(target: Target, questions: Sequence[Question]) -> Iterator[tuple[str, str, str]]:
    parts = parts_of(Selection(tuple(questions), ()), [target])
    options = RunOptions((), (target.spec,))
    with TemporaryDirectory(prefix="rechat-") as folder:
        run = RunFolder(Path(folder))
        try:
            ask_all(parts, options, run, lambda _progress, _total: None)
        except UsageError as error:  # there is no key; only `resend` can be given another variable
            told_of_it = str(error).partition(", or name another variable")[0]
            yield from ((one.place, "error", told_of_it) for one in questions)
            return
        told = [
            Told(part.name, target.url, [*latest(run.results(part.name)).values()], part.unasked)
            for part in parts
        ]
    report = report_of("", questions, (), told)
    places = {one.name: one.place for one in questions}
    for unasked in (one for part in parts for one in part.unasked):
        yield places.get(unasked.name, unasked.name), "unasked", unasked.reason
    for row in report.rows:
        for cell in row.cells.values():
            if cell.worst.kind not in ("same", "spaces"):
                where = f"{target.url}: " if cell.worst.kind == "error" else ""
                yield row.place, cell.worst.kind, f"{where}{cell.worst.told}"


def _tell(place: str, kind: str, told: str) -> None:
    found: JsonObject = {"place": place, "kind": kind, "told": told}
    sys.stdout.write(f"{jsontext.dump(found)}\n")
