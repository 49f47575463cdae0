"""HTTP messages as values."""

import pytest

from rechat.values.http import HttpResponse
from rechat.values.http import Piece
from rechat.values.http import check_headers
from rechat.values.http import header
from rechat.values.http import headers_under


def test_a_body_is_its_pieces() -> None:
    assert HttpResponse(200, (), (Piece(0, b"a"), Piece(1, b"b"))).body == b"ab"
    assert HttpResponse.whole(200, (), b"").pieces == ()


def test_a_header_is_found_whatever_its_case() -> None:
    assert header((("Content-Type", "a"), ("content-type", "b")), "content-type") == "a"
    assert header((), "content-type") == ""


def test_a_stream_is_known_by_its_content_type() -> None:
    assert HttpResponse(200, (("Content-Type", "text/event-stream; charset=utf-8"),)).is_stream
    assert not HttpResponse(200, (("content-type", "application/json"),)).is_stream


@pytest.mark.parametrize(
    "pair", [("a", "1\r\nb: 2"), ("a", "1\n2"), ("a", "\0"), ("a\r\nb", "1"), ("a b", ""), ("", "")]
)
def test_a_header_that_would_begin_another_is_refused(pair: tuple[str, str]) -> None:
    check_headers([("x-rechat", "hit"), ("a", "caf\xe9 \U0001f600\t")])
    with pytest.raises(ValueError, match="header"):
        check_headers([pair])


def test_only_a_location_from_the_root_is_put_under_a_base() -> None:
    headers = (("Location", "/b"), ("x", "/b"))
    assert headers_under("/a", headers) == (("Location", "/a/b"), ("x", "/b"))
    elsewhere = (("location", "//host/b"),)
    assert headers_under("/a", elsewhere) == elsewhere


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("../b?c#d", "/a/v1/b?c#d"),
        ("../../../../b", "/a/b"),
        ("x/../../b", "/a/v1/b"),
        ("..", "/a/v1/"),
        ("b", "b"),
        ("b?to=../c", "b?to=../c"),
        ("b#../c", "b#../c"),
        ("mailto:a/../b", "mailto:a/../b"),
        ("https://host/../b", "https://host/../b"),
        ("//host/../b", "//host/../b"),
        ("", ""),
    ],
)
def test_no_location_leads_up_and_out_of_a_base(location: str, expected: str) -> None:
    assert headers_under("/a", (("location", location),), "/v1/files/f") == (
        ("location", expected),
    )
