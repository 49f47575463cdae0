"""Heads of upstreams that mitmproxy alone would refuse, and clients read."""

import h11
import pytest
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.net.http.http1 import read_response_head
from mitmproxy.net.http.validate import validate_headers

from rechat.proxy.layers.upstream_head import WithoutTrailers
from rechat.proxy.layers.upstream_head import is_interim
from rechat.proxy.layers.upstream_head import plain_head

OK = b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("fields", "plain"),
    [
        ([b"a: 1", b"b: 2"], [b"a: 1", b"b: 2"]),
        ([b"content-length: 3", b"Content-Length: 3"], [b"content-length: 3"]),
        ([b"content-length: 3", b"transfer-encoding: chunked"], [b"transfer-encoding: chunked"]),
        ([b"transfer-encoding: chunked", b"content-length: 3"], [b"transfer-encoding: chunked"]),
        ([b"content-length: 3, 3"], [b"content-length: 3"]),
        ([b"content-length: 3", b"transfer-encoding: identity"], [b"content-length: 3"]),
        ([b"X Odd Header: 1", b"a: 1"], [b"a: 1"]),
        ([b": nameless", b"a: 1"], [b"a: 1"]),
    ],
    ids=[
        "plain",
        "equal lengths",
        "length, chunks",
        "chunks, length",
        "a list of lengths",
        "the coding identity",
        "blank in a name",
        "no name",
    ],
)
def test_what_clients_read_is_read(fields: list[bytes], plain: list[bytes]) -> None:
    head = plain_head([OK, *fields])
    assert head == [OK, *plain]
    validate_headers(read_response_head(head))


def test_lengths_that_differ_are_left_for_mitmproxy_to_refuse() -> None:
    head = plain_head([OK, b"content-length: 3", b"content-length: 4"])
    with pytest.raises(ValueError, match="multiple content-length"):
        validate_headers(read_response_head(head))


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_an_answer_without_a_body_has_no_chunks(status: bytes) -> None:
    head = plain_head([b"HTTP/1.1 " + status, b"transfer-encoding: chunked"])
    assert head == [b"HTTP/1.1 " + status]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"HTTP/1.1 100 Continue", True),
        (b"HTTP/1.1 103 Early Hints", True),
        (b"HTTP/1.1 101 Switching Protocols", False),
        (b"HTTP/1.1 200 OK", False),
        (b"nothing", False),
    ],
)
def test_interim_answers_are_told_by_their_status(line: bytes, expected: bool) -> None:
    assert is_interim(line) is expected


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_any_lines_make_a_head(lines: list[bytes]) -> None:
    head = plain_head([OK, *lines])
    assert head[0] == OK
    names = {line.partition(b":")[0].lower() for line in lines}
    assert {line.partition(b":")[0].lower() for line in head[1:]} <= names


def test_what_follows_the_last_chunk_is_left_out() -> None:
    reader, buffer = WithoutTrailers(ChunkedReader()), ReceiveBuffer()
    buffer += b"2\r\n{}\r\n0\r\nx-usage: 1\r\n"
    piece = reader(buffer)
    assert isinstance(piece, h11.Data)
    assert bytes(piece.data) == b"{}"
    assert reader(buffer) is None
    buffer += b"\r\n"
    assert reader(buffer) == h11.EndOfMessage()
