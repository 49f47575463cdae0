"""Endpoints that nobody took apart: kept whole, in forms that people can read."""

import base64
from dataclasses import replace

import pytest

from rechat.dialects.raw.dialect import Raw
from rechat.dialects.registry import dialect_of
from rechat.values.conversation import Answer
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.conversation import Text
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

RAW = Raw()
JSON = (("content-type", "application/json"),)
TEXT = (("content-type", "text/plain"),)
ASKED = Request({"method": "GET", "path": "/v1/files"}, (Message("request"),), api="raw")
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n'
    b"Content-Type: audio/wav\r\n\r\nRIFF\x00\r\n--x--\r\n"
)
FORMED = (("content-type", "multipart/form-data; boundary=x"),)


def post(body: bytes, headers: tuple[tuple[str, str], ...] = JSON) -> Request:
    return RAW.read_request(HttpRequest("POST", "/v1/moderations", "a=b", headers, body))


def test_it_claims_whatever_no_other_api_does() -> None:
    assert dialect_of("DELETE", "/v1/files/file-1") is not None
    assert dialect_of("OPTIONS", "/v1/chat/completions") is None
    assert dialect_of("GET", "/") is dialect_of("GET", "/_rechat/state") is None


def test_method_path_and_body_are_what_is_asked() -> None:
    asked = post(b'{"model": "m", "input": "a"}')
    assert asked.settings == {"model": "m", "method": "POST", "path": "/v1/moderations"}
    assert asked.query == "a=b"
    assert asked.messages == (
        Message("request", None, (), {"content": {"model": "m", "input": "a"}}),
    )


@pytest.mark.parametrize(
    ("body", "headers", "message"),
    [
        (b"", JSON, Message("request")),
        (b"plain words", TEXT, Message("request", "plain words")),
        (b'"words"', JSON, Message("request", '"words"')),
        (
            b"\xff\x00",
            (("content-type", "image/png"),),
            Message("request", None, (Media("file", "data:image/png;base64,/wA="),)),
        ),
        (
            FORM,
            FORMED,
            Message(
                "request",
                None,
                (
                    Text("whisper-1", {"name": "model"}),
                    Media(
                        "audio",
                        "data:audio/wav;base64,UklGRgA=",
                        {"name": "file", "filename": "a.wav"},
                    ),
                ),
            ),
        ),
    ],
)
def test_a_body_is_read_by_what_it_is(
    body: bytes, headers: tuple[tuple[str, str], ...], message: Message
) -> None:
    assert post(body, headers).messages == (message,)


def test_the_model_of_a_form_finds_the_upstream() -> None:
    assert post(FORM, FORMED).model == "whisper-1"


def test_a_secret_in_a_body_is_replaced() -> None:
    assert "sk-" not in str(post(b'{"key": "sk-abcdefghijklmnopqrstuvwx0123"}').messages)


def test_a_secret_in_a_file_is_replaced_on_both_ways() -> None:
    secret = b"key: sk-abcdefghijklmnopqrstuvwx0123\n"
    form = FORM.replace(b"RIFF\x00", secret)
    (part,) = post(form, FORMED).messages[0].parts_of(Media)
    assert b"sk-" not in base64.b64decode(part.url.partition(",")[2])
    kind = (("content-type", "application/octet-stream"),)
    received = RAW.read_answer(HttpResponse.whole(200, kind, secret))
    assert isinstance(received.answer, BinaryAnswer)
    assert b"sk-" not in received.answer.content
    assert not received.is_verbatim


def test_json_that_broke_off_is_an_error() -> None:
    with pytest.raises(BodyError, match="not JSON"):
        post(b"{")
    with pytest.raises(BodyError, match="not whole"):
        RAW.read_answer(HttpResponse.whole(200, JSON, b"{"))


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        (HttpResponse.whole(200, JSON, b'{"a":1.50}'), RawAnswer({"a": 1.5})),
        (HttpResponse.whole(201, JSON, b"[]"), RawAnswer([], 201)),
        (HttpResponse.whole(200, TEXT, b"WEBVTT"), RawAnswer("WEBVTT", 200, TEXT)),
        (
            HttpResponse.whole(200, (("content-type", "audio/mpeg"),), b"ID3"),
            BinaryAnswer(b"ID3", 200, (("content-type", "audio/mpeg"),)),
        ),
        (HttpResponse.whole(200, (), b"\xff"), BinaryAnswer(b"\xff")),
        (HttpResponse.whole(404, JSON, b'{"error":{}}'), ErrorAnswer(404, {"error": {}})),
    ],
)
def test_an_answer_is_kept_whole(response: HttpResponse, answer: object) -> None:
    received = RAW.read_answer(response).answer
    assert received == answer
    written = RAW.write_answer(received, ASKED)
    assert (written.status, written.body) == (
        response.status,
        response.body.replace(b"1.50", b"1.50"),
    )


