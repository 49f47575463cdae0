"""Plain requests, and those that are left to mitmproxy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.proxy.hits.framing import Chunks
from rechat.proxy.hits.framing import Head
from rechat.proxy.hits.framing import read_head

PLAIN = b"POST /v1/chat/completions?a=b HTTP/1.1\r\nHost: localhost:8910\r\nContent-Length: 12"


def test_a_plain_head_is_read() -> None:
    assert read_head(PLAIN) == Head(
        "POST",
        "/v1/chat/completions",
        "a=b",
        (("host", "localhost:8910"), ("content-length", "12")),
        "localhost:8910",
        12,
        is_expecting=False,
    )


def test_a_body_may_come_in_chunks_or_wait_to_be_asked_for() -> None:
    chunked = read_head(
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nexpect: 100-continue"
    )
    assert chunked
    assert chunked.length is None
    assert chunked.is_expecting


@pytest.mark.parametrize(
    "head",
    [
        PLAIN + b"\r\nConnection: Keep-Alive",
        PLAIN + b"\r\nExpect: 100-Continue",
        PLAIN.replace(b"12", b"99999999999"),
        PLAIN + b"\r\nX: " + b"a" * ((1 << 16) - len(PLAIN) - 5),
        PLAIN + b"\r\nX: a\r\nX: b",
    ],
)
def test_what_only_looks_odd_is_plain(head: bytes) -> None:
    assert read_head(head)


NOT_PLAIN = ("Te", "Trailer", "Proxy-Connection", "HTTP2-Settings", "Upgrade", "Sec-Fetch-Site")


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_a_field_that_asks_for_more_than_an_answer_is_not_plain(name: str) -> None:
    assert read_head(PLAIN + b"\r\n" + name.encode() + b": a") is None


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"GET / HTTP/1.1",  # no host
        PLAIN.replace(b"HTTP/1.1", b"HTTP/1.0"),
        PLAIN.replace(b"POST /v1", b"POST http://a/v1"),
        PLAIN.replace(b"POST /", b"CONNECT /"),
        PLAIN.replace(b"POST /", b"OPTIONS /"),
        PLAIN.replace(b"POST /", b"POST  /"),
        PLAIN.replace(b"completions?", "größe?".encode()),
        PLAIN + b"\r\nContent-Length: 12",
        PLAIN + b"\r\nTransfer-Encoding: chunked",
        PLAIN.replace(b"Content-Length: 12", b"Transfer-Encoding: gzip, chunked"),
        PLAIN.replace(b"12", b"-12"),
        PLAIN.replace(b"12", b"+12"),
        PLAIN.replace(b"12", b"12, 12"),
        PLAIN.replace(b"12", b"0x12"),
        PLAIN.replace(b"12", b"9999999999999999999"),
        PLAIN.replace(b"Length: ", b"Length : "),
        PLAIN.replace(b"Host: ", b" Host: "),
        PLAIN + b"\r\nX: a\r\n folded",
        PLAIN + b"\r\nX: a\nY: b",
        PLAIN + b"\r\nX: a\0b",
        PLAIN + b"\r\nHost: other",
        PLAIN + b"\r\nConnection: close",
        PLAIN + b"\r\nConnection: Upgrade\r\nUpgrade: websocket",
        PLAIN + b"\r\nUpgrade: h2c",
        PLAIN + b"\r\nExpect: a miracle",
        PLAIN + b"\r\nOrigin: http://evil.example",
        PLAIN + b"\r\nSec-Fetch-Site: cross-site",
        PLAIN + b"\r\nContent-Encoding: zstd",
        PLAIN + b"\r\nProxy-Authorization: Basic x",
        PLAIN + b"\r\nX: " + b"a" * ((1 << 16) - len(PLAIN) - 4),
    ],
)
def test_what_is_not_plain_is_not_read(head: bytes) -> None:
    assert read_head(head) is None


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.binary(max_size=20))
def test_chunks_are_put_together_wherever_they_are_cut(pieces: list[bytes], rest: bytes) -> None:
    raw = b"head" + b"".join(b"%X;x=y\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"
    chunks = Chunks(4)
    for end in range(4, len(raw)):
        assert chunks.read(raw[:end]) is None
    assert chunks.read(raw + rest) == (b"".join(pieces), len(raw))


def test_a_size_that_is_not_whole_is_waited_for() -> None:
    assert Chunks(3).read(b"...1;" + b"x" * 298) is None


@pytest.mark.parametrize(
    "raw", [b"x\r\n", b"3\r\nabcd\r\n", b"0\r\nTrailer: a\r\n\r\n", b"-1\r\n", b"\n", b"1" * 301]
)
def test_what_is_no_chunk_is_told(raw: bytes) -> None:
    with pytest.raises(ValueError, match="chunk"):
        Chunks(0).read(raw)
