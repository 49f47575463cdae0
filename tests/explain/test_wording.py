"""A difference in a few words."""

from typing import Any

import pytest

from rechat.explain.wording import characters_that_differ
from rechat.explain.wording import quoted
from rechat.explain.wording import spaces_that_differ
from rechat.explain.wording import tools_that_differ
from rechat.explain.wording import values_that_differ
from rechat.explain.wording import words_that_differ


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("to Rome today", "to Paris today", '"Rome" ≠ "Paris"'),
        ("to Rome", "to Rome today", '"today" is new'),
        ("to Rome today", "to Rome", '"today" is missing'),
        ("one two", "drei", '"one two" ≠ "drei"'),
        ("a b c d e f", "a X c d Y f", '"b c d e" ≠ "X c d Y"'),
        ("", "x", '"" ≠ "x"'),
        ("a" * 250_000, "a" * 249_999 + "b", f'"…{"a" * 13}" ≠ "…{"a" * 12}b"'),
        ("word " * 200_000 + "one", "word " * 200_000 + "two", '"one" ≠ "two"'),
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


@pytest.mark.timeout(20)
def test_values_in_very_large_and_very_deep_json_are_told() -> None:
    many = {f"key{number}": [number, {"text": "x" * 20}] for number in range(5000)}
    assert values_that_differ(many, many | {"key7": [7, {"text": "y"}]}) == (
        f'key7[1].text "{"x" * 20}" ≠ "y"'
    )
    deep: list[Any] = [0, 0]
    for value in (1, 2):
        deep[value - 1] = value
        for _ in range(300):
            deep[value - 1] = [deep[value - 1]]
    assert values_that_differ(*deep).startswith("[0][0]")


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


@pytest.mark.parametrize(
    ("recorded", "asked", "told"),
    [
        ("caf\u00e9 au lait", "cafe\u0301 au lait", "U+00E9 ≠ U+0065 U+0301"),
        ("no\u200bbreak", "nobreak", "U+200B ≠ nothing"),
        ("a\u00e9\u00e8b", "ae\u0301e\u0300b", "U+00E9 U+00E8 ≠ U+0065 U+0301 …"),
        ("same", "same", ""),
        ("caf\u00e9", "cafe", ""),
        ("one", "two", ""),
    ],
)
def test_characters_that_look_the_same_are_told_by_their_codes(
    recorded: str, asked: str, told: str
) -> None:
    assert characters_that_differ(recorded, asked) == told


def test_accents_without_end_are_not_sorted() -> None:
    many = "e" + "\u0301\u0323" * 100_000
    assert characters_that_differ(many, many + "\u200b") == ""
