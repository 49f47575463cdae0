"""The canonical form of a transcript: the same answers, and twice is as once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hazardous_texts
from strategies import plain_texts

from rechat.format import reader
from rechat.format.body import frame
from rechat.format.body import quote
from rechat.format.body import write
from rechat.format.writing.formatting import formatted
from rechat.values.errors import TranscriptError

CASES = sorted((Path(__file__).parents[3] / "docs" / "spec" / "tests" / "valid").glob("*.md"))
LOOSE = """\
---
model: gpt-5
---
# Weather


A note,
in two lines.
## In Lisbon
###   user,like
<blockquote>
Hello, [..]
</blockquote>
### assistant
>Hi!
>
>  There
#### call   get_weather,call_1
```json
{}
```
### tool,  call_1
> Sun
"""
TIDY = """\
---
model: gpt-5
---

# Weather

A note,
in two lines.

## In Lisbon

### user, like

<blockquote>

Hello, [..]

</blockquote>

### assistant

> Hi!
>
>  There

#### call get_weather, call_1

```json
{}
```

### tool, call_1

> Sun
"""


def test_the_layout_is_that_of_the_recorder() -> None:
    assert formatted(LOOSE) == TIDY
    assert formatted(TIDY) == TIDY


def test_a_frame_that_would_hide_what_follows_becomes_a_quote() -> None:
    text = "### user\n\n<blockquote>\n\na <pre> b\n<!-- c\n\n</blockquote>\n"
    assert formatted(text) == "### user\n\n> a <pre> b\n> <!-- c\n"


def test_a_source_that_cannot_be_read_has_no_canonical_form() -> None:
    with pytest.raises(TranscriptError):
        formatted("### usr\n\n> a\n")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_of_the_specification_says_the_same_as_before(path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    result = formatted(text)
    assert formatted(result) == result


bodies = st.one_of(
    plain_texts.map(frame), plain_texts.map(lambda text: f"<blockquote>\n{text}\n</blockquote>"),
    hazardous_texts.map(quote), hazardous_texts.map(write),
)  # fmt: skip
notes = st.sampled_from(
    ("", "\n", "\n\n\n", "A note.\n", "<!-- a\n\n\nb -->\n", "***\n", "- a\n- b\n")
)
messages = st.tuples(st.sampled_from(("user", "system", "user,like", "assistant", "tool,  a")), notes, bodies, notes).map(
    lambda made: f"###  {made[0]}\n{made[1]}{made[2]}\n\n{made[3]}"
)  # fmt: skip
sources = st.tuples(
    st.sampled_from(
        ("", "---\nmodel: m # why\n---\n", "# Title #\n", "## One\n```yaml\nn: 1\n```\n")
    ),
    st.lists(messages, max_size=4),
).map(lambda made: made[0] + "".join(made[1]))


@given(sources)
def test_a_file_says_the_same_afterwards_and_twice_is_as_once(source: str) -> None:
    try:
        before = reader.parse(source)
    except TranscriptError:
        return
    result = formatted(source)
    assert reader.parse(result) == before
    assert formatted(result) == result
