"""The bytes of a response, kept while they pass."""

import gzip

import pytest

from rechat.proxy.tee import Tee


def test_each_piece_passes_and_is_kept_with_its_time() -> None:
    tee = Tee(0.0)
    assert [tee(piece) for piece in (b"a", b"b")] == [b"a", b"b"]
    assert not tee.is_whole
    assert tee(b"") == b""
    assert tee.is_whole
    response = tee.response(200, (), "")
    assert [piece.data for piece in response.pieces] == [b"a", b"b"]
    assert 0 < response.pieces[0].at <= response.pieces[1].at


def test_a_body_that_broke_off_is_an_error() -> None:
    tee = Tee(0.0)
    tee(b"half")
    with pytest.raises(ValueError, match="broke off"):
        tee.response(200, (), "")


def test_events_tell_themselves_where_they_end() -> None:
    tee = Tee(0.0)
    tee(b"data: [DONE]\n\n")
    assert tee.response(200, (), "", tells_its_end=True).body == b"data: [DONE]\n\n"


def test_somebody_may_watch() -> None:
    seen: list[bytes] = []
    tee = Tee(0.0, seen.append)
    for piece in (b"a", b"b", b""):
        tee(piece)
    assert seen == [b"a", b"b"]


def test_an_encoded_body_is_decoded() -> None:
    tee = Tee(0.0)
    packed = gzip.compress(b"hello")
    for piece in (packed[:5], packed[5:], b""):
        tee(piece)
    assert tee.response(200, (), "gzip").body == b"hello"


def test_a_body_that_is_not_in_its_encoding_is_an_error() -> None:
    tee = Tee(0.0)
    tee(b"no gzip")
    tee(b"")
    with pytest.raises(ValueError, match=r"(?i)gzip"):
        tee.response(200, (), "gzip")
