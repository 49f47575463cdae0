"""Answers in a JSON array where one object was asked for."""

import json
from typing import Any

import pytest

from rechat.dialects.registry import dialect_of
from rechat.dialects.shared.bodies import arrays
from rechat.dialects.shared.bodies.events import Events
from rechat.values.conversation import Answer
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.http import HttpResponse

SAID = {"role": "assistant", "content": "Hi"}
CHOICE: dict[str, Any] = {"index": 0, "message": SAID, "finish_reason": "stop"}
WHOLE: dict[str, Any] = {"id": "1", "object": "chat.completion", "choices": [CHOICE]}
PIECE: dict[str, Any] = {"choices": [{"index": 0, "delta": {"content": "Hi"}}]}
CHAT = dialect_of("POST", "/v1/chat/completions")
KIND = (("content-type", "application/json"),)


def read(value: Any, *, asked_whole: bool = True) -> Any:
    assert CHAT
    response = HttpResponse.whole(200, KIND, json.dumps(value).encode())
    return CHAT.read_answer(response, asked_whole=asked_whole).answer


def written(value: Any, *, stream: bool) -> bytes:
    assert CHAT
    return CHAT.write_answer(read(value), Request({}, (), stream)).body


@pytest.mark.parametrize("value", [[WHOLE], [WHOLE, WHOLE], [WHOLE, 200], [[WHOLE]], ["Hi"]])
def test_what_is_asked_whole_comes_back_in_its_array(value: Any) -> None:
    assert json.loads(written(value, stream=False)) == value


@pytest.mark.parametrize("value", [[WHOLE], [WHOLE, {"status": 200}], [PIECE, PIECE]])
def test_streamed_it_is_an_answer_like_any_other(value: Any) -> None:
    sent = written(value, stream=True)
    assert sent.startswith(b"data: {")
    assert b"Hi" in sent
    assert b'"delta"' in sent
    assert arrays.IN_ARRAY.encode() not in sent


def test_an_answer_alone_in_an_array_can_be_read() -> None:
    answer = read([WHOLE])
    assert isinstance(answer, Answer)
    assert answer.choices == read(WHOLE).choices
    assert arrays.taken_out(answer) == read(WHOLE)
    assert arrays.taken_out(read(WHOLE)) is None


def test_an_array_that_was_asked_as_a_stream_is_one() -> None:
    for value in ([PIECE, WHOLE], [WHOLE]):
        answer = read(value, asked_whole=False)
        assert isinstance(answer, Answer)
        assert arrays.IN_ARRAY not in answer.fields


def test_what_cannot_be_read_stays_in_its_array() -> None:
    odd = WHOLE | {"choices": []}
    assert read([odd]) == RawAnswer([odd])


def test_an_error_in_an_array_is_an_error() -> None:
    told = [{"error": {"message": "slow down", "code": 429}}]
    assert read(told).status == 429
    assert arrays.array_of(Events([told[0]], array=list(told))) is None
    assert arrays.array_of(Events([PIECE])) is None
