"""What was computed for a text is not computed again, in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from rechat.values.remembered import Remembered


class Counted:
    """A function that counts its calls."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str) -> str:
        self.texts.append(text)
        return text.upper()


def test_a_text_is_looked_at_once() -> None:
    counted = Counted()
    upper = Remembered(counted, 10_000)
    assert [upper("a"), upper("b"), upper("a")] == ["A", "B", "A"]
    assert counted.texts == ["a", "b"]


@given(st.lists(st.sampled_from(["a" * 90, "b" * 90, "c" * 5000, "d", "e" * 400]), max_size=40))
def test_the_result_is_always_that_of_the_function(texts: list[str]) -> None:
    upper = Remembered(str.upper, 1000)
    assert [upper(text) for text in texts] == [text.upper() for text in texts]


def test_texts_in_use_stay_however_many_others_come() -> None:
    counted = Counted()
    upper = Remembered(counted, 10_000)
    for number in range(1000):
        upper("in use")
        upper(f"once {number}")
    assert counted.texts.count("in use") == 1


def test_texts_that_nobody_asks_for_are_forgotten() -> None:
    counted = Counted()
    upper = Remembered(counted, 10_000)
    upper("first")
    for number in range(200):
        upper(str(number))
    upper("first")
    assert counted.texts.count("first") == 2


def test_a_text_that_is_too_long_is_not_kept() -> None:
    counted = Counted()
    upper = Remembered(counted, 1000)
    upper("x" * 1000)
    upper("x" * 1000)
    assert len(counted.texts) == 2


def test_results_that_take_much_room_are_fewer() -> None:
    counted: list[bytes] = []

    def read(text: bytes) -> int:
        counted.append(text)
        return int(text)

    heavy = Remembered(read, 10_000, lambda number: number)
    for text in (b"4900", b"4899", b"4898", b"4900", b"6000", b"6000"):
        assert heavy(text) == int(text)
    assert counted == [b"4900", b"4899", b"4898", b"4900", b"6000", b"6000"]
