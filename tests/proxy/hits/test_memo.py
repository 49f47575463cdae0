"""What is remembered, and for how long."""

from rechat.observe.entry import JournalEntry
from rechat.proxy.hits.memo import Memo
from rechat.proxy.hits.wire_answer import WireAnswer
from rechat.values.http import Piece


def reply(size: int, *later: Piece) -> WireAnswer:
    return WireAnswer(b"x" * size, later, JournalEntry("hit", "POST /"))


def key(number: int) -> bytes:
    return f"{number:0100}".encode()


def test_a_reply_is_found_by_its_key() -> None:
    memo = Memo()
    memo.put(b"a", reply(10))
    assert memo.get(b"a") == reply(10)
    assert memo.get(b"b") is None
    memo.clear()
    assert memo.get(b"a") is None


def test_the_oldest_are_forgotten_first() -> None:
    memo = Memo(limit=50_000)
    for number in range(100):
        memo.put(key(number), reply(900, Piece(1.0, b"y" * 1000)))
    kept = [number for number in range(100) if memo.get(key(number))]
    assert kept == list(range(100 - len(kept), 100))
    assert 10 < len(kept) <= 16


def test_what_is_too_large_is_not_remembered() -> None:
    memo = Memo(limit=50_000)
    memo.put(b"1", reply(10_000))
    assert memo.get(b"1") is None


def test_the_same_key_counts_once() -> None:
    memo = Memo(limit=50_000)
    for _ in range(100):
        memo.put(key(1), reply(2000))
    memo.put(key(2), reply(2000))
    assert memo.get(key(1))
