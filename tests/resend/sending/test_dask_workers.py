"""What a task of a Dask cluster does with its note."""

from concurrent.futures import BrokenExecutor
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import pytest

from rechat.resend.sending import dask_workers
from rechat.resend.sending.dask_workers import DaskWorkers
from rechat.resend.sending.dask_workers import Errand
from rechat.resend.sending.dask_workers import run_once


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked, and with how many workers it was lost."""

    text: str
    lost: int = 0


class Notes:
    """The scheduler's, by name."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Any]] = {}
        self.asked: list[Order] = []

    def ask(self, order: Order) -> str:
        self.asked.append(order)
        return f"{order.text}, answered"


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
    notes.kept["a"] = [7, 0, b""]
    errand = Errand(notes.ask, Order("What \ud800?"), "a", 7)
    assert run_once(errand) == run_once(errand) == "What \ud800?, answered"
    assert notes.asked == [Order("What \ud800?")], "what has an answer is not asked again"


def test_one_that_was_begun_before_is_counted(notes: Notes) -> None:
    notes.kept["a"] = [7, 1, b""]
    assert run_once(Errand(notes.ask, Order("What?"), "a", 7))
    assert notes.asked == [Order("What?", lost=1)]


def test_one_that_was_over_long_ago_is_not_asked(notes: Notes) -> None:
    notes.kept["a"] = [8, 0, b""]
    assert run_once(Errand(notes.ask, Order("What?"), "a", 7)) == ""
    assert notes.asked == []
    assert notes.kept["a"] == [8, 0, b""]


class Cluster:
    """Runs what it is given when it is told to, and may lose it."""

    def __init__(self) -> None:
        self.tasks: list[tuple[Errand[Order], Future[str]]] = []

    def get_executor(self, *, pure: bool) -> "Cluster":
        assert not pure
        return self

    def submit(self, _: object, errand: Errand[Order]) -> Future[str]:
        self.tasks.append((errand, Future()))
        return self.tasks[-1][1]

    def run(self) -> None:
        for errand, task in self.tasks:
            if not task.done():
                task.set_result(run_once(errand))


class KilledWorker(Exception):  # noqa: N818  # as that of Dask
    """Some workers ended with a task."""


def test_the_result_of_a_task_is_that_of_its_order(notes: Notes) -> None:
    cluster = Cluster()
    workers = DaskWorkers(cluster)
    found = [workers.submit(notes.ask, Order(text)) for text in ("a", "b")]
    cluster.run()
    assert [one.result() for one in found] == ["a, answered", "b, answered"]
    workers.submit(notes.ask, Order("c"))
    assert len(notes.kept) == 2, "there are as many notes as questions under way"
    first = cluster.tasks[0][0]
    assert run_once(first) in ("a, answered", ""), "run again, it asks nothing"
    assert len(notes.asked) == 2


def test_what_the_cluster_gives_up_is_told_as_broken(notes: Notes) -> None:
    cluster = Cluster()
    workers = DaskWorkers(cluster)
    killed, dropped, failed = (workers.submit(notes.ask, Order("a")) for _ in range(3))
    cluster.tasks[0][1].set_exception(KilledWorker("four times"))
    cluster.tasks[1][1].cancel()
    cluster.tasks[2][1].set_exception(ValueError("no"))
    for one in (killed, dropped):
        with pytest.raises(BrokenExecutor):
            one.result()
    with pytest.raises(ValueError, match="no"):
        failed.result()