def test_a_stream_with_an_error_that_may_pass_is_no_answer() -> None:
    stream = (("content-type", "text/event-stream"),)
    half = b'data: {"type":"speech.audio.delta","audio":"QUJD"}\n\n'
    failed = half + b'data: {"type":"error","error":{"code":"server_error","message":"no"}}\n\n'
    answer = RAW.read_answer(HttpResponse.whole(200, stream, failed)).answer
    assert isinstance(answer, ErrorAnswer)
    assert not answer.is_lasting
    refused = failed.replace(b"server_error", b"content_policy_violation")
    for body in (half, refused, b"data: {\n\n"):
        received = RAW.read_answer(HttpResponse.whole(200, stream, body)).answer
        assert received == RawAnswer(body.decode(), 200, stream)


def test_json_after_a_byte_order_mark_is_json() -> None:
    marked = HttpResponse.whole(200, JSON, b'\xef\xbb\xbf{"a":1}')
    assert RAW.read_answer(marked).answer == RawAnswer({"a": 1})


def test_a_request_is_written_again() -> None:
    assert RAW.write_request(post(b'{"a": 1}')) == b'{"a":1}'
    assert RAW.write_request(post(b"words", TEXT)) == b"words"
    assert RAW.write_request(post(b"\xff", TEXT)) == b"\xff"


def test_a_hand_written_answer_is_its_words() -> None:
    said = Answer((Choice(Message("assistant", "ok")),))
    assert RAW.write_answer(said, ASKED).body == b"ok"
    assert RAW.write_answer(Fault("cut", 2, "okay"), ASKED).body == b"ok"


MADE = Request({"method": "POST", "path": "/v1/images/generations"}, (Message("request"),))
PICTURE = b'event: image_generation.completed\ndata: {"type":"image_generation.completed",%b}\n\n'


def events(*told: bytes) -> HttpResponse:
    return HttpResponse.whole(200, (("content-type", "text/event-stream"),), b"".join(told))


def test_a_stream_of_an_endpoint_with_two_shapes_answers_in_both() -> None:
    preview = b'event: image_generation.partial_image\ndata: {"type":"image_generation.partial_image","b64_json":"QQ=="}\n\n'
    sent = events(preview, PICTURE % b'"b64_json":"QUI=","created_at":7')
    answer = RAW.read_answer(sent, asked=MADE).answer
    assert isinstance(answer, RawAnswer)
    assert answer.headers == ()
    assert RAW.write_answer(answer, replace(MADE, stream=True)).body == sent.body
    assert RAW.write_answer(answer, MADE).body == b'{"created":7,"data":[{"b64_json":"QUI="}]}'


def test_a_stream_that_was_kept_as_its_text_answers_in_both_shapes_too() -> None:
    sent = events(PICTURE % b'"b64_json":"QUI="')
    kept = RAW.read_answer(sent).answer
    assert isinstance(kept, RawAnswer)
    assert isinstance(kept.value, str)
    assert RAW.write_answer(kept, replace(MADE, stream=True)).body == sent.body
    assert RAW.write_answer(kept, MADE).body == b'{"data":[{"b64_json":"QUI="}]}'


def test_what_has_one_shape_is_served_in_it() -> None:
    cut = events(b'event: image_generation.partial_image\ndata: {"b64_json":"QQ=="}\n\n')
    kept = RAW.read_answer(cut, asked=MADE).answer
    assert RAW.write_answer(kept, MADE).body == cut.body
    error = RawAnswer({"error": {"message": "no such size", "code": 400}})
    told = RAW.write_answer(error, replace(MADE, stream=True)).body
    assert told == b'event: error\ndata: {"error":{"message":"no such size","code":400}}\n\n'
    odd = RawAnswer({"queued": True})
    assert RAW.write_answer(odd, replace(MADE, stream=True)).body == b'{"queued":true}'


def test_only_the_shapes_that_an_endpoint_has_are_asked_for() -> None:
    body = b'{"prompt": "a", "stream": true}'
    path = "/v1/images/generations"
    assert RAW.read_request(HttpRequest("POST", path, "", JSON, body)).stream
    assert not post(body).stream
