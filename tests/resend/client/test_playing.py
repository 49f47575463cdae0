"""What is found on the tapes of processes that have ended."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from threading import Thread

import pytest

from rechat.resend.client import tape as module
from rechat.resend.client.playing import play
from rechat.resend.client.tape import Tape
from rechat.resend.client.tape import tapes

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"
BUSY = b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n"


@pytest.fixture(autouse=True)
def _own_shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    module._root.cache_clear()
    yield
    module._root.cache_clear()


def heard(*pieces: bytes, name: str = "run/a", **ends: bool) -> None:
    """A tape of a process that has ended since."""
    with Tape(name) as tape:
        tape.send()
        for piece in pieces:
            tape.hear(piece)
        if ends.get("ended"):
            tape.end()
        if ends.get("given_up"):
            tape.give_up()


def test_an_answer_that_was_heard_in_full_is_found_with_its_times() -> None:
    heard(HEAD, b"ab", b"cd")
    played = play("run/a", 0.0)
    assert played.found
    assert (played.found.status, played.tries, played.lost) == (200, 1, 0)
    assert [body for _, body in played.found.pieces] == [b"ab", b"cd"]
    first, last = (at for at, _ in played.found.pieces)
    assert 0 <= first <= last <= (played.found.ended - played.found.sent) * 1000 + 0.01


def test_each_cut_of_an_answer_was_lost() -> None:
    heard(HEAD, b"ab", b"cd")
    (path,) = tapes("run/a")
    whole = path.read_bytes()
    found = []
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        found.append(play("run/a", 0.0))
    assert [one.found is not None for one in found] == [False] * len(whole) + [True]
    assert {one.lost for one in found[:-1]} == {0, 1}
    assert found[-2].lost == 1, "it was sent, and not heard in full"
    assert found[0].lost == 0, "nothing was sent yet"


def test_what_ended_with_its_connection_is_whole_only_then() -> None:
    until_closed = b"HTTP/1.1 200 OK\r\n\r\nabcd"
    heard(until_closed, name="run/a")
    heard(until_closed, name="run/b", ended=True)
    heard(until_closed, name="run/c", given_up=True)
    assert [play(f"run/{one}", 0.0).found is not None for one in "abc"] == [False, True, False]
    assert [play(f"run/{one}", 0.0).lost for one in "abc"] == [1, 0, 0]


def test_what_was_given_up_or_cut_by_the_server_was_not_lost() -> None:
    heard(HEAD, b"ab", ended=True)
    heard(HEAD, given_up=True)
    heard(b"no HTTP\r\n\r\n")
    played = play("run/a", 0.0)
    assert (played.found, played.lost, played.tries) == (None, 0, 3)


def test_the_last_whole_answer_counts() -> None:
    heard(BUSY)
    heard(HEAD, b"ab")
    heard(HEAD, b"abcd")
    played = play("run/a", 0.0)
    assert played.found
    assert (played.found.status, played.tries, played.lost) == (200, 3, 1)
    assert played.first <= played.found.sent


def test_whoever_still_listens_is_waited_for() -> None:
    listening, go_on = Event(), Event()

    def listen() -> None:
        with Tape("run/a") as tape:
            tape.send()
            listening.set()
            go_on.wait()
            tape.hear(HEAD + b"abcd")

    other = Thread(target=listen)
    other.start()
    listening.wait()
    assert play("run/a", 0.0).lost == 1
    Thread(target=go_on.set).start()
    played = play("run/a", 60.0)
    other.join()
    assert played.found


def test_nothing_was_heard_of_what_nobody_asked() -> None:
    assert play("run/a", 0.0) == play("", 0.0)
    assert play("run/a", 0.0).found is None
