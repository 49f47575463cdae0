"""Requests against exchanges with patterns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.format import reader
from rechat.index.cards import exchanges_in
from rechat.matching.like import compile_pattern
from rechat.matching.like import fill
from rechat.matching.like import match_patterns
from rechat.matching.like import patterns_of
from rechat.values.conversation import Message
from rechat.values.conversation import Request

ASKED = Request({"model": "m"}, (Message("system", "Be brief."), Message("user", "I am Ada.")))


def holes(text: str, request: Request = ASKED) -> dict[str, str] | None:
    """What the holes of a transcript catch, up to its answer."""
    (exchange,) = exchanges_in(
        "a.md", reader.parse(f"{text}\n\n### assistant\n\n> Hello!\n").sections
    )
    return match_patterns(exchange, patterns_of(exchange), request)


def test_only_messages_that_say_so_have_a_pattern() -> None:
    text = "### system\n\n> [..]\n\n### user, like\n\n> [..]\n\n### assistant\n\n> Hello!\n"
    (exchange,) = exchanges_in("a.md", reader.parse(text).sections)
    assert [bool(pattern) for pattern in patterns_of(exchange)] == [False, True]


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("### user, like\n\n> I am {{name}}.", {"name": "Ada"}),
        ("### system, any\n\n### user, like\n\n> I am [..]", {}),
        ("### system, like\n\n> Be {{how}}.\n\n### user, any", {"how": "brief"}),
        ("### system, like\n\n> {{x}} brief.\n\n### user, like\n\n> {{x}} am Ada.", None),
        ("### system\n\n> Be long.\n\n### user, any", None),
        ("### user, any\n\n### user, any", None),
        ("---\nmodel: other\n---\n\n### user, any", None),
    ],
)
def test_a_request_matches_message_by_message(text: str, caught: dict[str, str] | None) -> None:
    assert holes(text) == caught


PATTERNS = [
    ("Hello", "Hello", {}),
    ("Hello", "Hello!", None),
    ("[..]hello[..]", "say hello now", {}),
    ("[..]hello[..]", "say\nhello", None),
    ("a\n...\nb", "a\nb", {}),
    ("a\n...\nb", "a\n1\n2\nb", {}),
    ("a\n...", "a\nanything\nat all", {}),
    ("...", "anything\nat all", {}),
    ("...", "", {}),
    ("a\n...", "a", {}),
    ("a\n...", "a\n", {}),
    ("a\n...", "ab", None),
    ("...\na", "a", {}),
    ("...\na", "x\ny\na", {}),
    ("...\na", "xa", None),
    ("a...", "ab", None),
    ("...\nb\n...", "b", {}),
    ("{{a}}", "", None),
    ("{{a}}", "x\ny", None),
    ("{{1st}}, {{größe}}, {{²}}", "a, b, c", {"1st": "a", "größe": "b", "²": "c"}),
    ("{{a}}{{a}}0", "110", {"a": "1"}),
    ("{{ a }}", "{{ a }}", {}),
    ("{{}}", "{{}}", {}),
    ("My name is {{name}}.", "My name is Ada Lovelace.", {"name": "Ada Lovelace"}),
    ("{{a}} and {{a}}", "x and x", {"a": "x"}),
    ("{{a}} and {{a}}", "x and y", None),
    ("1 + 1 (a|b)*", "1 + 1 (a|b)*", {}),
    ("1 + 1 (a|b)*", "1 + 1 a", None),
]


@pytest.mark.parametrize(("pattern", "text", "caught"), PATTERNS)
def test_a_pattern_matches_what_it_says(
    pattern: str, text: str, caught: dict[str, str] | None
) -> None:
    assert compile_pattern(pattern).match(text) == caught


@given(st.text().filter(lambda text: not any(mark in text for mark in ("[..]", "{{", "..."))))
def test_a_pattern_without_marks_matches_only_itself(text: str) -> None:
    assert compile_pattern(text).match(text) == {}
    assert compile_pattern(text).match(text + "x") is None
    assert compile_pattern(text).literals == len(text)


def test_more_literal_characters_weigh_more() -> None:
    assert compile_pattern("My name is {{n}}").literals > compile_pattern("[..]name[..]").literals


def test_holes_are_filled_and_other_names_stay() -> None:
    assert fill("{{a}} {{b}} {{a}}", {"a": "1"}) == "1 {{b}} 1"
    assert fill("{{a}}", {}) == "{{a}}"


@pytest.mark.parametrize("pattern", ["[..]summary[..]", "[..]log:\n...\nThank you!", "...\nb\n..."])
def test_a_megabyte_is_matched_in_linear_time(pattern: str) -> None:
    found = compile_pattern(pattern)
    for text in ("summary\n" * 125_000, "s" * 1_000_000, "log:\n" * 200_000):
        assert found.match(text) is None
