"""A difference in a few words."""

from typing import Any

import pytest

from rechat.explain.sides import TRANSCRIPT_AND_REQUEST
from rechat.explain.wording import lines_that_differ
from rechat.explain.wording import quoted
from rechat.explain.wording import spaces_that_differ
from rechat.explain.wording import tools_that_differ
from rechat.explain.wording import values_that_differ
from rechat.explain.wording import where_it_fails
from rechat.explain.wording import words_that_differ

LONG = "word " * 200_000


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("to Rome today", "to Paris today", '"Rome" ≠ "Paris"'),
        ("to Rome", "to Rome today", '"today" is new'),
        ("to Rome today", "to Rome", '"today" is missing'),
        ("one two", "drei", '"one two" ≠ "drei"'),
        ("a b c d e f", "a X c d Y f", '"b c d e" ≠ "X c d Y"'),
        ("a b c d e f", "a X c d f", '"b c d e" ≠ "X c d"'),
        ("Make a plan for Rome.", "make a plan", '"Make a plan for Rome." ≠ "make a plan"'),
        ("a big plan for Rome", "a plan", '"big plan for Rome" ≠ "plan"'),
        ("", "x", '"" ≠ "x"'),
        ("a" * 250_000, "a" * 249_999 + "b", f'"…{"a" * 13}" ≠ "…{"a" * 12}b"'),
        (LONG + "one", LONG + "two", '"…word word word one" ≠ "…word word word two"'),
        (LONG, LONG + "two", '"two" is new after "…word word word "'),
        (f"a {'word ' * 30}b", f"x {'word ' * 30}y", '"a" ≠ "x", and more'),
        ("It’s so", "It's so", '"’" ≠ "\'" (U+2019 ≠ U+0027)'),
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


def test_the_sides_have_names_if_they_are_given() -> None:
    told = words_that_differ("to Rome", "to Paris", TRANSCRIPT_AND_REQUEST)
    assert told == 'transcript "Rome" ≠ request "Paris"'
    values = values_that_differ({"a": 1}, {}, TRANSCRIPT_AND_REQUEST)
    assert values == "a: transcript 1 ≠ request nothing"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a\nb\nc", "a\nc", 'lacks line 2: "b"'),
        ("a\nb", "a\nx\ny\nb", 'has new lines 2 to 3, from "x" on'),
        ("a\nb\nc", "a\nc\nb", 'has its lines in another order from line 2 on: "c"'),
        ("a\nb", "a\nx", ""),
        ("a", "b", ""),
    ],
)
def test_whole_lines_are_told_as_lines(old: str, new: str, told: str) -> None:
    assert lines_that_differ(old, new) == told


@pytest.mark.parametrize(
    ("text", "line"),
    [("Hello", 1), ("Dear A,\nno", 2), ("Dear A,\ntell B\nx\nBye", 4), ("Dear A,\ntell B\nx", 4)],
)
def test_the_line_of_a_pattern_that_fails_is_named(text: str, line: int) -> None:
    pattern = "Dear [..],\ntell {{who}}\n...\nThanks"
    assert where_it_fails(pattern, text).startswith(f"it fails at line {line} of the pattern, ")


@pytest.mark.timeout(20)
def test_a_long_pattern_fails_in_bounded_time() -> None:
    pattern = "\n".join(["a [..] b"] * 2000)
    assert "line 2000 " in where_it_fails(pattern, "\n".join(["a x b"] * 1999))
