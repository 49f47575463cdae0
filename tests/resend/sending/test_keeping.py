import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from asking import questions

from rechat.resend.asking.question import Asked
from rechat.resend.client.connection import Exchanged
from rechat.resend.client.connection import Outgoing
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.results.spending import Budget
from rechat.resend.sending.keeping import Done
from rechat.resend.sending.keeping import Job
from rechat.resend.sending.keeping import keeping
from rechat.resend.sending.saver import Saver

QUESTION = questions()[0]
JOB = Job(Asked(QUESTION, QUESTION.request), 2, Outgoing("http", "a", 80, b""))
DONE = Done(JOB, Exchanged(11.0, 11.5, failure="gone"), 10.0, 10.75, 3, 0.5)


def test_a_result_has_the_times_of_the_run() -> None:
    found = DONE.raw
    assert (found.name, found.take, found.sent, found.ms) == (QUESTION.name, 2, 1.0, 500.0)
    assert (found.due, found.tries, found.failure) == (0.75, 3, "gone")


def keep(path: Path, saver: Saver | None) -> bool:
    """Whether it was enough after a result that was kept in the file."""

    async def run() -> bool:
        async with keeping(path, Budget(None, {}), saver) as own:
            await own.keep(DONE)
            return own.is_enough()

    return asyncio.run(run())


def test_results_are_kept_here_or_by_another_process(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert not keep(run.file_of("m"), None)
    with Saver(run.lock, tells_cost=False) as saver:
        assert not keep(run.file_of("m"), saver)
    assert [one.failure for one in run.results("m")] == ["gone"] * 2


def test_what_cannot_be_kept_is_raised_in_the_end(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "m.jsonl"
    with pytest.raises(OSError, match="No such file"):
        keep(nowhere, None)
    with (
        Saver(RunFolder(tmp_path).lock, tells_cost=False) as saver,
        pytest.raises(OSError, match="No such file"),
    ):
        keep(nowhere, saver)


@pytest.mark.parametrize(("status", "is_kept"), [(401, False), (500, False), (200, True)])
def test_an_error_that_repeats_the_key_is_kept_without_it(status: int, is_kept: bool) -> None:
    key = "own-word-of-a-server"
    job = replace(JOB, outgoing=Outgoing("http", "a", 80, b"", key))
    pieces = ((1.0, b"no such key: own-wo"), (2.0, b"rd-of-a-server!"))
    raw = replace(DONE, job=job, found=Exchanged(11.0, 11.5, status, (), pieces)).raw
    body = b"".join(data for _, data in raw.pieces)
    assert (key.encode() in body) == is_kept
    assert body.startswith(b"no such key: ")
    assert body.endswith(b"!")


def test_a_word_in_the_place_of_a_key_stays_in_errors() -> None:
    job = replace(JOB, outgoing=Outgoing("http", "a", 80, b"", "none"))
    pieces = ((1.0, b"there is none"),)
    assert replace(DONE, job=job, found=Exchanged(0, 1, 404, (), pieces)).raw.pieces == pieces
