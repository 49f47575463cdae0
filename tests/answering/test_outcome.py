"""What comes of a request, before anybody says it."""

import time
import tracemalloc
from urllib.parse import unquote

import pytest

from rechat.answering.outcome import Asked
from rechat.answering.outcome import failure
from rechat.answering.outcome import header_value
from rechat.answering.outcome import read_request
from rechat.answering.outcome import say
from rechat.answering.outcome import since
from rechat.answering.outcome import weight
from rechat.dialects import dialect_of
from rechat.observe import JournalEntry
from rechat.values import jsontext
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse
from rechat.values.http import header

ASKED = Asked(HttpRequest("POST", "/v1/messages", "", (), b"{"), "", is_ours=True, started=0.0)


def test_a_failure_is_said_in_the_words_of_the_api_and_tells_its_place() -> None:
    said = failure(ASKED, KeyError("n"), place="a.md:3")
    assert said.response.status == 500
    assert b"a.md:3 cannot be served: KeyError: 'n'" in said.response.body
    assert header(said.response.headers, "x-rechat") == "failed"
    assert (said.entry.verdict, said.entry.place) == ("failed", "a.md:3")


def test_a_file_does_not_say_how_long_an_answer_is() -> None:
    headers = (("Content-Length", "2"), ("transfer-encoding", "chunked"), ("retry-after", "1"))
    response = HttpResponse.whole(429, headers, b"Slow down")
    said = say(response, JournalEntry("hit", "POST /v1/messages"), ASKED)
    assert said.response.headers == (("retry-after", "1"), ("x-rechat", "hit"))


def test_a_body_that_cannot_be_read_has_a_reason_and_no_request() -> None:
    http = ASKED.http
    request, reason = read_request(dialect_of(http.method, http.path), http)
    assert request is None
    assert reason
    request, reason = read_request(None, HttpRequest("POST", "/x"))
    assert (request, reason.partition(" is ")[0]) == (None, "POST /x")


@pytest.mark.parametrize(
    "body",
    [
        b'["' + b"words and words " * 10_000 + b'"]',
        b'["' + b"words and words " * 10_000 + "🙂".encode() + b'"]',
        b"[" + b"[]," * 10_000 + b"1]",
        b"[" + b'{"a":1},' * 10_000 + b"1]",
        b"[" + b"1234567," * 10_000 + b"1]",
    ],
    ids=["words", "wide", "lists", "objects", "numbers"],
)
def test_the_weight_of_a_body_is_no_less_than_the_memory_it_takes(body: bytes) -> None:
    tracemalloc.start()
    try:
        read = jsontext.parse(body.decode())
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read
    assert taken * 0.9 < weight(body) < taken * 5 + len(body)


def test_a_path_fits_into_a_header() -> None:
    assert header_value("größe.md:1") == "gr%C3%B6%C3%9Fe.md:1"


def test_a_path_can_be_read_back_from_its_header() -> None:
    for path in ("größe 100%.md:1", "a%20b.md:1", "caf\udce9.md:1"):
        assert unquote(header_value(path), errors="surrogateescape") == path


def test_time_is_told_in_milliseconds() -> None:
    assert 1000 <= since(time.perf_counter() - 1) < 100_000


def test_the_name_of_a_file_begins_no_header() -> None:
    assert header_value("a\r\nset-cookie: b.md") == "a%0D%0Aset-cookie: b.md"
