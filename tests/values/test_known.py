"""What was worked out from an object stays with it."""

from functools import partial
from typing import Any

from rechat.values.known import Known
from rechat.values.known import made_once
from rechat.values.known import once


def test_a_result_is_worked_out_once_for_each_name() -> None:
    asked: list[str] = []

    def work(name: str) -> str:
        asked.append(name)
        return name.upper()

    known = Known({"a": 1})
    assert [known.once(name, partial(work, name)) for name in "aba"] == ["A", "B", "A"]
    assert asked == ["a", "b"]


def test_none_is_a_result_too() -> None:
    asked: list[int] = []
    memory: dict[Any, Any] = {}
    for _ in range(2):
        assert once(memory, "a", lambda: asked.append(1)) is None
    assert asked == [1]


def test_however_many_names_are_asked_for_few_results_are_kept() -> None:
    memory: dict[Any, Any] = {}
    for number in range(1000):
        assert once(memory, number, partial(abs, number)) == number
    assert len(memory) < 20


def test_of_any_other_value_it_is_made_each_time() -> None:
    made: list[Any] = []
    for value in ({"a": 1}, "text", None):
        for _ in range(2):
            made_once(value, "name", made.append)
    assert made == [{"a": 1}, {"a": 1}, "text", "text", None, None]


def test_an_object_made_of_a_known_one_is_known_too() -> None:
    known = Known({"a": 1})
    made = made_once(known, "name", lambda value: {"of": value})
    assert isinstance(made, Known)
    assert made_once(known, "name", lambda value: {}) is made
    assert made_once(known, "itself", lambda value: value) is known


def test_it_is_equal_to_the_object_it_was_made_of() -> None:
    assert Known({"a": [1]}) == {"a": [1]} != Known({})
