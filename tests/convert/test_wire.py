"""Exchanges as rechat sees them on the wire."""

import gzip
import zlib

import pytest

from rechat.convert import wire
from rechat.convert.found import HttpExchange
from rechat.convert.found import Left
from rechat.convert.wire import exchange_of
from rechat.convert.wire import pairs_of
from rechat.convert.wire import unpacked

JSON = (("Content-Type", "application/json"),)


def test_the_address_and_the_headers_lose_their_credentials() -> None:
    key = "AIza" + "b" * 35
    found = exchange_of(
        "p",
        (
            "post",
            f"https://me:pw@h.example/v1beta/x?key={key}&a=1",
            (("x-api-key", key), *JSON),
            b"",
        ),
        (200, (("set-cookie", "a"), *JSON), b"{}"),
    )
    assert isinstance(found, HttpExchange)
    assert key not in repr(found)
    assert "pw" not in repr(found)
    assert (found.host, found.request.method, found.request.path) == (
        "h.example",
        "POST",
        "/v1beta/x",
    )


def test_a_response_that_cannot_be_unpacked_is_left() -> None:
    packed = (("content-encoding", "br"),)
    found = exchange_of("p", ("GET", "https://h/", (), b""), (200, packed, b"\xff\xfe\xfd"))
    assert isinstance(found, Left)


def test_a_body_is_unpacked_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unpacked(gzip.compress(b"hello")) == b"hello"
    assert unpacked(b"hello") == b"hello"
    with pytest.raises(zlib.error):
        unpacked(b"\x1f\x8bnothing")
    monkeypatch.setattr(wire, "_LARGEST", 100)
    with pytest.raises(ValueError, match="more than"):
        unpacked(gzip.compress(b"a" * 5000))


def test_headers_are_read_in_any_of_their_forms() -> None:
    assert pairs_of({"a": ["1", "2"], "b": "3"}) == (("a", "1"), ("a", "2"), ("b", "3"))
    assert pairs_of([{"name": "a", "value": "1"}, 5]) == (("a", "1"),)
    assert pairs_of(None) == ()
