"""A difference in a few words."""

from typing import Any

import pytest

from rechat.explain.wording import (
    quoted,
    spaces_that_differ,
    tools_that_differ,
    values_that_differ,
    words_that_differ,
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("to Rome today", "to Paris today", '"Rome" ≠ "Paris"'),
        ("to Rome", "to Rome today", '"today" is new'),
        ("to Rome today", "to Rome", '"today" is missing'),
        ("one two", "drei", '"one two" ≠ "drei"'),
        ("a b c d e f", "a X c d Y f", '"b c d e" ≠ "X c d Y"'),
        ("", "x", '"" ≠ "x"'),
    ],
)
def test_the_words_that_changed(old: str, new: str, told: str) -> None:
    assert words_that_differ(old, new) == told


def test_what_is_quoted_is_short_and_one_line() -> None:
    assert quoted("a\n\u2028") == '"a\\n\\u2028"'
    assert len(quoted("x" * 500)) == 42


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, "a.c 2 ≠ 3"),
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}, 'a[1].b "x" ≠ "y"'),
        ({"a": [1]}, {"a": [1, 2]}, "a [1] ≠ [1, 2]"),
        ({}, {"a": 1}, "a nothing ≠ 1"),
        ({"a": 1, "b": 1}, {"a": 2, "b": 2}, "a 1 ≠ 2, b 1 ≠ 2"),
        ({"a": 1, "b": 1, "c": 1}, {}, ""),
        (1, 2, "1 ≠ 2"),
        ({"a": 1}, {"a": 1}, ""),
    ],
)
def test_the_values_that_differ(old: Any, new: Any, told: str) -> None:
    assert values_that_differ(old, new) == told


def tool(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name} | fields}


F, G = tool("f"), tool("g")


@pytest.mark.parametrize(
    ("old", "new", "told", "sides"),
    [
        ([F], [F, G], ["one more tool: g"], ([], [G])),
        (None, [F], ["one more tool: f"], ([], [F])),
        ([F, G], [G], ["the tool f is missing"], ([F], [])),
        ([F, G], [G, F], ["the tools come in another order"], (["f", "g"], ["g", "f"])),
        (
            [tool("f", strict=True)],
            [tool("f", strict=False)],
            ["the tool f differs in function.strict true ≠ false"],
            ([tool("f", strict=True)], [tool("f", strict=False)]),
        ),
        ([{"name": "a"}], [{"type": "web"}], ["the tool a is missing", "one more tool: web"],
         ([{"name": "a"}], [{"type": "web"}])),
        ("x", [F], [], ([], [])),
        ([F, F], [F], [], ([], [])),
    ],
)  # fmt: skip
def test_tools_are_told_by_name(old: Any, new: Any, told: list[str], sides: Any) -> None:
    assert tools_that_differ(old, new) == (told, *sides)


@pytest.mark.parametrize(
    ("recorded", "asked", "told"),
    [
        ("so·long", "so·long·", '"long" ≠ "long·"'),
        ("·so·long", "so·long", '"·so" ≠ "so"'),
        ("so·long", "so··long", '"so·long" ≠ "so··long"'),
        ("so·long", "so→long", '"so·long" ≠ "so→long"'),
        ("so", "so⏎", '"so" ≠ "so⏎"'),
        ("·" * 60, "·" * 62, '"···" ≠ "·····"'),
        ("x" * 60, "x" * 60 + "·", f'"{"x" * 15}" ≠ "{"x" * 15}·"'),
    ],
)
def test_white_space_is_told_with_the_words_beside_it(recorded: str, asked: str, told: str) -> None:
    assert spaces_that_differ(recorded, asked) == told
