"""What every dialect does around its own words, shown for all of them."""

import json
from itertools import permutations
from typing import Any

import pytest

from rechat.dialects.registry import DIALECTS
from rechat.dialects.shared.frame import Frame
from rechat.dialects.shared.frame import settings_of
from rechat.dialects.shared.frame import wants_usage
from rechat.values.conversation import Answer
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse
from rechat.values.jsontext import parse_object

FRAMED = [dialect for dialect in DIALECTS if isinstance(dialect, Frame)]
VECTORS = ("openai.embeddings", "google.embeddings", "ollama.embed")
STREAMING = [dialect for dialect in FRAMED if dialect.name not in VECTORS]
KEY = "sk-" + "a1B2c3D4" * 6
ASKED, STREAMED = Request({"model": "m"}, ()), Request({"model": "m"}, (), stream=True)
SAID = Answer((Choice(Message("assistant", "It is four.")),))
PATHS = {"google.gemini": "/v1beta/models/m:generateContent"}
BODIES: dict[str, Any] = {
    "google.gemini": {"contents": [{"parts": [{"text": KEY}]}]},
    "openai.responses": {"input": KEY},
    "openai.completions": {"prompt": KEY},
    "openai.embeddings": {"input": KEY},
    "google.embeddings": {"requests": [{"content": {"parts": [{"text": KEY}]}}]},
    "ollama.embed": {"input": KEY},
    "ollama.generate": {"prompt": KEY},
}

each = pytest.mark.parametrize("dialect", FRAMED, ids=lambda dialect: dialect.name)
each_that_streams = pytest.mark.parametrize("dialect", STREAMING, ids=lambda dialect: dialect.name)


def asked(dialect: Frame, body: bytes) -> Request:
    return dialect.read_request(HttpRequest("POST", PATHS.get(dialect.name, "/"), body=body))


def body_of(dialect: Frame) -> bytes:
    usual = {"messages": [{"role": "user", "content": KEY}]}
    return json.dumps(BODIES.get(dialect.name, usual)).encode()


@each
def test_a_request_is_read_without_secrets(dialect: Frame) -> None:
    (message,) = asked(dialect, body_of(dialect)).messages
    assert message.text == "[redacted openai-key]"


@each
def test_a_byte_order_mark_before_a_request_says_nothing(dialect: Frame) -> None:
    body = body_of(dialect)
    assert asked(dialect, b"\xef\xbb\xbf" + body) == asked(dialect, body)


@each
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_a_request_that_is_no_object_is_an_error(dialect: Frame, body: bytes) -> None:
    with pytest.raises(BodyError, match="the request's body is not JSON"):
        asked(dialect, body)


@each
def test_an_http_error_is_read_as_one(dialect: Frame) -> None:
    received = dialect.read_answer(HttpResponse.whole(429, (), b'{"error": "slow down"}'))
    assert received.answer == ErrorAnswer(429, {"error": "slow down"})


@each_that_streams
@pytest.mark.parametrize("kind", ["text/event-stream", "application/json", "text/plain", ""])
def test_a_stream_is_read_under_any_content_type(dialect: Frame, kind: str) -> None:
    streamed = dialect.write_answer(SAID, STREAMED)
    sent = HttpResponse.whole(200, (("content-type", kind),), streamed.body)
    answer = dialect.read_answer(sent).answer
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.body == "It is four."


@each_that_streams
@pytest.mark.parametrize("noise", [": ping\n\n", "data:\n\n", "data: null\n\n", "data: ping\n\n"])
def test_what_keeps_a_stream_alive_is_no_part_of_it(dialect: Frame, noise: str) -> None:
    if dialect.name.startswith("ollama."):
        pytest.skip("lines, not events")
    streamed = dialect.write_answer(SAID, STREAMED)
    noisy = b"".join(noise.encode() + piece.data for piece in streamed.pieces)
    noisy += b"data: [DONE] \n\n"
    heard = dialect.read_answer(HttpResponse.whole(200, streamed.headers, noisy)).answer
    assert heard == dialect.read_answer(streamed).answer


