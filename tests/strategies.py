"""What hypothesis makes up: JSON, texts that are hard on Markdown, and whole transcripts."""

from typing import Any

from hypothesis import strategies as st

from rechat import jsontext
from rechat.body import is_plain
from rechat.model import (
    AnyAnswer,
    Answer,
    Call,
    Choice,
    Entry,
    ErrorAnswer,
    Fault,
    Given,
    Media,
    Message,
    Opaque,
    Part,
    RawAnswer,
    Reasoning,
    Refusal,
    Reply,
    Text,
)

# What opens, closes or bends a block in one of the renderers, to be put together at random.
HAZARDS = (
    "```", "````", "```python", "~~~", "~~~~ x", "`", "``",
    "    indented", "\ttab", "<pre>", "</pre>", "<!--", "-->", "<script>", "</script>", "<style>",
    "<textarea>", "<details>", "</details>", "<summary>", "<div>", "</div>", "<b>", "<a href='", "<?", "?>",
    "<!X", "<![CDATA[", "]]>", "<blockquote>", "</blockquote>", "</blockquote >", "</BLOCKQUOTE>", "<table>", "<span",
    ">>>", ">>>>", "> > >", ":::", "::: note", "::::", "$$", "$", "$`", "`$", "\\[", "\\(", "# a", "## b", "### user",
    "### assistant", "#### text", "#", "---", "- - -", "***", "+++", "===", "=", "--", "- ", "* ", "+ ", "1. ", "2) ",
    "-", "1.", "> ", ">", "\t", " ", "  ", "   ", "    ", "[a]: /u", "[a]: <", "[a]:", "[a]: /u '", "[^1]: note", "[^1]",
    "[a](", "![a](/b)", "[", "]", "| a | b |", "|---|---|", "|", ": definition", ":", "~", "- [ ] task", "- [x]",
    "Setext", "word", "*", "**", "_", "\\", "&lt;", "&#60;", "http://a.b/", "<http://a.b>", "[[w]]", "^[n", "||", "{", "{.x}",
    "<<<<<<< HEAD", ">>>>>>> x", "=======", "%%%", ";;;", "@@@", "[TOC]", "[!NOTE]", "> [!NOTE]", "é", "𝒳", "\xa0", "\u3000",
)  # fmt: skip


def _hazard(index: int) -> str:
    return HAZARDS[index]


# By number, so that a failure's report does not list them all.
hazards = st.integers(0, len(HAZARDS) - 1).map(_hazard)
"""One of `HAZARDS`."""

plain_characters = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8
)
"""Text of one line, of characters that print."""

_pieces = st.one_of(hazards, hazards, plain_characters)
_lines = st.one_of(
    st.just(""),
    hazards,
    st.lists(_pieces, max_size=4).map("".join),
    st.lists(_pieces, max_size=3).map(" ".join),
)

hazardous_texts = st.lists(_lines, max_size=8).map("\n".join)
"""Texts of several lines that do their worst to a Markdown renderer and to our own reader."""


_fences = st.tuples(
    st.sampled_from(("```", "~~~", "````", "```python")), st.lists(_lines, max_size=3)
).map(lambda made: "\n".join((made[0], *made[1], made[0].removesuffix("python"))))


def _plain_lines(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if is_plain(line) or not line:
            kept.append(line)
    text = "\n".join(kept).strip("\n")
    return text if is_plain(text) else "plain"


plain_texts = st.lists(st.one_of(_lines, _lines, _fences), max_size=8).map(_plain_lines)
"""Texts that go into a frame, as close to breaking out of it as they are let."""

texts = st.one_of(hazardous_texts, hazardous_texts, st.text(max_size=30))
"""Any text, lone surrogates and control characters too, with many hazards among them."""

filled_texts = texts.filter(bool)
"""Any text but the empty one."""

number_literals = st.from_regex(
    r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
)
"""JSON numbers in every spelling."""

numbers = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    number_literals.map(jsontext.parse),
)

scalars = st.one_of(
    st.none(), st.booleans(), numbers, texts, st.sampled_from(("gpt-4o", "no", "1:20", "as above"))
)

json_values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)
"""Any JSON value."""

words = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
"""Names as APIs use them."""

keys = st.one_of(
    words, st.text(max_size=10), st.sampled_from(("a.b", "no", "1", "null", "- a", "# a", "a: b"))
)

objects = st.dictionaries(st.one_of(words, words, keys), json_values, max_size=4)
"""Any JSON object, mostly with the keys of an API."""
