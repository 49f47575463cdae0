import asyncio

import pytest
from asking import questions
from upstream import Json
from upstream import Received
from upstream import Upstream
from upstream import answer
from upstream import failure

from rechat.resend.asking.question import Asked
from rechat.resend.asking.question import ask_in
from rechat.resend.asking.question import outgoing
from rechat.resend.client.pool import Client
from rechat.resend.sending.driving import Driver
from rechat.resend.sending.driving import Progress
from rechat.resend.sending.keeping import Done
from rechat.resend.sending.keeping import Job
from rechat.resend.target import Target
from rechat.resend.target import parse_target


class Kept(list[Done]):
    """What was kept, at once."""

    async def keep(self, done: Done) -> None:
        """Keep this."""
        self.append(done)


def job_for(target: Target) -> Job:
    asked = ask_in(questions()[0], target)
    assert isinstance(asked, Asked)
    return Job(asked, 1, outgoing(asked, target, ""))


def drive(upstream: Upstream, count: int, at: int, retries: int = 2) -> tuple[list[Done], Progress]:
    job = job_for(parse_target(upstream.url))
    done = Kept()

    async def run() -> Progress:
        client = Client(20.0)
        driver = Driver(client, done.keep, Progress(), retries)
        await driver.at_once(iter([job] * count), at)
        await client.close()
        return driver.progress

    return done, asyncio.run(run())


def test_questions_are_sent_at_their_times(upstream: Upstream) -> None:
    job = job_for(parse_target(upstream.url))
    done = Kept()

    async def run() -> Driver:
        client = Client(20.0)
        driver = Driver(client, done.keep, Progress(), 0)
        await driver.at_times(iter([job] * 5), iter([0.0, 0.01, 0.02, 0.02, 0.05]))
        await client.close()
        return driver

    driver = asyncio.run(run())
    assert sorted(round(one.due - driver.begun, 3) for one in done if one.due) == [
        *(0.0, 0.01, 0.02, 0.02, 0.05)
    ]
    assert all(one.due and one.found.sent >= one.due for one in done)


def test_a_run_that_is_stopped_does_not_wait_for_the_next_time(upstream: Upstream) -> None:
    job = job_for(parse_target(upstream.url))

    async def run() -> None:
        client = Client(20.0)

        async def stop(_: Done) -> None:
            driver.stop()

        driver = Driver(client, stop, Progress(), 0)
        await driver.at_times(iter([job] * 2), iter([0.0, 1e6]))
        await client.close()

    asyncio.run(run())
    assert len(upstream.requests) == 1


def test_all_is_asked_so_many_at_once(upstream: Upstream) -> None:
    done, progress = drive(upstream, 20, 4)
    assert len(upstream.requests) == len(done) == 20
    assert (progress.ended, progress.failed, progress.retried) == (20, 0, 0)


def test_a_passing_error_is_asked_again_and_counted_apart(upstream: Upstream) -> None:
    def limited(received: Received) -> object:
        early = Json({"error": {}}, 429, (("retry-after", "0"),))
        return early if received.number <= 2 else answer(received)

    upstream.reply(limited)  # type: ignore[arg-type]
    (done,), progress = drive(upstream, 1, 1)
    assert done.found.response
    assert (done.found.response.status, done.tries) == (200, 3)
    assert (progress.retried, progress.ended, progress.failed) == (2, 1, 0)


@pytest.mark.parametrize("status", [400, 401])
def test_a_lasting_error_is_not_asked_again(upstream: Upstream, status: int) -> None:
    upstream.reply(failure(status))
    (done,), progress = drive(upstream, 1, 1)
    assert (done.tries, progress.failed) == (1, 1)


def test_no_more_is_asked_than_is_being_kept(upstream: Upstream) -> None:
    job = job_for(parse_target(upstream.url))
    asked_at: list[int] = []

    async def run() -> None:
        client = Client(20.0)
        full, has_room = asyncio.Event(), asyncio.Event()

        async def keep(_: Done) -> None:
            if driver.progress.ended == 2:
                full.set()
            await has_room.wait()

        driver = Driver(client, keep, Progress(), 0)
        asking = asyncio.create_task(driver.at_once(iter([job] * 20), 2))
        await full.wait()
        asked_at.append(len(upstream.requests))
        has_room.set()
        await asking
        await client.close()

    asyncio.run(run())
    assert asked_at == [2]
    assert len(upstream.requests) == 20


def test_those_that_begin_together_are_sent_before_any_answer_is_read(upstream: Upstream) -> None:
    target = parse_target(upstream.url)
    job = job_for(target)
    done = Kept()

    async def run() -> Driver:
        client = Client(20.0)
        await client.prepare(target.scheme, target.host, target.port, 8)
        driver = Driver(client, done.keep, Progress(), 0)
        await driver.at_once(iter([job] * 12), 8)
        await client.close()
        return driver

    driver = asyncio.run(run())
    sent = sorted(one.found.sent for one in done)
    assert sent[0] >= driver.begun
    assert sent[7] < min(one.found.ended for one in done) <= sent[8]


def test_many_begin_a_few_at_a_time(upstream: Upstream) -> None:
    done, progress = drive(upstream, 30, 30)
    sent = sorted(one.found.sent - one.begun for one in done)
    assert len(sent) == 30
    assert (sent[10] >= 0.005, sent[20] >= 0.01) == (True, True)
    assert len(progress.lags) >= 20, "how late each of them began is noted"
