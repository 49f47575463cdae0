"""How much is taken, and that no body unpacks to more."""

import gzip
import json
import zlib

import pytest
from mitmproxy.net import encoding

from rechat.proxy.limits import BODY
from rechat.proxy.limits import FIELDS
from rechat.proxy.limits import HEAD
from rechat.proxy.limits import UNPACKED
from rechat.proxy.limits import ExcessError
from rechat.proxy.limits import excess_of_body
from rechat.proxy.limits import excess_of_head
from rechat.proxy.limits import refused
from rechat.proxy.limits import unpacked

CODINGS = ["gzip", "deflate", "br", "zstd"]


def packed(data: bytes, coding: str) -> bytes:
    return bytes(encoding.encode(data, coding))


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", [0, 1, 70_000, 3 << 20])
def test_a_body_is_unpacked(coding: str, size: int) -> None:
    data = bytes(i % 251 for i in range(min(size, 70_000))) * max(1, size // 70_000)
    assert unpacked(packed(data, coding), coding.upper()) == data


def test_a_body_of_as_much_as_is_taken_is_unpacked() -> None:
    assert len(unpacked(gzip.compress(bytes(UNPACKED), 1), "gzip")) == UNPACKED


def test_several_streams_are_one_body() -> None:
    assert unpacked(gzip.compress(b"a") + gzip.compress(b"b"), "gzip") == b"ab"


@pytest.mark.parametrize("after", [bytes(8), b"\n", b"junk"], ids=["zeros", "line end", "junk"])
def test_what_follows_a_stream_is_left_out(after: bytes) -> None:
    assert unpacked(gzip.compress(b"{}") + after, "gzip") == b"{}"


def test_a_second_stream_that_is_cut_is_refused() -> None:
    with pytest.raises(ExcessError, match="is not 'gzip'"):
        unpacked(gzip.compress(b"a") + gzip.compress(b"b")[:-9], "gzip")


def test_deflate_without_its_frame_is_read() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert unpacked(packer.compress(b"hello") + packer.flush(), "deflate") == b"hello"


def test_a_coding_that_is_not_known_stays() -> None:
    assert unpacked(b"abc", "identity") == unpacked(b"abc", "rot13") == b"abc"


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_refused_before_it_is_unpacked(coding: str) -> None:
    bomb = packed(bytes(UNPACKED + (2 << 20)), coding)
    bombs = b"" if coding in ("deflate", "br") else bomb * 50
    with pytest.raises(ExcessError, match="may unpack to 67,108,864 bytes") as refused:
        unpacked(bomb + bombs, coding)
    assert refused.value.status == 413


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("problem", ["cut", "none"])
def test_what_is_not_in_its_coding_is_refused(coding: str, problem: str) -> None:
    data = packed(b"hello " * 900, coding)
    with pytest.raises(ExcessError, match=coding) as refused:
        unpacked(data[:-5] if problem == "cut" else b"{}" + data, coding)
    assert refused.value.status == 400


def test_heads_and_bodies_have_limits() -> None:
    assert excess_of_head(HEAD, FIELDS) is None
    assert excess_of_body(BODY) is None
    for excess, status in (
        (excess_of_head(HEAD + 1, 1), 431),
        (excess_of_head(1, FIELDS + 1), 431),
        (excess_of_body(BODY + 1), 413),
    ):
        assert excess
        assert excess.status == status


def test_a_refusal_is_in_the_words_of_the_api() -> None:
    excess = ExcessError(413, "too much")
    paths = ("/v1/messages", "/api/chat", "*")
    told = {path: refused(excess, "POST", f"{path}?key=secret").response for path in paths}
    assert {answer.status for answer in told.values()} == {413}
    assert json.loads(told["/api/chat"].body) == {"error": "rechat: too much"}
    assert json.loads(told["/v1/messages"].body)["error"]["type"] == "rechat_bad_request"
    assert json.loads(told["*"].body)["error"]["message"] == "rechat: too much"
    entry = refused(excess, "POST", "/v1/messages?key=secret").entry
    assert (entry.verdict, entry.target, entry.reason) == (
        "failed",
        "POST /v1/messages",
        "too much",
    )


@pytest.mark.parametrize("coding", ["identity", "UTF-8", "none", '""', "aws-chunked", "", " , "])
def test_what_is_no_coding_stays(coding: str) -> None:
    assert unpacked(b"{}", coding) == b"{}"


@pytest.mark.parametrize("coding", ["gzip, identity", "identity,GZIP", "utf-8, gzip"])
def test_of_several_codings_those_that_are_known_are_undone(coding: str) -> None:
    assert unpacked(gzip.compress(b"{}"), coding) == b"{}"


def test_the_last_coding_is_undone_first() -> None:
    assert unpacked(zlib.compress(gzip.compress(b"{}")), "gzip, deflate") == b"{}"
