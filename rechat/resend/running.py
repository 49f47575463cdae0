"""Runs from options to results: what to ask, of which targets, and the outcomes."""

import asyncio
import math
import os
import secrets
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from time import perf_counter
from typing import Any

from rechat.observe import Prices
from rechat.resend.asking import Asked
from rechat.resend.asking import marked
from rechat.resend.asking import outgoing
from rechat.resend.client import Client
from rechat.resend.client import Outgoing
from rechat.resend.load import Load
from rechat.resend.load import dues
from rechat.resend.results.options import RunOptions
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.results.spending import Budget
from rechat.resend.sending.as_recorded import check_for_times
from rechat.resend.sending.as_recorded import left_of
from rechat.resend.sending.driving import Driver
from rechat.resend.sending.driving import Progress
from rechat.resend.sending.keeping import Job
from rechat.resend.sending.keeping import Keeping
from rechat.resend.sending.keeping import OwnFile
from rechat.resend.sending.keeping import keeping
from rechat.resend.sending.keys import key_of
from rechat.resend.sending.limits import check_for_limits
from rechat.resend.sending.limits import rounds_kept
from rechat.resend.sending.limits import rounds_of
from rechat.resend.sending.live import Answers
from rechat.resend.sending.live import MakeJob
from rechat.resend.sending.live import live_jobs
from rechat.resend.sending.parts import Part
from rechat.resend.sending.parts import latest
from rechat.resend.sending.saver import Saver
from rechat.resend.sending.undisturbed import undisturbed
from rechat.resend.target import Target
from rechat.resend.workers.executors import Workers
from rechat.resend.workers.executors import check_for_workers
from rechat.resend.workers.executors import executor_named
from rechat.resend.workers.order import order_maker
from rechat.values import OuterProxies
from rechat.values import UsageError

# Opening a connection may take this many seconds, if the server is far away and uses TLS.
_CONNECTING = 0.2
_FEW_SPARE, _MOST_SPARE = 4, 256

type Watch = Callable[[Progress, int | None], None]
"""Is told how far a target has come, and of how many questions if that is known."""


def jobs_of[T](
    part: Part, takes: Iterable[int], done: Answers, make: Callable[[Asked, int], T]
) -> Iterator[T]:
    """What is left to ask of a target: first each question once, then the further takes."""
    for take in takes:
        for asked in part.asked:
            found = done.get((asked.question.name, asked.question.key, take))
            if not found or not found.is_answered:
                yield make(asked, take)


def job_maker(target: Target, key: str, options: RunOptions | None = None) -> MakeJob:
    """A function that creates jobs for a target. Their bytes are created once per question, unless
    each has to be unique.
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
class Sending[T]:
    """What is sent under a load; how many there are, if known; and when, in seconds after the
    beginning, if they have times.
    """

    load: Load
    jobs: Iterator[T]
    total: int | None
    dues: Iterator[float] | None = None


def check_options(options: RunOptions) -> None:
    """Raises `UsageError` for options that cannot be combined."""
    if options.has_workers:
        check_for_workers(options)
    if options.find_limit:
        check_for_limits(options)
    if options.as_recorded:
        check_for_times(options)
    if options.into and options.history == "live":
        raise UsageError(
            "--into takes: with --history live the new answers are not to what the transcripts "
            "ask; leave out one of the two"
        )


def check_means(parts: Iterable[Part], options: RunOptions, prices: Prices) -> None:
    """Raises `UsageError` if a key is not set, or a price that the budget needs."""
    asked = [*parts]
    _keys(asked, options)
    Budget(options.budget, prices).check(one.request.model for part in asked for one in part.asked)


def _keys(parts: Iterable[Part], options: RunOptions) -> dict[Target, str]:
    """The keys of the targets; an executor's workers have theirs in their own environment."""
    return {
        part.target: "" if options.executor else key_of(part.target, os.environ) for part in parts
    }


def ask_all(
    parts: Sequence[Part],
    options: RunOptions,
    run: RunFolder,
    watch: Watch,
    prices: Prices | None = None,
) -> None:
    """Ask what is left of a run, one target and load after the other, until its budget is spent.
    Raises `KeyboardInterrupt` if it is interrupted: all answers so far are saved then.
    """
    keys = _keys(parts, options)
    servers = [(part.target.scheme, part.target.host, part.target.port) for part in parts]
    proxies = OuterProxies(os.environ, servers)
    budget = Budget(options.budget, prices or {})
    run.settle()
    for part in rounds_kept(parts, options, run):
        for result in run.results(part.name):
            budget.add(result.model, result.tokens)
    with _keeper(parts, options, run) as saver:
        for part in rounds_of(parts, options, run):
            if run.is_over(part.name):
                continue
            answers = latest(run.results(part.name))
            path = run.file_of(part.name)
            if options.has_workers:
                with OwnFile(path, budget) as own:
                    _ask_by_workers(part, options, run, own, watch)
            else:
                sending = _jobs(part, options, answers, keys[part.target])
                progress = Progress()
                try:
                    kept = keeping(path, budget, saver)
                    _run(_drive(part.target, sending, options, kept, progress, watch, proxies))
                finally:
                    run.add_lags(part.name, progress.lags)
            if options.lasts and not budget.is_spent:
                run.end(part.name)


