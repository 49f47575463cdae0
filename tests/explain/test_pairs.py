"""Which message stands for which."""

from conversations import ask

from rechat.explain.pairs import Pair
from rechat.explain.pairs import pairs
from rechat.matching.exchanges import Step
from rechat.matching.scheme import Scheme
from rechat.values.conversation import Message
from rechat.values.conversation import Pattern

EVERYTHING = Scheme(None)


def step(text: str, pattern: Pattern = "", role: str = "user") -> Step:
    return Step((Message(role, text),), pattern)


def found(steps: list[Step], *texts: str) -> list[Pair]:
    return [*pairs(EVERYTHING, steps, ask(*texts).messages)]


def test_messages_in_one_place_are_a_pair() -> None:
    assert found([step("a"), step("b", role="assistant"), step("c")], "a", "x", "c") == [
        Pair(0, 0, is_same=True),
        Pair(1, 1),
        Pair(2, 2, is_same=True),
    ]


def test_what_one_side_lacks_has_no_other() -> None:
    assert found([step("a")], "a", "b") == [Pair(0, 0, is_same=True), Pair(None, 1)]
    assert found([step("a"), step("b")], "b") == [Pair(0, None), Pair(1, 0, is_same=True)]


def test_a_pattern_stands_for_what_it_matches() -> None:
    assert found([step("", "any")], "x") == [Pair(0, 0, is_same=True)]
    assert found([step("a [..]", "like")], "a b") == [Pair(0, 0, is_same=True)]
    assert found([step("a [..]", "like")], "b a") == [Pair(0, 0)]
    assert found([step("", "any", "system")], "x") == [Pair(0, 0)]


def test_any_take_stands_for_itself() -> None:
    takes = Step((Message("user", "a"), Message("user", "b")))
    assert found([takes], "b") == [Pair(0, 0, is_same=True)]
