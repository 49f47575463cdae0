import pytest
from asking import questions
from asking import result
from asking import said

from rechat.resend.client.connection import Exchanged
from rechat.resend.results.result import of_line
from rechat.resend.results.result import read_exchange
from rechat.resend.results.result import times_of
from rechat.resend.results.result import to_line
from rechat.values.conversation import Call
from rechat.values.conversation import ErrorAnswer
from rechat.values.http import Piece

QUESTION = questions()[0]


@pytest.mark.parametrize("answer", [said("Hi"), said(None, Call("f", "c1", '{"a": 1}'))])
def test_a_line_has_all_of_a_result(answer: object) -> None:
    given = result(QUESTION, answer=answer, due=0.5, tries=2, waited=1.5)
    read = of_line(to_line(given).encode())
    assert read
    assert read.answer
    assert to_line(read) == to_line(given)
    assert (read.times, read.due, read.words) == (given.times, 0.5, 10.0)


def test_an_error_comes_back_from_its_line() -> None:
    given = result(QUESTION, answer=ErrorAnswer(429, {"error": {"message": "slow"}}))
    read = of_line(to_line(given).encode())
    assert read == given
    assert not read.is_answered


@pytest.mark.parametrize("cut", [0, 1, 50, -1])
def test_a_line_that_was_cut_off_is_no_result(cut: int) -> None:
    assert of_line(to_line(result(QUESTION)).encode()[:cut]) is None


def test_only_pieces_with_something_of_the_answer_count() -> None:
    def event(at: float, delta: str) -> Piece:
        return Piece(at, b'data: {"choices": [{"delta": %s}]}\n\n' % delta.encode())

    pieces = [
        event(1, '{"role": "assistant", "content": ""}'),
        event(2, '{"reasoning_content": "Hm"}'),
        Piece(3, b'data: {"choices": [{"delta": {"con'),
        Piece(4, b'tent": "Hi"}}]}\n\n'),
        event(5, '{"content": " there"}'),
        event(6, "{}"),
        Piece(7, b"data: [DONE]\n\n"),
    ]
    assert times_of(pieces) == ((2, 4, 5), 4)


def test_a_redirect_is_not_followed() -> None:
    found = Exchanged(0, 1, 302, (("location", "http://evil.example"),))
    answer, failure = read_exchange(found, "openai.chat")
    assert answer is None
    assert failure.startswith("redirected (302)")


def test_a_stream_without_its_end_is_no_answer() -> None:
    body = b'data: {"choices": [{"index": 0, "delta": {"content": "Hi"}}]}\n\n'
    headers = (("content-type", "text/event-stream"),)
    answer, failure = read_exchange(Exchanged(0, 1, 200, headers, ((0.0, body),)), "openai.chat")
    assert answer is None
    assert "truncated" in failure


def test_a_result_that_was_lost_before_comes_back_so() -> None:
    read = of_line(to_line(result(QUESTION, lost=2)).encode())
    assert read
    assert read.lost == 2


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("application/json", b"", "status 200 with nothing in it"),
        ("text/event-stream", b" \n\n", "status 200 with nothing in it"),
        ("text/html", b"\n<!DOCTYPE html><h1>Log in</h1>", "a web page, which is no answer"),
        ("application/json", b"<HTML><script>alert(1)</script>", "a web page, which is no answer"),
    ],
)
def test_what_is_no_answer_of_an_api_is_no_other_words(kind: str, body: bytes, told: str) -> None:
    found = Exchanged(0, 1, 200, (("content-type", kind),), ((0.0, body),) if body else ())
    answer, failure = read_exchange(found, "openai.chat")
    assert answer is None
    assert failure.startswith(told)
