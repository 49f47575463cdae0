"""What is remembered, and for how long."""

from rechat.http import Piece
from rechat.journal import Entry
from rechat.proxy.memo import Memo, Reply


def reply(size: int, *later: Piece) -> Reply:
    return Reply(b"x" * size, later, Entry("hit", "POST /"))


def test_a_reply_is_found_by_its_key() -> None:
    memo: Memo[str] = Memo()
    memo.put("a", 1, reply(10))
    assert memo.get("a") == reply(10)
    assert memo.get("b") is None
    memo.clear()
    assert memo.get("a") is None


def test_the_oldest_are_forgotten_first() -> None:
    memo: Memo[int] = Memo(limit=50_000)
    for number in range(100):
        memo.put(number, 100, reply(900, Piece(1.0, b"y" * 1000)))
    kept = [number for number in range(100) if memo.get(number)]
    assert kept == list(range(100 - len(kept), 100))
    assert 10 < len(kept) <= 16


def test_what_is_too_large_is_not_remembered() -> None:
    memo: Memo[int] = Memo(limit=50_000)
    memo.put(1, 10, reply(10_000))
    assert memo.get(1) is None


def test_the_same_key_counts_once() -> None:
    memo: Memo[int] = Memo(limit=50_000)
    for _ in range(100):
        memo.put(1, 100, reply(2000))
    memo.put(2, 100, reply(2000))
    assert memo.get(1)
