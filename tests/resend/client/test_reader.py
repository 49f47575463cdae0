import gzip

import pytest

from rechat.resend.client.reader import ResponseReader
from rechat.resend.client.reader import WireError

WHOLE = [
    b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\na: b\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
]


@pytest.mark.parametrize("wire", WHOLE)
@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_a_body_is_the_same_however_it_is_cut(wire: bytes, step: int) -> None:
    reader = ResponseReader()
    body = b"".join(reader.feed(wire[at : at + step]) for at in range(0, len(wire), step))
    assert (body, reader.status, reader.is_done, reader.is_last) == (b"hello", 200, True, False)


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (b"5\r\nhello\r\n", b"hello"),
        (b"5\r\nhel", b"hel"),
        (b"2\r\nhe\r\n3\r\nllo\r\n", b"hello"),
        (b"7\r\nhello\r\n\r\n", b"hello\r\n"),
    ],
    ids=["one chunk", "a part", "two", "one with a line end"],
)
def test_chunks_are_read_one_by_one_or_together(data: bytes, body: bytes) -> None:
    reader = ResponseReader()
    reader.feed(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    assert reader.feed(data) == body
    assert not reader.is_done


def test_a_chunk_that_is_longer_than_it_says_is_told() -> None:
    reader = ResponseReader()
    reader.feed(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    with pytest.raises(WireError, match="longer than it says"):
        reader.feed(b"4\r\nhello\r\n")


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    reader = ResponseReader()
    assert reader.feed(b"HTTP/1.1 200 OK\r\n\r\nhel") == b"hel"
    assert reader.feed(b"lo") == b"lo"
    assert not reader.is_done
    reader.close()
    assert reader.is_done
    assert reader.is_last


def test_a_compressed_body_is_plain_piece_by_piece() -> None:
    packed = gzip.compress(b"hello")
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed)
    wire = head + packed
    reader = ResponseReader()
    assert b"".join(reader.feed(wire[at : at + 1]) for at in range(len(wire))) == b"hello"
    assert reader.is_done


@pytest.mark.parametrize(
    "wire",
    [
        b"SSH-2.0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"a" * (1 << 17),
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
    ],
)
def test_what_is_no_answer_is_told(wire: bytes) -> None:
    with pytest.raises(WireError):
        ResponseReader().feed(wire)


@pytest.mark.parametrize("wire", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe"])
def test_an_answer_that_is_cut_off_is_none(wire: bytes) -> None:
    reader = ResponseReader()
    reader.feed(wire)
    with pytest.raises(WireError, match="the connection ended"):
        reader.close()


@pytest.mark.parametrize(
    "head", [b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 200 OK\r\nconnection: close\r\n"]
)
def test_a_connection_is_not_used_again_if_the_server_closes_it(head: bytes) -> None:
    reader = ResponseReader()
    reader.feed(head + b"content-length: 0\r\n\r\n")
    assert reader.is_done
    assert reader.is_last
