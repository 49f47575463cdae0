"""`rechat resend`: asks recorded questions again, and reports the results."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import typer
from rich.console import Console as Terminal
from rich.progress import BarColumn
from rich.progress import Progress as Bar
from rich.progress import TextColumn
from rich.progress import TimeRemainingColumn

from rechat.cli.resend.printing import Printing
from rechat.cli.settings import normalise_own
from rechat.cli.settings import prices
from rechat.cli.settings import redact_own
from rechat.cli.settings import upstreams
from rechat.observe import cost_of
from rechat.resend import Part
from rechat.resend import Progress
from rechat.resend import Report
from rechat.resend import Result
from rechat.resend import RunFolder
from rechat.resend import RunOptions
from rechat.resend import Selection
from rechat.resend import Told
from rechat.resend import Unasked
from rechat.resend import add_takes
from rechat.resend import ask_all
from rechat.resend import check_means
from rechat.resend import check_options
from rechat.resend import dollars
from rechat.resend import estimated_tokens
from rechat.resend import file_name
from rechat.resend import find_run
from rechat.resend import latest
from rechat.resend import limits_of
from rechat.resend import new_run
from rechat.resend import parse_goals
from rechat.resend import parse_loads
from rechat.resend import parse_target
from rechat.resend import parts_of
from rechat.resend import report_of
from rechat.resend import rounds_kept
from rechat.resend import seconds_of
from rechat.resend import select
from rechat.resend import timed
from rechat.resend import unasked_of
from rechat.resend import write_answers
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import UsageError
from rechat.values import jsontext


def resend(
    options: RunOptions,
    *,
    resumes: str,
    name: str,
    dry_run: bool,
    printing: Printing,
) -> None:
    """Ask what is left of a run and print the report; exit with 1 if there is a finding of a
    checked kind, and with 130 after Ctrl-C.
    """
    redact_own()
    normalise_own()
    run = find_run(resumes) if resumes else None
    if run:
        budget = options.budget
        options = RunOptions.of_json(run.options())
        options = replace(options, budget=budget or options.budget)
    selection = select(options.paths, options.only, options.limit, options.seed)
    known = upstreams()
    loads = parse_loads(options.at, options.rate, options.as_recorded)
    parts = parts_of(selection, [parse_target(spec, known) for spec in options.to], loads)
    parse_goals(options.slo)  # errors are reported before anything is asked
    check_options(options)
    if dry_run:
        if printing.as_json:
            print(jsontext.dump(_plan_json(parts, options, selection), jsontext.INDENTED))  # noqa: T201
        else:
            _tell_plan(parts, options, selection)
        return
    if not any(part.asked for part in parts):
        raise UsageError(_nothing(selection, parts, options))
    check_means(parts, options, prices())
    printing.check_files()
    _tell_duration(parts)
    run = run or new_run(options.as_json(), name)
    is_interrupted = False
    try:
        _watched(parts, options, run)
    except KeyboardInterrupt:
        is_interrupted = True
    kept = rounds_kept(parts, options, run)
    report = _report(run, selection, kept, options)
    report = replace(report, limits=(*limits_of(parts, options, run),))
    printing.write(report)
    if is_interrupted:
        _print(f"interrupted; the rest: rechat resend --resume {run.name}")
        raise typer.Exit(130)
    if options.budget and sum(one.cost or 0.0 for one in report.columns) >= options.budget:
        more = f"rechat resend --resume {run.name} --budget {options.budget * 2:g}"
        _print(f"the budget of {dollars(options.budget)} is spent; for the rest: {more}")
    printing.check(report)


def _nothing(selection: Selection, parts: list[Part], options: RunOptions) -> str:
    if options.only and not selection.questions:
        return f"nothing to ask: --only {options.only!r} finds no question"
    reasons = [*selection.unasked, *(one for part in parts for one in part.unasked)]
    if reasons:
        return f"nothing to ask: {reasons[0].name}: {reasons[0].reason}"
    return "nothing to ask: no transcript that was named has an answer"


def _tell_plan(parts: list[Part], options: RunOptions, selection: Selection) -> None:
    for part in parts:
        count = len(part.requests(options.takes))
        print(f"{part.name} ({part.target.url}): {count} requests{_plan(part, options)}")  # noqa: T201
        for unsaid in sorted({what for asked in part.asked for what in asked.unsaid}):
            print(f"  it cannot be told {unsaid}")  # noqa: T201
        for one in part.unasked:
            print(f"  not asked: {one.name}: {one.reason}")  # noqa: T201
    for one in selection.unasked:
        print(f"not asked: {one.name}: {one.reason}")  # noqa: T201


def _plan_json(parts: list[Part], options: RunOptions, selection: Selection) -> JsonObject:
    """The plan for programs."""
    targets: list[Json] = []
    for part in parts:
        tokens, cost = _estimate(part, options)
        target: JsonObject = {
            "name": part.name,
            "url": part.target.url,
            "requests": len(part.requests(options.takes)),
            "tokens": {"in": tokens[0], "out": tokens[1]},
            "cost": cost,
            "seconds": _seconds(part),
            "unsaid": sorted({what for asked in part.asked for what in asked.unsaid}),
            "unasked": _unasked_json(part.unasked),
        }
        targets.append(target)
    return {"targets": targets, "unasked": _unasked_json(selection.unasked)}


def _unasked_json(unasked: Iterable[Unasked]) -> list[Json]:
    return [{"question": one.name, "reason": one.reason} for one in unasked]


def _plan(part: Part, options: RunOptions) -> str:
    """The tokens that a part will take, and their cost."""
    tokens, cost = _estimate(part, options)
    told = f", about {tokens[0]:,} tokens in and {tokens[1]:,} out"
    told += "" if cost is None else f", {dollars(cost)}"
    seconds = _seconds(part)
    return told if seconds is None else f"{told}, within {timedelta(seconds=seconds)}"


def _seconds(part: Part) -> int | None:
    """How long a load takes that is sent at recorded times; None for any other."""
    if not part.load.speed:
        return None
    return round(seconds_of(timed(part.asked), part.load.speed))


def _estimate(part: Part, options: RunOptions) -> tuple[list[int], float | None]:
    """The tokens in and out that a part will take, and the dollars; None if there is no price."""
    known = prices()
    requests = part.requests(options.takes)
    found = [(estimated_tokens(one), known.get(one.request.model)) for one in requests]
    tokens = [sum(one[at] for one, _ in found) for at in (0, 1)]
    costs = [cost_of(tokens, price) for tokens, price in found if price]
    is_known = bool(costs) and len(costs) == len(found)
    return tokens, sum(costs) if is_known else None


def _tell_duration(parts: list[Part]) -> None:
    """Print how long a load takes that is sent at recorded times: it may be days."""
    for part in parts:
        seconds = _seconds(part)
        if seconds is not None:
            count = len(part.requests(1))
            _print(f"{part.name}: {count} requests are sent within {timedelta(seconds=seconds)}")


def _watched(parts: list[Part], options: RunOptions, run: RunFolder) -> None:
    """Ask, with a progress bar on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    terminal = Terminal(stderr=True)
    with Bar(*columns, console=terminal, disable=not terminal.is_terminal, transient=True) as bar:
        task = bar.add_task("asking")

        def watch(progress: Progress, total: int | None) -> None:
            rate = progress.ended / max(perf_counter() - progress.begun, 0.001)
            of = f" of {total}" if total else ""
            told = f"{progress.ended}{of}, {progress.failed} failed, {rate:.1f}/s"
            bar.update(task, completed=progress.ended, total=total, description=told)

        ask_all(parts, options, run, watch, prices())


