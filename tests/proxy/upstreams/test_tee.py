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


@pytest.mark.parametrize(
    "last",
    [
        b'event: message_stop\ndata: {"type":"message_stop"}\n\n',
        b'data: {"type": "message_stop"}\n\n',
        b'event: response.completed\ndata: {"type":"response.completed","response":{}}\n\n',
        b'data: {"type":"response.incomplete","response":{}}\r\n\r\n',
    ],
)
@pytest.mark.parametrize("at", [None, 25])
def test_the_last_event_and_what_follows_it_are_held_back(last: bytes, at: int | None) -> None:
    tee = Tee(0.0)
    tee.hold_end(None, has_mark=True)
    assert tee(b"data: {}\n\n") == b"data: {}\n\n"
    pieces = [last] if at is None else [last[:at], last[at:]]
    passed = b"".join(out for piece in pieces if isinstance(out := tee(piece), bytes))
    assert (tee.is_last, tee.is_complete, tee.is_between_events) == (True, False, True)
    assert tee(b"data: [DONE]\n\n") == ()
    assert tee.is_complete
    assert passed + tee.release() == last + b"data: [DONE]\n\n"
    assert tee.held == b""
    assert tee(b"more") == b"more"


def test_the_name_of_the_last_event_in_a_text_is_none() -> None:
    tee = Tee(0.0)
    tee.hold_end(None, has_mark=True)
    text = b'data: {"delta": "event: message_stop {\\"type\\": \\"message_stop\\"}"}\n\n'
    assert tee(text) == text


def test_what_passes_at_once_is_told() -> None:
    seen: list[bytes] = []
    tee = Tee(0.0, passed=seen.append)
    tee.hold_end(3, has_mark=False)
    for piece in (b"a", b"bc", b""):
        tee(piece)
    assert seen == [b"a"]


def test_a_body_that_is_too_long_passes_and_nothing_of_it_is_kept() -> None:
    seen: list[bytes] = []
    tee = Tee(0.0, seen.append, limit=3)
    tee.hold_end(6, has_mark=False)
    assert [tee(piece) for piece in (b"ab", b"cd", b"ef", b"")] == [b"ab", b"cd", b"ef", b""]
    assert seen == [b"ab"]
    with pytest.raises(ValueError, match="more than 3 bytes"):
        tee.response(200, (), "")
