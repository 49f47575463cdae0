"""What stands between tags."""

import re

from hypothesis import given
from hypothesis import strategies as st

from rechat.values.tags import enclosed
from rechat.values.tags import in_enclosed

PIECES = st.sampled_from(["<a>", "</a>", "<b-1>", "</b-1>", "<", ">", "</", "a", "\n", "é", "<é>"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_spans_are_those_of_the_plain_expression(text: str) -> None:
    plain = re.finditer(r"<([\w-]+)>[\s\S]*?</\1>", text)
    assert list(enclosed(text)) == [match.span() for match in plain]


def test_only_the_names_that_count_are_found() -> None:
    text = "<b><a>1</a></b> <a>2</a>"
    assert [text[start:end] for start, end in enclosed(text, "a")] == ["<a>1</a>", "<a>2</a>"]


def test_what_is_enclosed_changes_and_the_rest_stays() -> None:
    assert in_enclosed("x <a>y</a> z <b>", str.upper) == "x <A>Y</A> z <b>"


def test_tags_that_are_never_closed_cost_no_more_than_others() -> None:
    names = "".join(f"<x{number}>" for number in range(100_000))
    assert list(enclosed(names)) == []
    assert list(enclosed(f"{names}</y>")) == []
    assert list(enclosed("<a>" * 300_000 + "</b>")) == []
