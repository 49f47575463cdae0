from collections.abc import Sequence
from dataclasses import replace
from threading import Event

import pytest
from asking import questions

from rechat.resend.asking.question import Asked
from rechat.resend.client.connection import Exchanged
from rechat.resend.client.connection import Outgoing
from rechat.resend.results.raw import Raw
from rechat.resend.sending.keeping import Done
from rechat.resend.sending.keeping import Job
from rechat.resend.sending.keeping import Keeper

QUESTION = questions()[0]
JOB = Job(Asked(QUESTION, QUESTION.request), 2, Outgoing("http", "a", 80, b""))
DONE = Done(JOB, Exchanged(11.0, 11.5, failure="gone"), 10.0, 10.75, 3, 0.5)


def test_a_result_has_the_times_of_the_run() -> None:
    kept: list[Raw] = []
    keeper = Keeper(kept.extend)
    keeper.put(DONE)
    keeper.close()
    (found,) = kept
    assert (found.name, found.take, found.sent, found.ms) == (QUESTION.name, 2, 1.0, 500.0)
    assert (found.due, found.tries, found.failure) == (0.75, 3, "gone")


def test_what_comes_meanwhile_is_kept_together_and_makes_room() -> None:
    begun, may_go_on = Event(), Event()
    kept: list[int] = []
    room: list[bool] = []

    def keep(results: Sequence[Raw]) -> None:
        kept.append(len(results))
        begun.set()
        may_go_on.wait(20)

    keeper = Keeper(keep)
    done = replace(DONE, kept=lambda: room.append(True))
    keeper.put(done)
    assert begun.wait(20)
    keeper.put(done)
    keeper.put(done)
    may_go_on.set()
    keeper.close()
    assert kept[0] == 1
    assert sum(kept) == len(room) == 3


def test_what_cannot_be_kept_is_raised_in_the_end() -> None:
    def fail(_: Sequence[Raw]) -> None:
        raise OSError("the disk is full")

    keeper = Keeper(fail)
    keeper.put(DONE)
    keeper.put(DONE)
    with pytest.raises(OSError, match="full"):
        keeper.close()
    assert keeper.has_failed
