"""How a stream folds into one value, column by column."""

from collections.abc import Sequence
from typing import Any

import pytest

from rechat.dialects.shared.fold import Rows
from rechat.dialects.shared.fold import Rule
from rechat.dialects.shared.fold import Table
from rechat.dialects.shared.fold import by_index
from rechat.dialects.shared.fold import each
from rechat.dialects.shared.fold import first
from rechat.dialects.shared.fold import go_on
from rechat.dialects.shared.fold import grow
from rechat.dialects.shared.fold import index_of
from rechat.dialects.shared.fold import join
from rechat.dialects.shared.fold import last
from rechat.dialects.shared.fold import last_said
from rechat.dialects.shared.fold import latest

COLUMNS: dict[str, tuple[Rule, list[Any], Any]] = {
    "the latest counts, even null": (latest, ["a", None], None),
    "null never replaces": (last, ["a", "b", None], "b"),
    "nothing but null is null": (last, [None, None], None),
    "an empty text replaces": (last, ["a", ""], ""),
    "an empty text is not said": (last_said, ["a", "", None], "a"),
    "nothing said is the last": (last_said, [None, ""], ""),
    "the first that says something stays": (first, [None, "", "a", "b"], "a"),
    "texts are joined": (join, ["a", None, "b"], "ab"),
    "lists are joined": (join, [[1], [], [2]], [1, 2]),
    "another kind replaces": (join, ["a", "b", ["c"], ["d"]], ["c", "d"]),
    "an empty text replaces no list": (join, [["a"], "", ["b"], ""], ["a", "b"]),
    "of empty values the last counts": (join, ["", []], []),
    "only null is joined to null": (join, [None], None),
    "of texts the last counts where lists grow": (grow, ["a", "b"], "b"),
    "lists grow": (grow, [[1], None, [2]], [1, 2]),
    "a list that is said again goes on": (go_on, [[1], [1], [1, 2], [3], []], [1, 2, 3]),
    "a list that says less than before is more": (go_on, [[1, 2], [1]], [1, 2, 1]),
    "of anything else the last counts": (go_on, [[1], "a", "b"], "b"),
    "each value is kept": (each, [5, None, 5], [5, 5]),
    "a single value is itself": (each, [None, 5], 5),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_a_column_folds_by_its_rule(case: str) -> None:
    rule, column, expected = COLUMNS[case]
    assert rule(column) == expected


def test_a_table_folds_each_field_by_its_rule() -> None:
    table = Table({"text": join, "inner": Table({"n": join})}, dropped=frozenset({"padding"}))
    rows: list[Any] = [
        {"text": "a", "padding": "x", "id": 1, "null": None, "inner": {"n": [1]}},
        {"text": "b", "id": 2, "inner": {"n": [2], "m": True}},
        "no row",
    ]
    assert table.fold(rows) == {
        "text": "ab", "id": 2, "null": None, "inner": {"n": [1, 2], "m": True},
    }  # fmt: skip


def test_a_table_may_leave_null_out() -> None:
    assert Table(keeps_null=False).fold([{"a": None}, {"b": 1, "a": None}]) == {"b": 1}


def test_what_is_no_object_replaces_one() -> None:
    assert Table()([{"a": 1}, "text"]) == "text"
    assert Table()(["text", {"a": 1}, None]) == {"a": 1}


def test_rows_are_told_apart_by_index_else_by_place() -> None:
    rows = Rows(Table({"text": join}))
    said = rows([[{"index": 1, "text": "x"}, "none"], [{"text": "a"}, {"text": "y"}], None])
    assert said == [{"text": "a"}, {"index": 1, "text": "xy"}]
    assert list(by_index([])) == []
    assert rows(["none", None]) == "none"


def test_no_event_is_changed() -> None:
    rows = [{"a": [1], "b": {"c": "x"}}, {"a": [2], "b": {"c": "y"}}]
    Table({"a": join, "b": Table({"c": join})}).fold(rows)
    assert rows == [{"a": [1], "b": {"c": "x"}}, {"a": [2], "b": {"c": "y"}}]


@pytest.mark.timeout(60)
def test_a_long_stream_folds_in_linear_time() -> None:
    """Joined piece by piece, a text of 4 MB would be copied a million times."""
    piece: Sequence[Any] = ["abcd"] * 1_000_000
    table = Table({"text": join, "list": join})
    whole = table.fold({"text": text, "list": [1]} for text in piece)
    assert len(whole["text"]) == 4_000_000
    assert len(whole["list"]) == 1_000_000


def test_the_halves_of_a_character_that_came_apart_are_one() -> None:
    assert join(["a\ud83d", "\ude00b"]) == "a\U0001f600b"
    assert join(["\ude00", "\ud83d"]) == "\ude00\ud83d"


def test_a_place_is_a_number_however_it_is_written() -> None:
    told = [{"index": index} for index in (1, "1", 1.0, None, "x", 1.5)]
    assert [index_of(item) for item in told] == [1, 1, 1, None, None, None]
