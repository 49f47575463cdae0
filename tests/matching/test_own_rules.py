"""Rules of a project's own: what they find, and which are refused."""

import re

import pytest

from rechat.matching.own_rules import bounded
from rechat.matching.own_rules import own_rules
from rechat.values import UsageError


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"ACME-\d+", "see ACME-12, XACME-1, ACME-1x", ["ACME-12"]),
        (r"run \d+ of \d+", "run 1 of 20 runs", ["run 1 of 20"]),
        (r"\w+-\w+-\w+", "the eu-west-1 zone", ["eu-west-1"]),
        (r"(?i)build [a-f]+", "Build abc, build ABCX", ["Build abc"]),
        (r"\d{1,3}\.\d{1,3}", "v1.2, 10.20", ["10.20"]),
        (r"(?:\d++,)*+\d++", "1,2,3 and 4", ["1,2,3", "4"]),
        (r"[]x]+", "]x]", ["]x]"]),
        (r"v(?:1|2)?", "v v1 v3", ["v", "v1"]),
        (r"\b[0-9a-f]{8}\b", "0123abcd 0123abcde", ["0123abcd"]),
        (r"x.{0,3}?y", "xaay", ["xaay"]),
        ("Zürich|Genève", "in Genève", ["Genève"]),
        (r"\d+\x41", "12A", ["12A"]),
        (r"\u00e4+b", "äab, ääb", ["ääb"]),
    ],
)
def test_whole_values_are_found(pattern: str, text: str, found: list[str]) -> None:
    assert [match[0] for match in re.compile(bounded(pattern)).finditer(text)] == found


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r".*foo", "may end in many places"),
        (r"(?i)[a-z]+X", "may end in many places"),
        (r"\d+?x", "may end in many places"),
        (r"(a+)+b", "a group that repeats takes all it can ()++)"),
        (r"(?:a{1,3}){8}", "a group that repeats takes all it can"),
        (r"(?:(?:ab)++c)++", "has no group in it"),
        (r"a{1,40}b{1,40}", "in 1,600 ways"),
        (r"\d{2000}", "more than 200 times"),
        (r"(?:ab){50}+", "more than 20 times"),
        (r"(\w)\1", "is not taken"),
        (r"(?P=x)", "is not taken"),
        (r"(?(1)a|b)", "is not taken"),
        (r"(?x)a b", "is not taken"),
        (r"[a", "is not taken"),
        (r"(", "unterminated"),
        (r"\d*", "an empty text"),
        (r"(?:|a)", "an empty text"),
    ],
)
def test_what_could_be_slow_or_is_none_is_refused_with_the_reason(
    pattern: str, reason: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(reason)):
        own_rules({"x": pattern})


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"x": 1}, "expected a regular expression"),
        ({"x": {"in": ["user"]}}, "expected a regular expression"),
        ({"x": {"pattern": "a", "in": ["users"]}}, "lists some of system"),
        ({"x": {"pattern": "a", "in": []}}, "lists some of system"),
        ({"x": {"pattern": "a", "where": "user"}}, "where: expected"),
        ({"a b": "a"}, "a name has letters"),
    ],
)
def test_a_rule_that_is_none_is_refused(table: dict[str, object], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        own_rules(table)


def test_a_rule_counts_in_all_messages_or_in_some() -> None:
    every, some = own_rules({"a": "x", "b": {"pattern": "y", "in": "tool"}})
    assert every.roles == {"system", "user", "assistant", "tool"}
    assert some.roles == {"tool"}


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\d+x", "1" * 1_000_000),
        (r"a[^b]++b", "a " * 500_000),
        (r"(?:a++ )++x", "a " * 500_000),
        (r"(?:[^a]++a)++x", " " * 1_000_000),
        (r".{0,200}?x", " " * 300_000),
        (r"\S++ \S++ \S++x", "a b " * 250_000),
    ],
)
def test_no_text_makes_a_rule_slow(pattern: str, text: str) -> None:
    """A search that began again at each character and read on to the end would take hours."""
    (rule,) = own_rules({"x": pattern})
    assert rule.pattern.search(text) is None
