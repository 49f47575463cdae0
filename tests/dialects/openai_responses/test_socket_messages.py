"""Messages of a web socket: requests and events, and the stream they stand for."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects import socket_messages as messages
from rechat.values import BodyError
from rechat.values import HttpResponse
from rechat.values import Piece

STREAM = (("content-type", "text/event-stream"),)


def said(**value: Any) -> bytes:
    return json.dumps(value).encode()


def test_a_request_is_the_body_of_a_post_that_streams() -> None:
    value = {"type": "response.create", "model": "m", "input": "Hi", "stream_id": "a"}
    request = messages.read_create(value)
    assert request == messages.SocketRequest({"model": "m", "input": "Hi", "stream": True}, "a")
    assert not messages.read_create(value | {"generate": False}).generates


@pytest.mark.parametrize("message", [b"", b"no", b"[]", b"\xff", b'"a"'])
def test_what_is_no_object_is_no_message(message: bytes) -> None:
    with pytest.raises(BodyError):
        messages.read_kind(message)


def test_who_steers_a_replay_gets_the_input_back() -> None:
    value = {"type": "response.steer", "previous_response_id": "r", "input": "Hm"}
    told = json.loads(messages.refused(value))
    assert told["type"] == "response.steer.failed"
    assert told["steer"] == {"previous_response_id": "r", "input": "Hm"}
    assert told["error"]["code"] == "steering_not_supported"
    assert "`response.steer` is for an upstream" in told["error"]["message"]


def test_who_injects_into_a_replay_gets_the_input_back() -> None:
    value = {"type": "response.inject", "response_id": "r", "input": []}
    told = json.loads(messages.refused(value))
    assert (told["type"], told["response_id"], told["input"]) == ("response.inject.failed", "r", [])
    assert told["error"]["code"] == "response_not_found"


@pytest.mark.parametrize(
    ("value", "named"), [({"type": "session.update"}, "`session.update`"), ({}, "without a type")]
)
def test_any_other_message_is_refused_by_its_type(value: Any, named: str) -> None:
    with pytest.raises(BodyError, match=named):
        messages.refused(value)


def test_an_event_is_kept_without_its_lane_and_else_as_it_came() -> None:
    event = messages.read_event(b'{"type": "x",  "n": 1.0}')
    assert event.in_a_stream == b'event: x\ndata: {"type": "x",  "n": 1.0}\n\n'
    event = messages.read_event(said(type="x", stream_id="a", response={"id": "r"}))
    assert (event.kind, event.lane, event.response) == ("x", "a", "r")
    assert b"stream_id" not in event.in_a_stream


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        ("response.completed", True),
        ("response.incomplete", True),
        ("response.failed", True),
        ("error", True),
        ("response.output_text.delta", False),
    ],
)
def test_the_type_of_an_event_tells_whether_it_is_the_last(kind: str, ends: bool) -> None:
    assert messages.read_event(said(type=kind)).is_end is ends


def test_an_error_with_a_status_is_the_whole_response_of_a_post() -> None:
    error = {"code": "c", "message": "No."}
    instead = messages.read_event(said(type="error", status=404, error=error)).instead
    assert instead
    assert (instead.status, json.loads(instead.body)) == (404, {"error": error})
    assert messages.read_event(said(type="error", error=error)).instead is None
    assert messages.read_event(said(type="error", status=200, error=error)).instead is None


def test_an_error_of_the_socket_says_nothing_of_the_question() -> None:
    event = said(type="error", status=400, error={"code": "previous_response_not_found"})
    assert messages.read_event(event).is_of_the_socket
    assert not messages.read_event(said(type="error", error={"code": "c"})).is_of_the_socket


@given(st.lists(st.text(), min_size=1, max_size=5), st.data())
def test_however_a_stream_is_cut_its_messages_are_the_same(
    texts: list[str], data: st.DataObject
) -> None:
    sent = [said(type="x", text=text) for text in texts]
    body = b"".join(messages.read_event(message).in_a_stream for message in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=6)))
    pieces = [
        Piece(float(at), body[start:end])
        for at, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(body)], strict=True))
    ]
    found = list(messages.messages_of(HttpResponse(200, STREAM, tuple(pieces)), ""))
    assert [piece.data for piece in found] == sent
    assert [piece.at for piece in found] == sorted(piece.at for piece in found)


def test_marks_and_comments_of_a_stream_are_no_messages() -> None:
    body = b': hello\n\ndata: {"type":"x"}\n\ndata: [DONE]\n\n'
    (piece,) = messages.messages_of(HttpResponse.whole(200, STREAM, body), "a")
    assert json.loads(piece.data) == {"type": "x", "stream_id": "a"}


@pytest.mark.parametrize(
    ("body", "message"),
    [(b'{"error": {"message": "No."}}', "No."), (b"Bad Gateway", "Bad Gateway"), (b"{}", "{}")],
)
def test_any_other_response_is_told_as_an_error(body: bytes, message: str) -> None:
    (piece,) = messages.messages_of(HttpResponse.whole(502, (), body), "")
    told = json.loads(piece.data)
    assert (told["type"], told["status"], told["error"]["message"]) == ("error", 502, message)


def test_a_request_that_asks_with_all_that_went_before_names_nothing_to_go_on_from() -> None:
    value = {"type": "response.create", "previous_response_id": "r", "input": "b", "store": False}
    whole = said(model="m", input=["a", "b"], instructions="Be kind.", stream=True)
    assert json.loads(messages.write_create(value, whole)) == {
        "type": "response.create",
        "store": False,
        "input": ["a", "b"],
        "instructions": "Be kind.",
    }


def test_many_small_pieces_are_read_in_linear_time() -> None:
    """2 MB that come byte by byte: joined again and again they would be 2 TB."""
    body = messages.read_event(said(type="x", text="a" * 2_000_000)).in_a_stream
    pieces = tuple(Piece(0.0, body[at : at + 1]) for at in range(len(body)))
    assert len(list(messages.messages_of(HttpResponse(200, STREAM, pieces), ""))) == 1
