"""When the pieces of an answer leave."""

import pytest

from rechat.answering.pace import Pace
from rechat.answering.pace import delayed
from rechat.answering.pace import paced
from rechat.answering.pace import parse
from rechat.values.errors import UsageError
from rechat.values.http import HttpResponse
from rechat.values.http import Piece

EVENTS = b"data: a\n\ndata: b\r\n\r\ndata: [DONE]\n\n"
STREAM = HttpResponse(
    200,
    (("content-type", "text/event-stream; charset=utf-8"),),
    (Piece(3.0, EVENTS[:5]), Piece(9.0, EVENTS[5:])),
)


@pytest.mark.parametrize(
    ("spec", "pace"),
    [
        ("none", None),
        ("recorded", Pace(None)),
        ("50", Pace(50.0)),
        ("12.5:0.4", Pace(12.5, 0.4)),
    ],
)
def test_a_pace_is_read(spec: str, pace: Pace | None) -> None:
    assert parse(spec) == pace


@pytest.mark.parametrize("spec", ["", "fast", "-1", "0", "0:1", "50:", "1e3", "50 tokens"])
def test_what_is_no_pace_is_told(spec: str) -> None:
    with pytest.raises(UsageError, match=r"--pace .*: expected none, recorded, or"):
        parse(spec)


def test_a_delay_is_added_to_the_time_of_each_piece() -> None:
    assert [piece.at for piece in delayed(STREAM, 1.5).pieces] == [1503.0, 1509.0]


def test_without_a_pace_all_leaves_at_once() -> None:
    assert paced(STREAM, None, 2).pieces == (Piece(0.0, EVENTS),)
    assert paced(HttpResponse(204), None, 0).pieces == ()


def test_recorded_times_stay() -> None:
    assert paced(STREAM, Pace(None), 2) == STREAM


FRAMED = {
    "chat": [
        (400.0, b'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n'),
        (400.0, b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'),
        (500.0, b'data: {"choices":[{"delta":{"content":"b"}}]}\n\n'),
        (500.0, b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'),
        (500.0, b"data: [DONE]\n\n"),
    ],
    "responses": [
        (400.0, b'data: {"type":"response.created","response":{"instructions":"x"}}\n\n'),
        (400.0, b'data: {"type":"response.content_part.added","part":{"text":""}}\n\n'),
        (400.0, b'data: {"type":"response.output_text.delta","delta":"a"}\n\n'),
        (500.0, b'data: {"type":"response.output_text.delta","delta":"b"}\n\n'),
        (500.0, b'data: {"type":"response.output_text.done","text":"ab"}\n\n'),
        (500.0, b'data: {"type":"response.completed","response":{"text":"ab"}}\n\n'),
    ],
    "anthropic": [
        (400.0, b'data: {"type":"message_start","message":{"content":[]}}\n\n'),
        (400.0, b'data: {"type":"content_block_delta","delta":{"thinking":"a"}}\n\n'),
        (500.0, b'data: {"type":"content_block_delta","delta":{"text":"b"}}\n\n'),
        (600.0, b'data: {"type":"content_block_delta","delta":{"partial_json":"{"}}\n\n'),
        (600.0, b'data: {"type":"message_stop"}\n\n'),
    ],
}


@pytest.mark.parametrize("api", FRAMED)
def test_events_that_frame_the_text_take_no_time(api: str) -> None:
    pieces = tuple(Piece(at, data) for at, data in FRAMED[api])
    response = HttpResponse(200, STREAM.headers, (Piece(0.0, b"".join(p.data for p in pieces)),))
    assert paced(response, Pace(10, 0.4), 2).pieces == pieces


def test_at_a_rate_each_event_without_text_is_a_token() -> None:
    assert paced(STREAM, Pace(50, 0.1), 99).pieces == (
        Piece(100.0, b"data: a\n\n"),
        Piece(120.0, b"data: b\r\n\r\n"),
        Piece(140.0, b"data: [DONE]\n\n"),
    )


def test_lines_of_json_are_events_too() -> None:
    lines = HttpResponse.whole(200, (("content-type", "application/x-ndjson"),), b"{}\n{}\n{}")
    assert [piece.data for piece in paced(lines, Pace(10), 3).pieces] == [b"{}\n", b"{}\n", b"{}"]


def test_an_answer_that_is_not_streamed_arrives_with_its_last_token() -> None:
    whole = HttpResponse.whole(200, (("content-type", "application/json"),), b"{}")
    assert paced(whole, Pace(50, 0.5), 100).pieces == (Piece(2500.0, b"{}"),)
