"""What a task of a Dask cluster does with its note."""

from concurrent.futures import BrokenExecutor
from concurrent.futures import Future
from dataclasses import replace
from threading import Semaphore
from typing import Any

import pytest
from asking import questions

from rechat.resend.asking import Asked
from rechat.resend.client import erase
from rechat.resend.results.options import RunOptions
from rechat.resend.target import parse_target
from rechat.resend.workers import dask_workers
from rechat.resend.workers.dask_workers import DaskWorkers
from rechat.resend.workers.dask_workers import Errand
from rechat.resend.workers.dask_workers import run_once
from rechat.resend.workers.order import Order
from rechat.resend.workers.order import order_maker

ORDER = order_maker(parse_target("http://a:m"), RunOptions((), ()))(
    Asked(questions()[0], questions()[0].request), 1
)


def an_order(text: str) -> Order:
    """An order that is told from others by its tape."""
    return replace(ORDER, tape=text)


class Notes:
    """The scheduler's, by name."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Any]] = {}
        self.asked: list[Order] = []

    def ask(self, order: Order) -> str:
        self.asked.append(order)
        return f"{order.tape}, answered"


class Note:
    """One of them."""

    def __init__(self, notes: Notes, name: str) -> None:
        self._notes, self._name = notes, name

    def get(self, timeout: float) -> list[Any]:
        assert timeout
        return self._notes.kept[self._name]

    def set(self, value: list[Any]) -> None:
        self._notes.kept[self._name] = value


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    kept = Notes()
    monkeypatch.setattr(dask_workers, "_variable", lambda name, _=None: Note(kept, name))
    return kept


def test_a_question_is_asked_and_its_answer_noted(notes: Notes) -> None:
    notes.kept["a"] = [7, "", b""]
    errand = Errand(notes.ask, an_order("What \ud800?"), "a", 7)
    assert run_once(errand) == run_once(errand) == "What \ud800?, answered"
    assert notes.asked == [an_order("What \ud800?")], "what has an answer is not asked again"


def test_one_that_was_over_long_ago_is_not_asked(notes: Notes) -> None:
    notes.kept["a"] = [8, "", b""]
    assert run_once(Errand(notes.ask, an_order("What?"), "a", 7)) == ""
    assert notes.asked == []
    assert notes.kept["a"] == [8, "", b""]


class Cluster:
    """Machines that run what they are given when they are told to. What each has heard of an order
    stands in `heard`: the line, and how often it was lost there.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tasks: list[tuple[Errand, Future[Any]]] = []
        self.heard: dict[str, tuple[str, int]] = {"first": ("", 0)}
        self.erased: list[str] = []
        self.here = "first"
        self.given = Semaphore(0)
        monkeypatch.setattr(dask_workers, "shelf", lambda: self.here)

    def get_executor(self, *, pure: bool) -> "Cluster":
        assert not pure
        return self

    def submit(self, _: object, errand: Errand) -> Future[Any]:
        task: Future[Any] = Future()
        self.tasks.append((errand, task))
        self.given.release()
        return task

    def run(self, call: Any, *args: Any, on_error: str) -> dict[str, Any]:
        """Have each machine call this."""
        assert on_error == "ignore"
        if call is erase:
            self.erased += args[0]
            return {}
        told = {}
        for machine in self.heard:
            self.here = machine
            told[f"tcp://{self.here}"] = call(*args)
        return told

    def recall(self, order: Order) -> tuple[str, int]:
        assert order.lost == 0
        return self.heard[self.here]

    def go(self, machine: str = "first") -> None:
        """Have a machine do what there is to do."""
        self.here = machine
        for errand, task in self.tasks:
            if not task.done():
                task.set_result(run_once(errand))

    def shutdown(self, *, wait: bool) -> None:
        pass


@pytest.fixture
def cluster(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    del notes
    return Cluster(monkeypatch)


class KilledWorker(Exception):  # noqa: N818  # as that of Dask
    """Some workers ended with a task."""


def test_the_result_of_a_task_is_that_of_its_order(notes: Notes, cluster: Cluster) -> None:
    workers = DaskWorkers(cluster, cluster.recall)
    found = [workers.submit(notes.ask, an_order(text)) for text in ("a", "b")]
    cluster.go()
    assert [one.result() for one in found] == ["a, answered", "b, answered"]
    workers.submit(notes.ask, an_order("c"))
    assert len(notes.kept) == 2, "there are as many notes as questions under way"
    first = cluster.tasks[0][0]
    assert run_once(first) in ("a, answered", ""), "run again, it asks nothing"
    assert len(notes.asked) == 2


def test_what_the_cluster_gives_up_is_told_as_broken(notes: Notes, cluster: Cluster) -> None:
    workers = DaskWorkers(cluster, cluster.recall)
    killed, dropped, failed = (workers.submit(notes.ask, an_order("a")) for _ in range(3))
    cluster.tasks[0][1].set_exception(KilledWorker("four times"))
    cluster.tasks[1][1].cancel()
    cluster.tasks[2][1].set_exception(ValueError("no"))
    for one in (killed, dropped):
        with pytest.raises(BrokenExecutor):
            one.result()
    with pytest.raises(ValueError, match="no"):
        failed.result()


def begun_elsewhere(notes: Notes, cluster: Cluster) -> Future[Any]:
    """A question that was begun on the first machine, whose worker has ended since."""
    found = DaskWorkers(cluster, cluster.recall).submit(notes.ask, an_order("a"))
    (note,) = notes.kept
    notes.kept[note][1] = "first"
    cluster.heard["second"] = ("", 0)
    return found


def test_on_the_same_machine_its_tapes_are_looked_through_by_who_asks(
    notes: Notes, cluster: Cluster
) -> None:
    found = begun_elsewhere(notes, cluster)
    cluster.go("first")
    assert found.result(60) == "a, answered"
    assert len(cluster.tasks) == 1


def test_what_another_machine_has_heard_is_taken(notes: Notes, cluster: Cluster) -> None:
    cluster.heard["first"] = ("heard there", 0)
    found = begun_elsewhere(notes, cluster)
    cluster.go("second")
    assert found.result(60) == "heard there"
    assert notes.asked == []


@pytest.mark.parametrize(
    ("there", "lost"),
    [({"first": ("", 1)}, 1), ({"first": ("", 0)}, 0), ({}, 1)],
    ids=["sent", "not sent", "the machine is gone"],
)
def test_what_no_machine_has_heard_in_full_is_asked_again(
    notes: Notes, cluster: Cluster, there: dict[str, tuple[str, int]], lost: int
) -> None:
    found = begun_elsewhere(notes, cluster)
    cluster.heard = {"second": ("", 0)} | there
    cluster.go("second")
    assert [cluster.given.acquire(timeout=60) for _ in range(2)] == [True, True]
    cluster.go("second")
    assert found.result(60)
    assert [order.lost for order in notes.asked] == [lost]
    assert notes.asked[0].tape != "a", "what is counted is not counted again"


def test_tapes_of_answers_that_are_kept_are_removed_some_at_a_time(cluster: Cluster) -> None:
    workers = DaskWorkers(cluster, cluster.recall)
    for number in range(60):
        workers.erase(str(number))
    assert cluster.erased == [*map(str, range(50))]
    workers.shutdown()
    assert len(cluster.erased) == 60
