import tempfile
import time
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asking import questions
from upstream import Upstream

from rechat.resend.asking.question import Asked
from rechat.resend.asking.question import ask_in
from rechat.resend.client import tape
from rechat.resend.results.options import RunOptions
from rechat.resend.results.result import of_line
from rechat.resend.target import parse_target
from rechat.resend.workers.executors import Workers
from rechat.resend.workers.executors import check_for_workers
from rechat.resend.workers.executors import executor_named
from rechat.resend.workers.order import Order
from rechat.resend.workers.order import ask
from rechat.resend.workers.order import order_maker
from rechat.resend.workers.processes import Processes
from rechat.values.errors import UsageError


def orders(upstream: Upstream, count: int) -> list[Order]:
    """One question for a worker, so many times."""
    target = parse_target(upstream.url)
    asked = ask_in(questions()[0], target)
    assert isinstance(asked, Asked)
    options = RunOptions((), (), timeout=20.0, retries=0)
    make = order_maker(target, options)
    return [make(asked, take) for take in range(1, count + 1)]


def threads() -> Executor:
    """An executor as a project may have one."""
    return ThreadPoolExecutor(2)


class Ending(ThreadPoolExecutor):
    """Workers that end before the first question, all of them together, as those of a pool do; the
    third ones stay.
    """

    made = 0

    def __init__(self) -> None:
        super().__init__(2)
        type(self).made += 1

    def submit(self, *given: Any, **more: Any) -> Any:
        if self.made < 3:
            raise BrokenProcessPool("a worker was killed")
        return super().submit(*given, **more)


def test_each_question_is_asked_once_and_its_result_comes_back(upstream: Upstream) -> None:
    before = time.time()
    with Workers(threads, 4) as workers:
        found = [*workers.ask_all(iter(orders(upstream, 10)), lambda: False)]
    assert sorted(one.take for one in found) == [*range(1, 11)]
    assert len(upstream.requests) == 10
    assert all(one.is_good and 0 <= one.sent <= time.time() - before for one in found)


def test_nothing_new_is_asked_once_it_is_enough(upstream: Upstream) -> None:
    with Workers(threads, 4) as workers:
        assert [*workers.ask_all(iter(orders(upstream, 10)), lambda: True)] == []


def test_an_order_travels_to_another_process(upstream: Upstream) -> None:
    with executor_named("", 1, 1)() as executor:
        assert isinstance(executor, Processes)
        (order,) = orders(upstream, 1)
        found = of_line(executor.submit(ask, order).result().encode())
    assert found
    assert (found.is_good, found.take, len(upstream.requests)) == (True, 1, 1)


def test_other_workers_come_for_those_that_ended(upstream: Upstream) -> None:
    class Twice(Ending):
        pass

    with Workers(Twice, 2) as workers:
        found = [*workers.ask_all(iter(orders(upstream, 3)), lambda: False)]
    assert len(found) == len(upstream.requests) == 3


def test_workers_that_end_again_and_again_are_told(upstream: Upstream) -> None:
    class Always(Ending):
        made = -1000

    with Workers(Always, 2) as workers, pytest.raises(UsageError, match="again and again"):
        next(workers.ask_all(iter(orders(upstream, 3)), lambda: False))


def test_an_executor_is_made_by_a_function_of_the_project() -> None:
    with executor_named(f"{__name__}:threads", 0, 1)() as executor:
        assert isinstance(executor, ThreadPoolExecutor)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no_such_module:make", "No module named .*expected dask:ADDRESS, or MODULE:FUNCTION"),
        ("time:no_such_function", "has no attribute"),
        ("time:time", "it gave .*, and no Executor"),
        ("time", "expected dask:ADDRESS"),
    ],
)
def test_what_makes_no_executor_is_told(name: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        executor_named(name, 0, 1)()


@pytest.mark.parametrize(
    ("options", "told"),
    [({"rate": "5"}, "--rate needs one clock"), ({"history": "live"}, "--history live needs one")],
)
def test_what_workers_cannot_do_is_told(options: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        check_for_workers(RunOptions((), (), workers=2, **options))  # type: ignore[arg-type]


class Deadly(ThreadPoolExecutor):
    """Its workers end with the first take, each time."""

    def submit(self, call: Any, order: Order) -> Any:  # type: ignore[override]
        if order.take != 1:
            return super().submit(call, order)
        broken: Future[str] = Future()
        broken.set_exception(BrokenProcessPool("a worker was killed"))
        return broken


def test_a_question_with_which_each_worker_ends_fails_alone(upstream: Upstream) -> None:
    with Workers(Deadly, 2) as workers:
        found = {one.take: one for one in workers.ask_all(iter(orders(upstream, 3)), lambda: False)}
    assert (found[1].failure, found[1].lost) == ("each of the 5 workers that asked it ended", 5)
    assert all(found[take].is_good for take in (2, 3))


def test_nothing_is_left_of_answers_that_are_kept(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tape._root.cache_clear()
    given = [replace(one, tape=f"run/{one.take}") for one in orders(upstream, 3)]
    with Workers(threads, 2) as workers:
        for found in workers.ask_all(iter(given), lambda: False):
            assert tape.tapes(f"run/{found.take}"), "whoever keeps it may be killed first"
    assert [*tmp_path.rglob("run")] == []
    tape._root.cache_clear()


def test_what_was_heard_before_a_run_was_gone_on_with_is_measured_with_it(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tape._root.cache_clear()
    (order,) = (replace(one, tape="run/a") for one in orders(upstream, 1))
    ask(order)
    with Workers(threads, 1) as workers:
        (found,) = workers.ask_all(iter([order]), lambda: False)
    assert (found.sent, len(upstream.requests)) == (0.0, 1)
    tape._root.cache_clear()