def _report(
    run: RunFolder,
    selection: Selection,
    parts: list[Part],
    options: RunOptions,
) -> Report:
    told = []
    for part in parts:
        name = part.name
        found = [*latest(run.results(name)).values()]
        _write_answers(run, part, options, found)
        lags = run.lags(name)
        unsaid = [what for asked in part.asked for what in asked.unsaid]
        told.append(
            Told(
                *(name, part.target.url, found, unasked_of(part, options, found), unsaid, lags),
                *(parse_goals(options.slo), options.warm_up, prices(), part.target.name),
            )
        )
    return report_of(run.name, selection.questions, selection.unasked, told)


def _write_answers(run: RunFolder, part: Part, options: RunOptions, found: list[Result]) -> None:
    by_name: dict[str, list[Result]] = {}
    for result in sorted(found, key=lambda one: one.take):
        by_name.setdefault(result.name, []).append(result)
    questions = [asked.question for asked in part.asked]
    if options.into == "takes":
        added = add_takes(options.paths, questions, by_name, part.target.name)
        for problem in added.problems:
            _print(f"not written: {problem}")
        _print(f"{part.name}: takes added to the transcripts: {added.count}")
        return
    base = Path(options.answers) if options.answers else run.path / "answers"
    folder = base / file_name(part.name)
    for problem in write_answers(folder, questions, by_name):
        _print(f"not written: {problem}")
    _print(f"answers: {folder}")


def _print(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201
