"""What heads tell of the bodies that follow."""

import pytest
from mitmproxy import http

from rechat.proxy.upstreams.answer_head import length_of
from rechat.proxy.upstreams.answer_head import marks_its_end
from rechat.proxy.upstreams.answer_head import may_be_saved
from rechat.proxy.upstreams.answer_head import says_it_is_empty
from rechat.values.conversation import Request


def head(status: int = 200, headers: dict[str, str] | None = None) -> http.Response:
    """A response of which nothing but the head is here."""
    response = http.Response.make(status)
    response.headers.clear()
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        ({"content-length": "12"}, 12),
        ({}, None),
        ({"content-length": "12", "transfer-encoding": "chunked"}, None),
        ({"content-length": "9" * 5000}, None),
        ({"content-length": "+1"}, None),
    ],
)
def test_a_length_is_known_if_it_is_said(headers: dict[str, str], length: int | None) -> None:
    assert length_of(head(200, headers)) == length


@pytest.mark.parametrize("status", [200, 204, 302, 400, 404])
def test_answers_and_lasting_errors_may_be_saved(status: int) -> None:
    assert may_be_saved(head(status))


@pytest.mark.parametrize("status", [101, 401, 429, 500, 529])
def test_what_passes_is_never_saved(status: int) -> None:
    assert not may_be_saved(head(status))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream; charset=utf-8", True),
        ("application/x-ndjson", True),
        ("application/json", False),
    ],
)
def test_streams_of_a_known_api_mark_their_end(kind: str, *, expected: bool) -> None:
    request = Request({}, ())
    assert marks_its_end(head(200, {"content-type": kind}), request) is expected
    assert not marks_its_end(head(200, {"content-type": kind}), None)
    assert not marks_its_end(head(200, {"content-type": kind}), Request({}, (), api="raw"))


@pytest.mark.parametrize(
    ("method", "status", "headers", "expected"),
    [
        ("HEAD", 200, {"content-length": "9"}, True),
        ("POST", 204, {}, True),
        ("POST", 302, {}, True),
        ("POST", 200, {"content-length": "0"}, True),
        ("POST", 200, {}, False),
        ("POST", 200, {"content-length": "9"}, False),
    ],
)
def test_an_empty_body_is_one_that_the_head_says(
    method: str, status: int, headers: dict[str, str], *, expected: bool
) -> None:
    assert says_it_is_empty(head(status, headers), method) is expected