@contextmanager
def _keeper(parts: Iterable[Part], options: RunOptions, run: RunFolder) -> Iterator[Saver | None]:
    """The saver of a load's results. When asking one question at a time, saving disturbs nothing,
    and the answers of workers are saved in this process. No other process asks the run meanwhile.
    """
    is_load = options.find_limit or any(one.load.is_open or one.load.at > 1 for one in parts)
    if is_load and not options.has_workers:
        with Saver(run.lock, tells_cost=options.budget is not None) as saver:
            yield saver
    else:
        with run.lock:
            yield None


def _ask_by_workers(
    part: Part, options: RunOptions, run: RunFolder, own: OwnFile, watch: Watch
) -> None:
    done = latest(run.results(part.name))
    make = order_maker(part.target, options, run.mark(), part.name)
    sending = _sending(part, options, done, make)
    progress = Progress()
    at = max(part.load.at, options.workers)
    with Workers(executor_named(options.executor, options.workers, at), at) as workers:
        for result in workers.ask_all(sending.jobs, own.is_enough):
            own.add(result)
            progress.count(is_failure=not result.is_answered)
            watch(progress, sending.total)
            if options.lasts and perf_counter() - progress.begun > options.lasts:
                break


def _jobs(part: Part, options: RunOptions, done: Answers, key: str) -> Sending[Job]:
    make = job_maker(part.target, key, options)
    if options.history != "live":
        return _sending(part, options, done, make)
    questions = [one.question for one in part.asked]
    takes = count(1) if options.lasts else range(1, options.takes + 1)
    jobs = live_jobs(part.target, questions, takes, done, make)
    return Sending(part.load, jobs, None, _dues(part.load, options))


def _sending[T](
    part: Part, options: RunOptions, done: Answers, make: Callable[[Asked, int], T]
) -> Sending[T]:
    if part.load.speed:
        left = left_of(part.asked, done)
        times = ((one.made - left[0].made) / part.load.speed for one in left)
        again = [make(one.asked, one.take) for one in left]
        return Sending(part.load, iter(again), len(left), times)
    if options.lasts:
        endless = jobs_of(part, count(1), done, make) if part.asked else iter(())
        return Sending(part.load, endless, None, _dues(part.load, options))
    found = [*jobs_of(part, range(1, options.takes + 1), done, make)]
    dues_of_all = _dues(part.load, options, len(found))
    return Sending(part.load, iter(found), len(found), dues_of_all)


def _dues(load: Load, options: RunOptions, total: int | None = None) -> Iterator[float] | None:
    """When questions are sent at a rate; None if there is no rate."""
    return dues(load, options.ramp, options.seed or 0, total) if load.rate else None


def _run(driving: Coroutine[Any, Any, None]) -> None:
    with undisturbed(), asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(driving)


def _spare(load: Load, ramp: float) -> int:
    """How many spare connections are needed to cover the time that opening one takes; none under a
    load that opens all of them at the beginning.
    """
    if not load.is_open:
        return _FEW_SPARE if ramp else 0
    return min(_FEW_SPARE + math.ceil(load.rate * _CONNECTING), _MOST_SPARE)


async def _drive(
    target: Target,
    sending: Sending[Job],
    options: RunOptions,
    kept: AbstractAsyncContextManager[Keeping],
    progress: Progress,
    watch: Watch,
    proxies: OuterProxies,
) -> None:
    at = sending.load.at if sending.total is None else min(sending.load.at, sending.total)
    spare = _spare(sending.load, options.ramp)
    client = Client(options.timeout, spare=spare, proxies=proxies)
    await client.prepare(target.scheme, target.host, target.port, spare or at)
    watching = asyncio.create_task(_watch(progress, sending.total, watch))
    try:
        async with kept as now:
            driver = Driver(client, now.keep, progress, options.retries, now.is_enough)
            if options.lasts:
                asyncio.get_running_loop().call_later(options.lasts, driver.stop)
            if sending.dues is not None:
                await driver.at_times(sending.jobs, sending.dues)
            else:
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
    """The loop of uvloop, if it is installed."""
    with suppress(ImportError):
        import uvloop  # noqa: PLC0415  # not on every platform

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()