@each_that_streams
def test_half_a_stream_is_none(dialect: Frame) -> None:
    streamed = dialect.write_answer(SAID, STREAMED)
    with pytest.raises(BodyError, match="was truncated"):
        dialect.read_answer(
            HttpResponse.whole(200, streamed.headers, streamed.body[: len(streamed.body) // 2])
        )


@each_that_streams
@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "stream"])
def test_a_cut_answer_tells_the_beginning_of_its_text(dialect: Frame, request_: Request) -> None:
    text = 'She said "text":"content":"response" and three more'
    written = dialect.write_answer(Fault("cut", 45, text), request_).body.decode()
    assert "three" in written or "thre" in written
    assert "more" not in written
    if request_.stream:
        with pytest.raises(BodyError):
            dialect.read_answer(dialect.write_answer(Fault("cut", 45, text), request_))


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_are_cut_where_no_text_stands(name: str) -> None:
    (embeddings,) = (dialect for dialect in FRAMED if dialect.name == name)
    with pytest.raises(BodyError, match="not whole"):
        embeddings.read_answer(embeddings.write_answer(Fault("cut", 3, "some text"), ASKED))


@each
def test_an_error_that_a_person_wrote_is_told_in_the_words_of_the_api(dialect: Frame) -> None:
    written = dialect.write_answer(ErrorAnswer(429, "slow down"), ASKED)
    assert written.status == 429
    assert "error" in json.loads(written.body)
    assert "slow down" in written.body.decode()


@each
def test_an_http_error_in_an_event_is_one_in_any_shape(dialect: Frame) -> None:
    body = b'data: {"error": {"message": "no such field"}}\n\n'
    sent = HttpResponse.whole(400, (("content-type", "text/event-stream"),), body)
    answer = dialect.read_answer(sent).answer
    assert dialect.write_answer(answer, STREAMED).body == body
    whole = dialect.write_answer(answer, ASKED)
    assert (whole.status, json.loads(whole.body)["error"]["message"]) == (400, "no such field")


@each
@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "stream"])
def test_bodies_of_another_kind_are_served_as_they_are(dialect: Frame, request_: Request) -> None:
    page = ErrorAnswer(502, "<h1>Bad</h1>", (("content-type", "text/html"),))
    assert dialect.write_answer(page, request_).body == b"<h1>Bad</h1>"
    assert dialect.write_answer(RawAnswer("ok", 201), request_).body == b"ok"
    assert dialect.write_answer(BinaryAnswer(b"\0"), request_).body == b"\0"


@each
def test_json_that_cannot_be_taken_apart_is_kept_whole(dialect: Frame) -> None:
    odd = (
        {"id": "1", dialect.has: [1], "done": True} if dialect.has != "message" else {"message": 1}
    )
    answer = dialect.read_answer(HttpResponse.whole(200, (), json.dumps(odd).encode())).answer
    if isinstance(answer, RawAnswer):
        assert answer.value == odd
    assert json.loads(dialect.write_answer(answer, ASKED).body) == odd


def test_settings_are_what_does_not_shape_the_answer() -> None:
    assert settings_of({"model": "m", "stream": True}, "stream") == {"model": "m"}
    assert wants_usage({"stream_options": {"include_usage": True}})
    assert not wants_usage({"stream_options": {"include_usage": 1}})
    assert not wants_usage({"stream_options": None})


LISTS = {"openai.chat": "messages", "openai.responses": "input", "anthropic.messages": "messages"}


@pytest.mark.parametrize("order", [*permutations(LISTS)], ids=" ".join)
def test_a_message_is_read_in_the_words_of_its_api_whichever_api_had_the_same_bytes_before(
    order: tuple[str, ...],
) -> None:
    story = " ".join(order)  # that no other test tells
    item = {"role": "user", "content": [{"type": "text", "text": story}], "id": "x"}
    tool = {"name": story, "input_schema": {}, "type": "function", "parameters": {}}
    for name in order:
        (dialect,) = (dialect for dialect in FRAMED if dialect.name == name)
        content = json.dumps({LISTS[name]: [item], "tools": [tool]}).encode()
        asked = HttpRequest("POST", "/", "", (), content)
        assert dialect.read_request(asked) == dialect.request_of(parse_object(content), asked)
