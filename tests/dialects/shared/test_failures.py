"""Errors inside answers: what they are, and the status that they would have had."""

from typing import Any

import pytest

from rechat.dialects.anthropic.dialect import Messages
from rechat.dialects.gemini.dialect import Gemini
from rechat.dialects.ollama.chat import OllamaChat
from rechat.dialects.openai_chat.dialect import Chat
from rechat.dialects.shared.failures import error_of
from rechat.dialects.shared.failures import status_of
from rechat.dialects.shared.failures import told_in
from rechat.dialects.shared.protocol import Dialect
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.http import HttpResponse
from rechat.values.jsontext import dump
from rechat.values.jsontext import parse

STATUSES: list[tuple[dict[str, Any], int]] = [
    ({"error": {"code": 400, "message": "x"}}, 400),
    ({"error": {"code": "400", "type": "server_error"}}, 400),
    ({"error": {"status": 404}}, 404),
    ({"error": {"code": 1301, "type": "invalid_request_error"}}, 400),
    ({"error": {"type": "invalid_request_error", "code": "invalid_api_key"}}, 401),
    ({"error": {"type": "invalid_request_error", "code": "model_not_found"}}, 404),
    ({"error": {"type": "invalid_request_error", "code": "context_length_exceeded"}}, 400),
    ({"error": {"type": "invalid_request_error", "code": "rate_limit_exceeded"}}, 429),
    ({"error": {"type": "insufficient_quota", "code": "429"}}, 429),
    ({"error": {"type": "overloaded_error", "message": "Overloaded"}}, 529),
    ({"error": {"type": "request_too_large"}}, 413),
    ({"error": {"code": 503, "status": "UNAVAILABLE"}}, 503),
    ({"error": {"status": "RESOURCE_EXHAUSTED"}}, 429),
    ({"error": {"status": "INVALID_ARGUMENT"}}, 400),
    ({"error": {"type": "BadRequestError"}}, 400),
    ({"error": {"type": "InternalServerError"}}, 502),
    ({"error": {"type": "ThrottlingException"}}, 429),
    ({"error": {"type": "error", "error": {"type": "not_found_error"}}}, 404),
    ({"error": {"message": "no more is known"}}, 500),
    ({"error": "internal", "status": 500}, 500),
    ({"error": "too long", "error_type": "validation"}, 422),
    ({"error": "Request failed during generation", "error_type": "generation"}, 500),
    ({"error": "overloaded", "error_type": "overloaded"}, 529),
    ({"error": "rate_limit_exceeded"}, 429),
    ({"error": "an invalid answer came from somewhere"}, 500),
    ({"error": ["a", "b"]}, 500),
    ({"error": True, "code": 422}, 422),
    ({"object": "error", "type": "BadRequestError", "code": 400}, 400),
    ({"choices": [{"finish_reason": "error"}]}, 502),
    ({"object": "response", "status": "failed", "error": None}, 502),
    ({"choices": [{"error": {"code": 502}, "finish_reason": None}]}, 502),
    ({"choices": [{"error": {"code": 400}, "finish_reason": "error"}]}, 400),
    ({"code": 400, "message": "x", "data": None}, 400),
    ({"code": "InvalidParameter", "message": "x", "request_id": "r"}, 400),
    ({"code": "Throttling", "msg": "x"}, 429),
    ({"status": 422, "detail": "x", "errors": [{"loc": ["a"]}]}, 422),
    ({"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}, 402),
    ({"base_resp": {"status_code": 2013, "status_msg": "invalid params"}, "choices": []}, 400),
    ({"base_resp": {"status_code": 1000, "status_msg": "unknown"}}, 500),
]


@pytest.mark.parametrize(("whole", "status"), STATUSES, ids=lambda value: str(value)[:60])
def test_an_error_has_the_status_that_it_tells(whole: dict[str, Any], status: int) -> None:
    assert status_of(whole) == status
    assert told_in(whole)["error"] == error_of(whole)


@pytest.mark.parametrize(
    "whole",
    [
        {"error": None, "choices": [{"finish_reason": "stop", "error": None}]},
        {"error": {}, "status": 200},
        {"error": "", "choices": "odd"},
        {"object": "chat.completion", "code": 400},
        {"choices": ["odd", {"finish_reason": "length"}]},
    ],
    ids=str,
)
def test_a_body_without_an_error_has_none(whole: dict[str, Any]) -> None:
    assert status_of(whole) is None
    assert told_in(whole) == {}


def test_an_error_keeps_what_is_said_beside_it() -> None:
    whole = {"error": "no", "error_type": "validation", "model": "m", "request_id": "r"}
    assert told_in(whole) == {"error": "no", "error_type": "validation", "request_id": "r"}


@pytest.mark.parametrize("body", [b'{"error":{"code":502}}', b'data: {"error":{"code":502}}\n\n'])
def test_an_error_that_may_pass_is_read_as_an_http_error(body: bytes) -> None:
    answer = Chat().read_answer(HttpResponse.whole(200, (), body)).answer
    assert answer == ErrorAnswer(502, {"error": {"code": 502}})
    assert not answer.is_lasting


def test_a_lasting_error_of_a_whole_answer_stays_in_it() -> None:
    told = {"error": {"code": 400, "message": "too long"}, "user_id": "u"}
    answer = Chat().read_answer(HttpResponse.whole(200, (), dump(told).encode())).answer
    assert answer == RawAnswer(told)
    whole = Chat().write_answer(answer, Request({}, ()))
    assert (whole.status, whole.body) == (200, dump(told).encode())
    streamed = Chat().write_answer(answer, Request({}, (), stream=True))
    assert streamed.body == f"data: {dump(told)}\n\ndata: [DONE]\n\n".encode()


@pytest.mark.parametrize(
    ("dialect", "body", "told"),
    [
        (
            Chat(),
            b'data: {"error":"too long","status":400}\n\n',
            {
                "error": {
                    "message": "too long",
                    "type": "invalid_request_error",
                    "param": None,
                    "code": None,
                },
                "status": 400,
            },
        ),
        (
            Messages(),
            b'data: {"type":"error","error":"bad","status":400}\n\n',
            {
                "type": "error",
                "error": {"type": "invalid_request_error", "message": "bad"},
                "status": 400,
            },
        ),
        (
            OllamaChat(),
            b'{"error":{"message":"bad","code":400}}\n{"done":true}\n',
            {"error": "bad"},
        ),
        (
            Gemini(),
            b'data: {"error":["bad"],"code":400}\n\n',
            {
                "error": {"code": 400, "message": '["bad"]', "status": "INVALID_ARGUMENT"},
                "code": 400,
            },
        ),
    ],
    ids=["chat", "anthropic", "ollama", "gemini"],
)
def test_an_error_in_a_form_that_clients_do_not_read_is_told_in_the_words_of_the_api(
    dialect: Dialect, body: bytes, told: dict[str, Any]
) -> None:
    answer = dialect.read_answer(HttpResponse.whole(200, (), body)).answer
    failed = dialect.write_answer(answer, Request({}, ()))
    assert failed.status == 400
    assert parse(failed.body) == told


def test_a_lasting_error_of_a_stream_is_an_http_error_of_a_whole_answer() -> None:
    told = {"error": {"code": 400, "message": "too long"}}
    body = f"data: {dump(told)}\n\n".encode()
    answer = Chat().read_answer(HttpResponse.whole(200, (), body)).answer
    assert answer == RawAnswer(told, 400)
    whole = Chat().write_answer(answer, Request({}, ()))
    assert (whole.status, whole.body) == (400, dump(told).encode())
    streamed = Chat().write_answer(answer, Request({}, (), stream=True))
    assert (streamed.status, streamed.body) == (200, body + b"data: [DONE]\n\n")
