"""The body of a response as JSON, however it was sent."""

import json
from typing import Any

import pytest

from rechat.dialects.shared.bodies.events import Events
from rechat.dialects.shared.bodies.events import read
from rechat.values.errors import BodyError
from rechat.values.http import HttpResponse

ONE, TWO = {"id": "1"}, {"id": "2", "text": "é"}
STREAM = 'data: {"id": "1"}\n\ndata: {"id": "2", "text": "é"}\n\n'
DONE = "data: [DONE]\n\n"


def response(body: str | bytes, kind: str = "text/event-stream") -> HttpResponse:
    content = body.encode() if isinstance(body, str) else body
    return HttpResponse.whole(200, (("Content-Type", kind),) if kind else (), content)


@pytest.mark.parametrize(
    "kind",
    ["text/event-stream", "Text/Event-Stream; charset=utf-8", "application/json", "text/plain", ""],
)
def test_a_stream_of_events_is_one_under_any_content_type(kind: str) -> None:
    assert read(response(STREAM, kind)) == Events([ONE, TWO])


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/json", "text/plain", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_lines_of_json_are_a_stream_under_any_content_type(kind: str, end: str) -> None:
    body = end.join(json.dumps(value, ensure_ascii=False) for value in (ONE, TWO))
    assert read(response(body, kind)) == Events([ONE, TWO])
    assert read(response(body + end, kind)) == Events([ONE, TWO])


def test_a_single_line_is_a_stream_only_if_the_content_type_says_so() -> None:
    assert read(response('{"id": "1"}\n', "application/x-ndjson")) == Events([ONE])
    assert read(response('{"id": "1"}\n', "application/json")) == ONE


def test_an_array_is_a_stream_of_its_objects() -> None:
    events = Events([ONE], array=[ONE, 1])
    assert read(response('[{"id": "1"},\r\n1]', "application/json")) == events


STREAMS = {
    "done": STREAM + DONE,
    "done with blanks": STREAM + "data: [DONE] \n\n",
    "done without a space": STREAM + "data:[DONE]\n\n",
    "events with two prefixes": STREAM.replace("data: ", "data: data:") + DONE,
    "done early": 'data: {"id": "1"}\n\n' + DONE + 'data: {"id": "2", "text": "é"}\n\n',
    "events a line end apart": STREAM.replace("\n\n", "\n") + "data: [DONE]\n\n",
}


@pytest.mark.parametrize("case", STREAMS)
def test_done_ends_a_stream_wherever_it_stands(case: str) -> None:
    assert read(response(STREAMS[case])) == Events([ONE, TWO], is_done=True)


NOTHING_SAID = {
    "comments": ": keep-alive\n\n" + STREAM.replace("\n\n", "\n\n:\n\n"),
    "empty events": "data:\n\ndata: \n\n" + STREAM + "event: ping\n\n",
    "words": STREAM.replace("\n\n", "\n\ndata: ping\n\n"),
    "json that is no object": STREAM + "data: null\n\ndata: []\n\ndata: {}\n\ndata: 1\n\n",
    "a byte-order mark": "\ufeff" + STREAM,
    "white space before": "\n\n  \n" + STREAM,
    "fields that only a reconnecting client needs": "retry: 5\nid: 7\n" + STREAM,
}


@pytest.mark.parametrize("case", NOTHING_SAID)
@pytest.mark.parametrize("kind", ["text/event-stream", "application/json"])
def test_what_only_keeps_a_connection_alive_says_nothing(case: str, kind: str) -> None:
    assert read(response(NOTHING_SAID[case], kind)) == Events([ONE, TWO])


def test_a_whole_body_may_be_sent_as_a_stream_and_say_that_it_is_done() -> None:
    assert read(response('{"id": "1"}')) == ONE
    assert read(response('\ufeff {"id": "1"}data: [DONE]\n\n')) == ONE


