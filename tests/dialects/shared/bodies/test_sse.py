"""Server-sent events, read as the standard says and written as SDKs need them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.shared.bodies import sse
from rechat.dialects.shared.bodies.sse import Event

READS = {
    "one event": ("data: a\n\n", [Event("a")]),
    "no space": ("data:a\n\n", [Event("a")]),
    "CRLF": ("data: a\r\n\r\ndata: b\r\n\r\n", [Event("a"), Event("b")]),
    "lone CR": ("data: a\r\rdata: b\r\r", [Event("a"), Event("b")]),
    "a name": ("event: ping\ndata: {}\n\n", [Event("{}", "ping")]),
    "several lines": ("data: a\ndata: b\n\n", [Event("a\nb")]),
    "comments and other fields": (": hello\nid: 1\nretry: 9\ndata: a\n\n", [Event("a")]),
    "a name without data": ("event: ping\n\ndata: a\n\n", [Event("a")]),
    "a byte order mark": ("\ufeffdata: a\n\n", [Event("a")]),
    "cut off": ("data: a\n\ndata: b", [Event("a"), Event("b")]),
    "nothing": ("", []),
}


@pytest.mark.parametrize("case", READS)
def test_reads(case: str) -> None:
    text, events = READS[case]
    assert list(sse.read(text)) == events


@given(st.lists(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]))))
def test_what_is_written_reads_the_same(texts: list[str]) -> None:
    events = [Event(text, "name") for text in texts]
    written = b"".join(map(sse.write, events)).decode()
    assert list(sse.read("x: so that no mark begins it\n" + written)) == events


def test_every_event_ends_in_a_blank_line() -> None:
    assert sse.write(Event("[DONE]")) == b"data: [DONE]\n\n"


def test_json_of_an_error_needs_no_field() -> None:
    text = 'data: 1\n\n{"type": "error", "message": "died"}\n\n{"other": 1}\n\n'
    assert list(sse.read(text)) == [
        sse.Event("1"),
        sse.Event('{"type": "error", "message": "died"}', "error"),
    ]
