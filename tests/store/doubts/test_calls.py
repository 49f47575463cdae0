"""Calls of tools that a client cannot make."""

import pytest

from rechat.format.reader import parse
from rechat.store.doubts.calls import doubts_about_calls

ASKED = "### user\n\n> Hi\n\n### assistant\n\n"
FENCE = "\n\n```json\n{}\n```\n"


def doubts(source: str) -> list[tuple[int, str]]:
    (section,) = parse(source).sections
    return list(doubts_about_calls(section))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("#### call f, c1\n", "has no arguments"),
        ("#### call f, c1\n\n```yaml\ncity: Rome\n```\n", "its YAML sets `city` beside them"),
        (f"#### call f(1), c1{FENCE}", "'f(1)' is no name of a function: write `#### call f, ID`"),
        (f"#### call f, id=c1{FENCE}", "write `#### call f, c1`"),
        (f"#### call f, c1{FENCE}\n#### call g, c1{FENCE}", "two calls have the ID c1"),
        (
            '#### call f, c1\n\n```json\n{"name": "f", "arguments": {}}\n```\n',
            "name the function again",
        ),
        (f"#### call f, c1{FENCE}\n### user\n\n> 20\n", "has no result"),
        ('#### call f, c1\n\n```json\n{"a": 1, "b": {"a": 2, "a": 3}}\n```\n', "say 'a' twice"),
    ],
)
def test_an_odd_call_is_told_with_its_line(answer: str, words: str) -> None:
    ((line, told),) = doubts(ASKED + answer)
    assert line == 5
    assert words in told


@pytest.mark.parametrize(
    "answer",
    [
        f"#### call f, c1{FENCE}\n### tool, c1\n\n> 20\n",
        f"#### call mcp.search:2, c1{FENCE}\n#### call f, c2{FENCE}",
        "#### call run_sql, c1, custom\n\n```text\nSELECT 1\n```\n",
    ],
)
def test_a_right_call_is_not_told(answer: str) -> None:
    assert not doubts(ASKED + answer)


def test_a_hole_in_the_place_of_a_word_of_json_is_told() -> None:
    call = '\n#### call f, c1\n\n```json\n{"city": {{city}}}\n```\n'
    ((line, told),) = doubts(f"### user, like\n\n> In {{{{city}}}}\n\n### assistant\n{call}")
    assert line == 5
    assert 'write `"{{city}}"`' in told
