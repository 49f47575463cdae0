"""A run from its options to its results: what is to be asked, of whom, and what came of it."""

import asyncio
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from itertools import count
from pathlib import Path

from rechat.observe import Prices
from rechat.resend.asking import Asked
from rechat.resend.asking import ask_in
from rechat.resend.asking import marked
from rechat.resend.asking import outgoing
from rechat.resend.client import Client
from rechat.resend.client import Outgoing
from rechat.resend.load import Load
from rechat.resend.load import dues
from rechat.resend.questions.question import Unasked
from rechat.resend.questions.selection import Selection
from rechat.resend.results.options import RunOptions
from rechat.resend.results.result import Result
from rechat.resend.results.run_folder import ResultFile
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.results.run_folder import file_name
from rechat.resend.results.spending import Budget
from rechat.resend.sending.driving import Driver
from rechat.resend.sending.driving import Progress
from rechat.resend.sending.keeping import Job
from rechat.resend.sending.keeping import Keeper
from rechat.resend.sending.live import Answers
from rechat.resend.sending.live import MakeJob
from rechat.resend.sending.live import left_out
from rechat.resend.sending.live import live_jobs
from rechat.resend.target import Target
from rechat.values import UsageError

type Watch = Callable[[Progress, int | None], None]
"""Is told how far a target has come, and of how many questions if that is known."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a run that one target has: its questions there, and what cannot be asked."""

    target: Target
    load: Load
    name: str
    asked: tuple[Asked, ...]
    unasked: tuple[Unasked, ...]


def parts_of(
    selection: Selection, targets: Iterable[Target], loads: Sequence[Load] = (Load(),)
) -> list[Part]:
    """What each target is asked under each load. Raises `UsageError` if two of them have one
    name.
    """
    parts: list[Part] = []
    for target in targets:
        found = [ask_in(question, target) for question in selection.questions]
        asked = tuple(one for one in found if isinstance(one, Asked))
        unasked = tuple(one for one in found if isinstance(one, Unasked))
        for load in loads:
            name = f"{target.name} {load.name}" if len(loads) > 1 else target.name
            parts.append(Part(target, load, name, asked, unasked))
    names = [file_name(part.name) for part in parts]
    if twice := {name for name in names if names.count(name) > 1}:
        told = f"two targets are called {twice.pop()}: tell them apart, --to URL:MODEL,name=NAME"
        raise UsageError(told)
    return parts


def key_of(target: Target, environment: Mapping[str, str]) -> str:
    """The key for a target. Raises `UsageError` if the variable that should have it is not set."""
    if not target.key_env:
        return ""
    key = environment.get(target.key_env, "").strip()
    if not key:
        raise UsageError(
            f"{target.url}: set {target.key_env} to its key, or name another variable: "
            f"--to {target.spec.partition(',')[0]},key_env=NAME"
        )
    if not key.isascii() or not key.isprintable():
        raise UsageError(f"{target.key_env} holds no key: it has characters that no header can")
    return key


def unasked_of(part: Part, options: RunOptions, results: Iterable[Result]) -> tuple[Unasked, ...]:
    """What was not asked of a target, and why, by the results that are there."""
    if options.history != "live":
        return part.unasked
    questions = [one.question for one in part.asked]
    takes = range(1, options.takes + 1)
    return (*part.unasked, *left_out(part.target, questions, takes, latest(results)))


def latest(results: Iterable[Result]) -> dict[tuple[str, str, int], Result]:
    """The results by question, its key and its take: what was asked again counts as it came
    last, unless an answer came before.
    """
    found: dict[tuple[str, str, int], Result] = {}
    for result in results:
        place = (result.name, result.key, result.take)
        before = found.get(place)
        if not before or not before.is_answered or result.is_answered:
            found[place] = result
    return found


def jobs_of(part: Part, takes: Iterable[int], done: Answers, make: MakeJob) -> Iterator[Job]:
    """What is left to ask of a target: first each question once, then the further takes."""
    for take in takes:
        for asked in part.asked:
            found = done.get((asked.question.name, asked.question.key, take))
            if not found or not found.is_answered:
                yield make(asked, take)