def test_json_over_several_lines_of_an_event_is_one_value() -> None:
    assert read(response('data: {"id":\ndata: "1"}\n\n')) == Events([ONE])


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (STREAM + 'data: {"id"', "text/event-stream", "the stream was truncated"),
        (STREAM + "data: [DO", "text/event-stream", "the stream was truncated"),
        (STREAM + 'data: {"id"\n\n' + DONE, "text/event-stream", "the stream was truncated"),
        (b"data: \xff\n\n", "text/event-stream", "the stream was truncated"),
        (b"\xff\n", "application/x-ndjson", "the stream was truncated"),
        ('{"id": "1"}\n{"id"', "application/x-ndjson", "the stream was truncated"),
        ('{"id": "1"}\n{"id"', "application/json", "the stream was truncated"),
        ('{"id": ', "application/json", "the answer is not whole"),
        ('{\n  "id": ', "application/json", "the answer is not whole"),
        ("[", "application/json", "the answer is not whole"),
        ('"x"', "application/json", "not a string"),
        ("", "application/json", "the answer is not whole"),
        (b"\xff", "application/json", "the answer is not whole"),
    ],
)
def test_half_a_body_is_none(body: str | bytes, kind: str, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        read(response(body, kind))


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "ISO-8859-1"),
        ("utf-8", "x-none"),
        ("utf-16", '"UTF-16"'),
        ("utf-16-le", "utf-16le"),
        ("utf-32", "utf-32"),
        ("latin-1", "iso-8859-1"),
        ("cp1252", "windows-1252; a=b"),
    ],
)
def test_a_text_is_in_the_charset_that_the_content_type_names(encoding: str, charset: str) -> None:
    for body, kind, said in (
        (STREAM, "text/event-stream", Events([ONE, TWO])),
        (json.dumps(TWO, ensure_ascii=False), "application/json", TWO),
    ):
        assert read(response(body.encode(encoding), f"{kind}; charset={charset}")) == said


@pytest.mark.parametrize("charset", ["utf-8", "x-none", "hex", "utf-16-x", ""])
def test_a_text_in_another_charset_is_none(charset: str) -> None:
    kind = f"application/json; charset={charset}"
    with pytest.raises(BodyError, match="not whole"):
        read(response(json.dumps(TWO, ensure_ascii=False).encode("latin-1"), kind))


def test_an_empty_stream_has_no_events() -> None:
    assert read(response("")) == Events([])
    assert read(response("", "application/x-ndjson")) == Events([])


@pytest.mark.parametrize(
    ("typed", "body", "expected"),
    [
        (True, 'event: a.b\ndata: {"n": 1}\n\n', {"type": "a.b", "n": 1}),
        (True, 'event: a.b\ndata: {"type": "c"}\n\n', {"type": "c"}),
        (False, 'event: a.b\ndata: {"n": 1}\n\n', {"n": 1}),
        (False, 'event: error\ndata: {"message": "no"}\n\n', {"error": {"message": "no"}}),
        (False, 'event: error\ndata: {"error": "no"}\n\n', {"error": "no"}),
    ],
)
def test_an_event_is_known_by_its_name(typed: bool, body: str, expected: Any) -> None:
    assert read(response(body), typed=typed) == Events([expected])


def test_a_field_may_tell_an_error() -> None:
    told = read(response(STREAM + 'error: {"code": 400}\n\n'))
    assert isinstance(told, Events)
    assert told.values[-1] == {"error": {"code": 400}}
    assert read(response('error: {"code": 400}\n\n', "")) == Events(told.values[-1:])


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body", ["data:" * 1_000_000 + "{", " " * 4_000_000, "\n" * 4_000_000, "{" * 1_000_000]
)
def test_a_long_body_of_nothing_is_read_in_linear_time(body: str) -> None:
    with pytest.raises(BodyError):
        read(response(body, "application/json"))


@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize(
    "told",
    [
        "data: error: it died",
        "data: [ERROR] it died",
        "data: **Error**",
        "event: error\ndata: died",
    ],
)
def test_an_error_in_words_is_an_error(told: str, typed: bool) -> None:
    found = read(response(f"{STREAM}{told}\n\n{DONE}"), typed=typed)
    assert isinstance(found, Events)
    message = told.removeprefix("event: error\n").removeprefix("data: ")
    assert found.values[2:] == [{"type": "error", "error": {"message": message}}]


@pytest.mark.parametrize("word", ["ping", "errors: 0", "no error", "2"])
def test_other_words_keep_a_connection_alive(word: str) -> None:
    assert read(response(f"data: {word}\n\n{STREAM}{DONE}")) == Events([ONE, TWO], is_done=True)


@pytest.mark.parametrize("end", ["\n", "\n\n", "\n\n" + DONE])
def test_an_error_in_a_line_of_no_field_is_an_error(end: str) -> None:
    found = read(response(STREAM + json.dumps({"error": {"code": 503}}) + end))
    assert isinstance(found, Events)
    assert found.values == [ONE, TWO, {"error": {"code": 503}}]
