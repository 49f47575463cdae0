"""Texts held against wild cards, and against the plain expressions that these stand for."""

import re

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from rechat.matching import compile_pattern

_WILD = re.compile(r"\[\.\.\]|\{\{(\w+)\}\}|\n\.\.\.\Z|^\.\.\.$\n?", re.MULTILINE)
_ANY_LINES = {"...": r"[\s\S]*", "...\n": r"(?:[^\n]*\n)*?", "\n...": r"(?:\n[^\n]*)*"}


def expected(pattern: str, text: str) -> tuple[int, dict[str, str] | None]:
    """The literal characters of a pattern, and what it catches: by one expression, which takes
    very long for some texts.
    """
    pieces, literals, end = list[str](), 0, 0
    names: list[str] = []
    for wild in _WILD.finditer(pattern):
        literal = pattern[end : wild.start()]
        literals += len(literal)
        end = wild.end()
        pieces += [re.escape(literal), expression(wild, names)]
    found = re.fullmatch("".join([*pieces, re.escape(pattern[end:])]), text)
    caught = dict(zip(names, found.groups(), strict=True)) if found else None
    return literals + len(pattern) - end, caught


def expression(wild: re.Match[str], names: list[str]) -> str:
    name = wild[1]
    if not name:
        return _ANY_LINES.get(wild[0], r"[^\n]*?")
    if name in names:
        return rf"(?:\{names.index(name) + 1})"
    names.append(name)
    return r"([^\n]+?)"


TEXTS = st.lists(st.sampled_from(["a", "b", "\n", "ab", "..."]), max_size=9).map("".join)
PIECES = ["a", "b", "\n", "\n...\n", "...", "[..]", "{{x}}", "{{y}}", "{{z}}"]
PATTERNS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@settings(max_examples=1000)
@given(PATTERNS, TEXTS)
@example("...\n...", "")
@example("a\n...\n...", "a")
@example("a\n...\n...", "a\n")
@example("\n...", "\n\n")
@example("a\n...\nb", "b\na\nb")
@example("...\na\nb\n...\n[..]\nb", "a\na\nb\nb\nb")
@example("{{x}}a\n...\n{{x}}b\n...", "aa\nb\nab\n")
@example("{{x}}b{{x}}\n...\n{{x}}", "abab\nb\nab")
def test_a_text_matches_as_the_plain_expression_says(pattern: str, text: str) -> None:
    found = compile_pattern(pattern)
    assert (found.literals, found.match(text)) == expected(pattern, text)


LONG = {
    "hole after hole": ("{{a}} {{b}} {{c}} {{d}} {{e}}!", "a " * 300_000),
    "gap after gap": ("[..]a[..]a[..]a[..]a[..]b", "a" * 300_000),
    "lines after lines": ("...\na\n...\na\n...\na\n...\nb\n...", "a\n" * 200_000),
    "many lines": (
        "...\n" + "[..]\n" * 50 + "a\n" * 50 + "b\n...",
        "\n" * 200_000 + "a\n" * 200_000,
    ),
    "holes in lines": ("...\n{{a}} {{b}}\n...\n{{c}}!", "a a\n" * 100_000),
    "a name twice": ("{{a}}{{b}}{{a}}{{b}}c", "ab" * 100_000 + "c"),
    "a name twice, lines between": ("...\n{{a}}\n...\n{{a}}\n...\n{{a}}b", "a\n" * 50_000 + "b"),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", LONG)
def test_a_long_text_that_almost_matches_is_refused_soon(name: str) -> None:
    pattern, text = LONG[name]
    assert compile_pattern(pattern).match(text) is None


def test_a_long_text_with_a_name_twice_still_matches() -> None:
    text = "a " * 100_000 + "b"
    pattern = "{{x}}: {{y}}\n...\n{{x}}, {{y}}."
    assert compile_pattern(pattern).match(f"1: {text}\n{'2\n' * 1000}1, {text}.") == {
        "x": "1",
        "y": text,
    }