def job_maker(target: Target, key: str, options: RunOptions | None = None) -> MakeJob:
    """Makes jobs for a target. Their bytes are made once for each question, but where they differ
    each time.
    """
    known: dict[str, Outgoing] = {}

    def bytes_of(asked: Asked) -> Outgoing:
        if options and options.fresh:
            return outgoing(marked(asked, secrets.token_hex(8)), target, key)
        if options and options.history == "live":
            return outgoing(asked, target, key)
        name = asked.question.name
        if name not in known:
            known[name] = outgoing(asked, target, key)
        return known[name]

    return lambda asked, take: Job(asked, take, bytes_of(asked))


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent under a load; of how many, if that is known."""

    load: Load
    jobs: Iterator[Job]
    total: int | None


def ask_all(
    parts: Sequence[Part],
    options: RunOptions,
    run: RunFolder,
    watch: Watch,
    prices: Prices | None = None,
) -> dict[str, Progress]:
    """Ask what is left of a run, one target and load after the other, until its budget is spent.
    Raises `KeyboardInterrupt` if it is interrupted: all that was answered is kept then.
    """
    keys = [key_of(part.target, os.environ) for part in parts]
    budget = Budget(options.budget, prices or {})
    budget.check(asked.request.model for part in parts for asked in part.asked)
    done = {part.name: [*run.results(part.name)] for part in parts}
    for result in chain.from_iterable(done.values()):
        budget.add(result)
    told: dict[str, Progress] = {}
    for part, key in zip(parts, keys, strict=True):
        sending = _sending(part, options, done[part.name], key)
        told[part.name] = _ask(sending, options, run.file_of(part.name), watch, budget)
    return told


def _sending(part: Part, options: RunOptions, done: Sequence[Result], key: str) -> Sending:
    make = job_maker(part.target, key, options)
    answers = latest(done)

    def jobs(takes: Iterable[int]) -> Iterator[Job]:
        if options.history == "live":
            questions = [one.question for one in part.asked]
            return live_jobs(part.target, questions, takes, answers, make)
        return jobs_of(part, takes, answers, make)

    if options.lasts:
        return Sending(part.load, jobs(count(1)) if part.asked else iter(()), None)
    found = [*jobs(range(1, options.takes + 1))]
    total = None if options.history == "live" else len(found)
    return Sending(part.load, iter(found), total)


def _ask(
    sending: Sending, options: RunOptions, path: Path, watch: Watch, budget: Budget
) -> Progress:
    progress = Progress()
    file = ResultFile(path)

    def keep(result: Result) -> None:
        file.add(result)
        budget.add(result)

    keeper = Keeper(keep)

    def is_enough() -> bool:
        return budget.is_spent or keeper.has_failed

    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            client = Client(options.timeout)
            driver = Driver(client, keeper.put, progress, options.retries, is_enough)
            runner.run(_drive(sending, options, client, driver, watch))
    finally:
        keeper.close()
        file.close()
    return progress


async def _drive(
    sending: Sending, options: RunOptions, client: Client, driver: Driver, watch: Watch
) -> None:
    progress = driver.progress
    watching = asyncio.create_task(_watch(progress, sending.total, watch))
    if options.lasts:
        asyncio.get_running_loop().call_later(options.lasts, driver.stop)
    try:
        if sending.load.rate:
            times = dues(sending.load, options.ramp, options.seed or 0)
            await driver.at_times(sending.jobs, times)
        else:
            at = min(sending.load.at, sending.total or sending.load.at)
            await driver.at_once(sending.jobs, at, options.ramp)
    finally:
        watching.cancel()
        await client.close()
        watch(progress, sending.total)


async def _watch(progress: Progress, total: int | None, watch: Watch) -> None:
    while True:
        watch(progress, total)
        await asyncio.sleep(0.2)


def _loop() -> asyncio.AbstractEventLoop:
    """uvloop's, where it is there."""
    with suppress(ImportError):
        import uvloop  # noqa: PLC0415  # not on every platform

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()
