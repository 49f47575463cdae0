"""Heads of upstreams that mitmproxy alone would refuse, and clients read."""

import h11
import pytest
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from hypothesis import given
from hypothesis import strategies as st

from rechat.proxy.layers.upstream_head import WithoutTrailers
from rechat.proxy.layers.upstream_head import check
from rechat.proxy.layers.upstream_head import is_interim
from rechat.proxy.layers.upstream_head import plain_head

OK = b"HTTP/1.1 200 OK"
CHUNKED = b"transfer-encoding: chunked"


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
        ([b"content-length: 0190"], [b"content-length: 190"]),
        ([b"content-length: 000"], [b"content-length: 0"]),
        ([b"content-length: 3", b"content-length: 03"], [b"content-length: 3"]),
        ([b"content-length:", b" 3"], [b"content-length: 3"]),
        ([b"a: 1;", b"\t b", b" c", b"d: 2"], [b"a: 1; b c", b"d: 2"]),
        ([b" first", b"a: 1"], [b"a: 1"]),
        ([CHUNKED, CHUNKED], [CHUNKED]),
        ([b"transfer-encoding: chunked, Chunked"], [CHUNKED]),
        ([b"transfer-encoding: identity, chunked"], [CHUNKED]),
        ([b"transfer-encoding: chunked,"], [CHUNKED]),
        ([b"transfer-encoding:", b"content-length: 3"], [b"content-length: 3"]),
        ([b"content-length:", CHUNKED], [CHUNKED]),
        ([b"a: 1\x002", b"b: 1\r2", b"c: 3"], [b"c: 3"]),
        ([b"content-length: +3"], [b"content-length: 3"]),
        ([b"transfer-encoding: gzip, chunked"], [b"content-encoding: gzip", CHUNKED]),
        ([b"transfer-encoding: deflate", CHUNKED], [b"content-encoding: deflate", CHUNKED]),
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
        "zero in front",
        "nothing but zeros",
        "a length and the same with a zero",
        "folded length",
        "folded value",
        "folded before the first",
        "chunks twice",
        "a list of chunks",
        "identity, chunks",
        "comma at the end",
        "no coding",
        "no length, chunks",
        "null and line end in values",
        "plus in front",
        "compressed on the way",
        "compressed on the way, in two lines",
    ],
)
def test_what_clients_read_is_read(fields: list[bytes], plain: list[bytes]) -> None:
    head = plain_head([OK, *fields])
    assert head == [OK, *plain]
    check(head)


@pytest.mark.parametrize("kept", [[], [b"Connection: keep-alive"]], ids=["closed", "kept"])
def test_chunks_are_read_of_http_1_0_too(kept: list[bytes]) -> None:
    head = plain_head([b"HTTP/1.0 200 OK", *kept, CHUNKED])
    assert head == [OK, *kept, CHUNKED, *([] if kept else [b"connection: close"])]
    check(head)


@pytest.mark.parametrize(
    "head",
    [
        [b"HTTP/1.1 2000 OK"],
        [b"HTTP/1.1 000 OK"],
        [b"ICY 200 OK"],
        [OK, b"nocolon"],
        [OK, b"content-length: abc"],
        [OK, b"content-length:"],
        [OK, b"content-length: 3", b"content-length: 4"],
        [OK, b"transfer-encoding: utf-8", b"content-length: 3"],
    ],
    ids=lambda head: head[-1].decode(),
)
def test_what_no_client_reads_is_refused(head: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"Bad|Invalid|invalid|multiple|unknown"):
        check(plain_head(head))


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


def test_lines_after_the_last_chunk_need_not_be_headers() -> None:
    reader, buffer = WithoutTrailers(ChunkedReader()), ReceiveBuffer()
    buffer += b"2\r\n{}\r\n0\r\nX Odd: 1\r\n\r\n"
    assert isinstance(reader(buffer), h11.Data)
    assert reader(buffer) == h11.EndOfMessage()


def test_blanks_may_follow_the_size_of_a_chunk() -> None:
    reader, buffer = WithoutTrailers(ChunkedReader()), ReceiveBuffer()
    buffer += b"2 ;a=1\r\nhi\r\n0\t ; b\r\n\r\n"
    assert reader(buffer) == h11.Data(b"hi", chunk_start=True, chunk_end=True)
    assert isinstance(reader(buffer), h11.EndOfMessage)


def test_a_chunk_without_a_size_is_none() -> None:
    reader, buffer = WithoutTrailers(ChunkedReader()), ReceiveBuffer()
    buffer += b"zz\r\n{}\r\n"
    with pytest.raises(h11.ProtocolError):
        reader(buffer)


@pytest.mark.parametrize("size", [b"f" * 20, b"f" * 16])
def test_a_chunk_that_no_body_could_have_is_none(size: bytes) -> None:
    reader, buffer = WithoutTrailers(ChunkedReader()), ReceiveBuffer()
    buffer += size + b"\r\n{}\r\n"
    with pytest.raises(h11.ProtocolError):
        reader(buffer)


@pytest.mark.parametrize("length", [b"9" * 19, b"9" * 20, b"1" * 5000])
def test_a_length_that_no_body_could_have_is_told_by_its_digits(length: bytes) -> None:
    with pytest.raises(ValueError, match=f"has {len(length)} digits: no body is that long"):
        check(plain_head([OK, b"content-length: " + length]))


def test_the_longest_length_that_there_is_is_one() -> None:
    check([OK, b"content-length: 9223372036854775807"])
