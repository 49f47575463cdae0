"""The source is cut into blocks without gaps, and one that never ends is an error."""

import pytest
from hypothesis import given
from strategies import hazardous_texts

from rechat.format.blocks import Block
from rechat.format.blocks import blocks
from rechat.values.errors import TranscriptError

SOURCE = """\
---
model: gpt-4o
---
# Title

A note.

## Section #

```yaml
seed: 1
```

### user

<blockquote>

Hello
### not a role

</blockquote>

### assistant

> one
>
> two
![image](a.png)
[text](b.md)
<!-- a
comment --> here
~~~~ text
~~~
~~~~
</blockquote>
"""


def kinds(source: str) -> list[tuple[str, int, str, str]]:
    found = [(block.kind, block.line, block.text, block.info) for block in blocks(source)]
    return [entry for entry in found if entry[0] != "note" or entry[2]]


def test_each_block_has_its_kind_line_and_text() -> None:
    assert kinds(SOURCE) == [
        ("front", 1, "model: gpt-4o", ""),
        ("heading", 4, "Title", "1"),
        ("note", 6, "A note.", ""),
        ("heading", 8, "Section", "2"),
        ("fence", 10, "seed: 1", "yaml"),
        ("heading", 14, "user", "3"),
        ("frame", 16, "\nHello\n### not a role\n\n", ""),
        ("heading", 23, "assistant", "3"),
        ("quote", 25, "> one\n>\n> two", ""),
        ("link", 28, "a.png", ""),
        ("link", 29, "b.md", ""),
        ("comment", 30, "", ""),
        ("fence", 32, "~~~", "text"),
        ("closing", 35, "", ""),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("#nothing", "note"),
        ("##### five", "note"),
        (" <blockquote>", "note"),
        ("<blockquote>text", "note"),
        ("<blockquote>  ", "note"),
        ("``", "note"),
        ("text [a](b)", "note"),
        ("[a](b) text", "note"),
        ("[a](b c)", "note"),
        ("---", "note"),
        ("<<<<<< six", "note"),
    ],
)
def test_what_only_looks_like_a_block_is_a_note(line: str, kind: str) -> None:
    if line == "<blockquote>  ":
        kind = "frame"
        line += "\n</blockquote>"
    assert blocks(f"a\n{line}\n")[1].kind == kind


@pytest.mark.parametrize(
    ("source", "block"),
    [
        ("---\n---\n", Block("front", 0, 8, 1, "", "")),
        ("```\n```", Block("fence", 0, 7, 1, "", "")),
        ("```\n\n```\n", Block("fence", 0, 9, 1, "", "")),
        ("```\na\n\n```\n", Block("fence", 0, 11, 1, "a\n", "")),
        ("````\n```\n`````\n", Block("fence", 0, 15, 1, "```", "")),
        ("<blockquote>\n</blockquote>", Block("frame", 0, 26, 1, "", "")),
        ("<!---->\n", Block("comment", 0, 8, 1, "", "")),
        ("> a", Block("quote", 0, 3, 1, "> a", "")),
        ("> a\nlazy", Block("quote", 0, 4, 1, "> a", "")),
    ],
)
def test_a_block_may_be_as_short_as_can_be(source: str, block: Block) -> None:
    assert blocks(source)[0] == block


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("---\na: 1\n", 1, "this front matter never ends: close it with a line `---`"),
        ("---", 1, "this front matter never ends"),
        ("a\n<blockquote>\nb\n", 2, "this <blockquote> is never closed: end the text with a line </blockquote>"),
        ("<blockquote>\nb\n </blockquote>\n", 1, "this <blockquote> is never closed"),
        ("<blockquote>\nb\n\n### assistant, take 2\n\n> c\n\n</blockquote>\n", 1, "this <blockquote> is not closed before '### assistant, take 2' in line 4"),
        ("<blockquote>\nb\n<blockquote>\nc\n</blockquote>\n", 1, "this <blockquote> is not closed before '<blockquote>' in line 3"),
        ("<blockquote>\nb\n### error 429\nc\n</blockquote>\n", 1, "not closed before '### error 429' in line 3"),
        ("a\n```python\nb\n", 2, "this fence is never closed: end it with a line ```"),
        ("````\n```\n", 1, "this fence is never closed: end it with a line ````"),
        ("~~~\n```\n", 1, "this fence is never closed: end it with a line ~~~"),
        ("```", 1, "this fence is never closed"),
        ("a\n\n<!-- b\n", 3, "this comment is never closed: end it with `-->`"),
        ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> main\n", 2, "an unresolved merge conflict between `HEAD` and `main` in lines 2 to 6: keep what is right"),
        (">>>>>>> main\n", 1, "a mark of a merge conflict"),
        ("> a\n>>>>>>> main\n", 2, "a mark of a merge conflict"),
    ],
)  # fmt: skip
def test_a_block_that_never_ends_is_an_error(source: str, line: int, message: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        blocks(source)
    assert message in caught.value.message
    assert caught.value.line == line


@given(hazardous_texts)
def test_blocks_cover_the_source_without_gaps(source: str) -> None:
    try:
        found = blocks(source)
    except TranscriptError:
        return
    assert "".join(source[block.start : block.end] for block in found) == source
    assert all(block.line == source.count("\n", 0, block.start) + 1 for block in found)


@pytest.mark.parametrize(
    "source",
    [
        "x" * 1_000_000,
        "\n" * 100_000,
        "# a\n" * 50_000,
        "> a\n" * 250_000,
        "[a](" * 250_000,
        "`" * 300_000,
        f"<blockquote>\n{'### a\n' * 100_000}</blockquote>\n",
        "### user" + " " * 1_000_000 + "x",
        "# a" + " #" * 500_000 + "x",
        "~" * 300_000 + "`",
    ],
    ids=lambda source: repr(source[:16]),
)
def test_a_megabyte_is_cut_into_blocks(source: str) -> None:
    try:
        found = blocks(source)
    except TranscriptError:
        found = ()
    assert not found or found[-1].end == len(source)
