"""Equal requests at once, while recording, are one request to the upstream."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from filelock import FileLock
from process import Rechat
from upstream import Behaviour
from upstream import Break
from upstream import Gate
from upstream import Json
from upstream import Received
from upstream import Stream
from upstream import Upstream
from upstream import failure

MANY = 8


def chunk(text: str, reason: str | None = None) -> bytes:
    delta = f'{{"role": "assistant", "content": "{text}"}}'
    why = f'"{reason}"' if reason else "null"
    choice = f'{{"index": 0, "delta": {delta}, "finish_reason": {why}}}'
    return f'data: {{"id": "1", "choices": [{choice}]}}\n\n'.encode()


class Dice:
    """An upstream whose answers are never the same; streams wait at a gate."""

    def __init__(self) -> None:
        self.gate = Gate()

    def __call__(self, received: Received) -> Behaviour:
        text = f"answer {received.number}"
        if received.json.get("stream"):
            events = [chunk(text), chunk(" of many", "stop"), b"data: [DONE]\n\n"]
            return Stream(events, gate=self.gate)
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return Json({"id": "1", "choices": [choice]})


def ask(*texts: str, **more: Any) -> dict[str, Any]:
    roles = ("user", "assistant")
    said = [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]
    return {"model": "m", "messages": said, **more}


@contextmanager
def asking(rechat: Rechat, body: dict[str, Any], **headers: str) -> Iterator[httpx.Response]:
    """A stream, as far as its head."""
    url = f"{rechat.url}/chat/completions"
    with httpx.stream("POST", url, json=body, headers=headers, timeout=20) as reply:
        yield reply


def answer(rechat: Rechat, body: dict[str, Any], **headers: str) -> httpx.Response:
    url = f"{rechat.url}/chat/completions"
    return httpx.post(url, json=body, headers=headers, timeout=20)


def said(reply: httpx.Response) -> str:
    found: str = reply.json()["choices"][0]["message"]["content"]
    return found


def test_a_suite_that_was_recorded_in_parallel_replays(upstream: Upstream, folder: Path) -> None:
    upstream.reply(Dice())
    start = threading.Barrier(MANY)

    def play(rechat: Rechat, number: int, *, together: bool) -> list[str]:
        if together:
            start.wait(20)
        first = said(answer(rechat, ask("Hello")))
        second = said(answer(rechat, ask("Hello", first, f"I am number {number}")))
        third = said(answer(rechat, ask("Hello", first, f"I am number {number}", second, "Bye")))
        return [first, second, third]

    with (
        Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat,
        ThreadPoolExecutor(MANY) as pool,
    ):
        played = list(pool.map(lambda number: play(rechat, number, together=True), range(MANY)))
    assert len(upstream.requests) == 1 + 2 * MANY
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        again = [play(rechat, number, together=False) for number in reversed(range(MANY))]
    assert again[::-1] == played


def test_followers_get_the_stream_as_it_comes(upstream: Upstream, folder: Path) -> None:
    dice = Dice()
    upstream.reply(dice)
    body = ask("Hello", stream=True)
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        dice.gate.open()
        with asking(rechat, body) as leader, asking(rechat, body) as follower:
            pieces = [reply.iter_raw() for reply in (leader, follower)]
            assert [next(each) for each in pieces] == [chunk("answer 1")] * 2
            dice.gate.open(2)
            rest = [b"".join(each) for each in pieces]
        assert rest[0] == rest[1]
        assert rest[0].endswith(b"data: [DONE]\n\n")
        assert follower.headers["x-rechat"] == "recorded"
        rechat.wait_for_line("along with an equal request")
    assert len(upstream.requests) == 1


def test_followers_live_on_when_the_client_of_the_leader_leaves(
    upstream: Upstream, folder: Path
) -> None:
    dice = Dice()
    upstream.reply(dice)
    body = ask("Hello", stream=True)
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with asking(rechat, body) as leader:
            dice.gate.open()
            begun = leader.iter_raw()  # if it is let go of, the connection is closed
            next(begun)
            with ThreadPoolExecutor(1) as pool, asking(rechat, body) as follower:
                pieces = follower.iter_raw()
                next(pieces)
                leader.close()
                later = pool.submit(answer, rechat, body)  # the leader is gone for certain
                dice.gate.open(2)
                rest = b"".join(pieces)
                assert later.result().content == chunk("answer 1") + rest
        assert rest.endswith(b"data: [DONE]\n\n")
        assert answer(rechat, body).headers["x-rechat"] == "hit"
    assert len(upstream.requests) == 1


def test_whoever_asks_for_the_other_shape_gets_the_same_answer(
    upstream: Upstream, folder: Path
) -> None:
    dice = Dice()
    upstream.reply(dice)
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with asking(rechat, ask("Hello", stream=True)) as leader, ThreadPoolExecutor(1) as pool:
            whole = pool.submit(answer, rechat, ask("Hello"))
            dice.gate.open(3)
            leader.read()
            assert said(whole.result()) == "answer 1 of many"
            assert whole.result().headers["x-rechat"] == "hit"
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    "broken", [failure(429), failure(500), Break("no-answer"), Break("reset", after=0)]
)
def test_a_leader_that_fails_takes_nobody_along(
    upstream: Upstream, folder: Path, broken: Behaviour
) -> None:
    arrived, dice = threading.Event(), Dice()
    held = threading.Event()

    def reply(received: Received) -> Behaviour:
        if received.number > 1:
            return dice(received)
        arrived.set()
        held.wait(20)
        return broken

    upstream.reply(reply)
    with (
        Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat,
        ThreadPoolExecutor(MANY) as pool,
    ):
        leader = pool.submit(answer, rechat, ask("Hello"))
        arrived.wait(20)
        others = [pool.submit(answer, rechat, ask("Hello")) for _ in range(MANY - 1)]
        held.set()
        answers = {said(other.result()) for other in others}
        if isinstance(broken, Break) and broken.how == "reset":
            with pytest.raises(httpx.TransportError):
                leader.result()
        else:
            assert leader.result().status_code >= 429
    assert answers == {"answer 2"}
    assert len(upstream.requests) == 2


def test_a_stream_that_breaks_off_does_so_for_all_and_is_not_saved(
    upstream: Upstream, folder: Path
) -> None:
    gate = Gate()
    upstream.reply(Stream([chunk("half"), chunk("never")], gate=gate, framing="eof"))
    body = ask("Hello", stream=True)
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        gate.open()
        with asking(rechat, body) as leader, asking(rechat, body) as follower:
            gate.open()
            assert leader.read() == chunk("half") + chunk("never")
            follower.read()
        upstream.reply(Dice())
        assert said(answer(rechat, ask("Hello"))) == "answer 2"


@pytest.mark.parametrize("name", ["authorization", "x-api-key"])
def test_another_account_asks_by_itself(upstream: Upstream, folder: Path, name: str) -> None:
    dice = Dice()
    upstream.reply(dice)
    body = ask("Hello", stream=True)
    with (
        Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat,
        asking(rechat, body, **{name: "a"}) as one,
        asking(rechat, body, **{name: "b"}) as other,
    ):
        dice.gate.open(6)
        assert one.read() != other.read()
    assert len(upstream.requests) == 2


def test_it_can_be_turned_off(upstream: Upstream, folder: Path) -> None:
    dice = Dice()
    upstream.reply(dice)
    body = ask("Hello", stream=True)
    with (
        Rechat(
            "record", upstream.url, "--to", folder, "--no-coalesce", folder=folder.parent
        ) as rechat,
        asking(rechat, body) as one,
        asking(rechat, body) as other,
    ):
        dice.gate.open(6)
        assert one.read() != other.read()


def test_several_takes_are_several_flights_and_each_named_client_begins_with_the_first(
    upstream: Upstream, folder: Path
) -> None:
    arrived, held = threading.Event(), threading.Event()
    dice = Dice()

    def reply(received: Received) -> Behaviour:
        arrived.set()
        held.wait(20)
        return dice(received)

    upstream.reply(reply)
    start = threading.Barrier(MANY)

    def play(rechat: Rechat, number: int) -> list[str]:
        if not held.is_set():
            start.wait(20)
        name = {"x-rechat-session": f"test {number}"}
        return [said(answer(rechat, ask("Hello"), **name)) for _ in range(3)]

    options = ("--takes", "2", "--to", folder)
    with (
        Rechat("record", upstream.url, *options, folder=folder.parent) as rechat,
        ThreadPoolExecutor(MANY) as pool,
    ):
        playing = [pool.submit(play, rechat, number) for number in range(MANY)]
        arrived.wait(20)
        held.set()
        played = [each.result() for each in playing]
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        assert [play(rechat, number) for number in range(MANY)] == played
    assert len(upstream.requests) == 2


def test_clients_without_a_name_record_as_many_takes_at_once_as_there_is_room_for(
    upstream: Upstream, folder: Path
) -> None:
    dice = Dice()
    upstream.reply(dice)
    body = ask("Hello", stream=True)
    options = ("--takes", "2", "--to", folder)
    with (
        Rechat("record", upstream.url, *options, folder=folder.parent) as rechat,
        ThreadPoolExecutor(1) as pool,
        asking(rechat, body) as one,
        asking(rechat, body) as two,
    ):
        three = pool.submit(answer, rechat, body)
        dice.gate.open(6)
        answers = [one.read(), two.read(), three.result().content]
    assert len(upstream.requests) == 2
    # Which of the two came first, and so which one the third follows, is theirs to say.
    assert answers[0] != answers[1]
    assert answers[2] in answers[:2]


def test_a_follower_that_leaves_at_the_last_byte_has_its_answer(
    upstream: Upstream, folder: Path
) -> None:
    """While a lock keeps the answer from the disk, so that it is not over yet."""
    upstream.reply(Dice())
    (folder / ".wire").mkdir(parents=True)
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with FileLock(folder / ".wire" / "lock"):
            first = answer(rechat, ask("Hello"))
            others = [answer(rechat, ask("Hello")) for _ in range(MANY)]
        told = "along with an equal request"
        rechat.wait_for(lambda _: rechat.output.count(told) == MANY, "not all are told")
    assert {said(reply) for reply in others} == {said(first)}
    assert len(upstream.requests) == 1
    assert "failed" not in rechat.output
