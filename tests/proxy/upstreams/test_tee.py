"""The bytes of a response, kept while they pass."""

import gzip

import pytest

from rechat.proxy.upstreams.tee import Tee


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
    with pytest.raises(ValueError, match="truncated"):
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


def test_the_last_of_so_many_bytes_is_held_back() -> None:
    tee = Tee(0.0)
    tee.hold_end(5, has_mark=False)
    assert [tee(piece) for piece in (b"ab", b"cde", b"")] == [b"ab", (), b""]
    assert tee.held == b"cde"
    assert tee.response(200, (), "").body == b"abcde"


@pytest.mark.parametrize(
    "pieces", [[b"data: 1\n\ndata: [DONE]\n\n"], [b"data: [DO", b"NE]\n", b"\n"]]
)
def test_the_mark_of_the_end_is_held_back_however_it_is_cut(pieces: list[bytes]) -> None:
    tee = Tee(0.0)
    tee.hold_end(None, has_mark=True)
    *others, last = pieces
    assert [tee(piece) for piece in others] == others
    assert tee(last) == ()
    assert tee.held == last


@pytest.mark.parametrize(
    "text", [b'data: "data: [DONE]"\n\n', b"xdata: [DONE]\n\n", b"data: [DONE]\n"]
)
def test_what_only_looks_like_the_end_passes(text: bytes) -> None:
    tee = Tee(0.0)
    tee.hold_end(None, has_mark=True)
    assert tee(b"a\n") == b"a\n"
    assert tee(b"b" + text) == b"b" + text
    assert tee.held == b""


def test_without_being_told_nothing_is_held_back() -> None:
    tee = Tee(0.0)
    assert tee(b"data: [DONE]\n\n") == b"data: [DONE]\n\n"
