"""Answers that every API gives in the same way."""

import pytest

from rechat.dialects.shared.verbatim import in_other_shape
from rechat.dialects.shared.verbatim import passing_error
from rechat.dialects.shared.verbatim import read_error
from rechat.dialects.shared.verbatim import read_whole
from rechat.dialects.shared.verbatim import write_verbatim
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import RawAnswer
from rechat.values.errors import BodyError
from rechat.values.http import HttpResponse

JSON = ("content-type", "application/json")
HTML = ("content-type", "text/html")


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse.whole(404, (JSON,), b'{"error":{"message":"no"}}'),
        HttpResponse.whole(404, (HTML,), b"<h1>no</h1>"),
        HttpResponse.whole(400, (JSON, ("retry-after", "2")), b"[1]"),
        HttpResponse.whole(400, (JSON,), b'"no"'),
        HttpResponse.whole(400, (JSON,), b'{"error": '),
        HttpResponse.whole(400, (JSON,), b""),
    ],
)
def test_an_error_comes_back(response: HttpResponse) -> None:
    answer = read_error(response).answer
    assert isinstance(answer, ErrorAnswer)
    written = write_verbatim(answer)
    assert (written.status, written.body) == (response.status, response.body)
    assert set(written.headers) == set(response.headers)


def test_an_error_in_another_charset_is_served_in_utf_8() -> None:
    latin = (("content-type", "text/plain; charset=latin-1"),)
    answer = read_error(HttpResponse.whole(400, latin, b"caf\xe9")).answer
    assert isinstance(answer, ErrorAnswer)
    written = write_verbatim(answer)
    assert written.body == "café".encode()
    assert written.headers == (("content-type", "text/plain; charset=utf-8"),)


def test_json_is_read_in_the_charset_of_its_type() -> None:
    latin = (("content-type", "application/json; charset=latin-1"),)
    assert read_whole(HttpResponse.whole(200, latin, b'["caf\xe9"]')).answer == RawAnswer(["café"])
    with pytest.raises(BodyError, match="not whole"):
        read_whole(HttpResponse.whole(200, (JSON,), b'["caf\xe9"]'))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'event: error\ndata: {"code": 429, "message": "slow"}\n\n', 429),
        (b'data: {"error": {"message": "down"}}\n\n', 500),
        (b'data: {"type": "done", "error": {"message": "of an item"}}\n\n', None),
        (b'data: {"type": "error", "code": "invalid_request"}\n\n', None),
        (b"data: [DONE]\n\n", None),
        (b"data: \xff\n\n", None),
    ],
)
def test_an_error_in_a_stream_of_an_unknown_endpoint_may_pass(
    body: bytes, status: int | None
) -> None:
    events = (("content-type", "text/event-stream; charset=utf-8"),)
    failed = passing_error(HttpResponse.whole(200, events, body))
    assert (failed.status if failed else None) == status
    assert not passing_error(HttpResponse.whole(200, (HTML,), body))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"error": {"code": 429, "message": "slow down"}}', 429),
        (b'{"error": "the engine died", "code": 500}', 500),
        (b'{"error": {"code": 400, "message": "no such size"}}', None),
        (b'{"id": "job-1", "error": {"code": "server_error"}}', None),
        (b'{"id": "1", "error": null}', None),
        (b'[{"error": {"code": 429}}]', None),
        (b'{"error": "cut', None),
    ],
)
def test_a_body_that_is_nothing_but_an_error_is_read_too(body: bytes, status: int | None) -> None:
    failed = passing_error(HttpResponse.whole(200, (JSON,), body))
    assert (failed.status if failed else None) == status


def test_llama_cpp_tells_an_error_in_a_field_of_its_own() -> None:
    body = b'error: {"code":500,"message":"out of memory","type":"server_error"}\n\n'
    failed = passing_error(HttpResponse.whole(200, (("content-type", "text/event-stream"),), body))
    assert failed
    assert failed.status == 500


@pytest.mark.parametrize("kind", ["application/json", "application/stream+json"])
def test_values_that_follow_each_other_under_the_type_of_one_are_kept(kind: str) -> None:
    body = b'{"text": "Hi"}\n{"done": true}\n'
    answer = read_whole(HttpResponse.whole(200, (("content-type", kind),), body)).answer
    assert answer == BinaryAnswer(body, 200, (("content-type", kind),))
    assert write_verbatim(answer).body == body
    with pytest.raises(BodyError):
        read_whole(HttpResponse.whole(200, (JSON,), body[:-5]))


def test_an_error_in_an_event_is_json_for_who_asked_for_no_stream() -> None:
    events = (("content-type", "text/event-stream"), ("retry-after", "1"))
    told = ErrorAnswer(400, 'data: {"error": {"message": "no"}}\n\n', events)
    assert in_other_shape(told) == ErrorAnswer(
        400, {"error": {"message": "no"}}, (("retry-after", "1"),)
    )
    for other in (
        ErrorAnswer(400, {"error": "no"}),
        ErrorAnswer(400, "no", (HTML,)),
        ErrorAnswer(400, 'data: {"a": 1}\n\ndata: {"b": 1}\n\n', events),
        ErrorAnswer(400, 'data: {"a": \n\n', events),
    ):
        assert in_other_shape(other) is other


def test_a_text_without_a_type_is_plain_text() -> None:
    assert write_verbatim(ErrorAnswer(429, "slow")).headers[0][1].startswith("text/plain")
    assert write_verbatim(ErrorAnswer(429)).body == b""


def test_other_bodies_are_as_they_were() -> None:
    assert write_verbatim(RawAnswer(None)).body == b"null"
    assert write_verbatim(RawAnswer("a", 201, (HTML,))).body == b"a"
    assert write_verbatim(RawAnswer("a", 200, (JSON,))).body == b'"a"'
    assert write_verbatim(BinaryAnswer(b"\0", 200, (HTML,))).body == b"\0"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(302, (("location", "/v1/b"),)),
        HttpResponse(204),
        HttpResponse(200, (JSON,)),
        HttpResponse.whole(307, (JSON, ("location", "/b")), b"{}"),
        HttpResponse.whole(200, (JSON,), b'""'),
        HttpResponse.whole(200, (JSON,), b"null"),
        HttpResponse.whole(200, (("content-type", "application/json; charset=utf-8"),), b'"a"'),
        HttpResponse.whole(201, (HTML,), b"<p>"),
        HttpResponse.whole(206, (), b"\xff"),
    ],
)
def test_a_whole_response_comes_back(response: HttpResponse) -> None:
    received = read_whole(response)
    assert received.is_verbatim
    assert isinstance(received.answer, RawAnswer | BinaryAnswer)
    written = write_verbatim(received.answer)
    assert (written.status, written.body) == (response.status, response.body)
    assert set(written.headers) == set(response.headers)
