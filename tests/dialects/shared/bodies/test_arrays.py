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
from rechat.values.errors import BodyError
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
    return CHAT.read_answer(response, asked=Request({}, (), stream=not asked_whole)).answer


def written(value: Any, *, stream: bool) -> bytes:
    assert CHAT
    return CHAT.write_answer(read(value), Request({}, (), stream)).body


@pytest.mark.parametrize(
    "value", [[WHOLE], [WHOLE, WHOLE], [WHOLE, 200], [[WHOLE]], [[WHOLE], [WHOLE]], ["Hi"]]
)
def test_what_is_asked_whole_comes_back_in_its_array(value: Any) -> None:
    assert json.loads(written(value, stream=False)) == value


@pytest.mark.parametrize(
    "value", [[WHOLE], [[WHOLE]], [[WHOLE], [WHOLE]], [WHOLE, {"status": 200}], [PIECE, PIECE]]
)
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
    assert arrays.taken_out(answer) == (read(WHOLE), 1)
    assert arrays.taken_out(read([[WHOLE]])) == (read(WHOLE), 2)
    assert arrays.taken_out(read(WHOLE)) == (None, 0)


@pytest.mark.parametrize("depth", [0, -1, 10**9, "2", None])
def test_no_more_arrays_are_written_than_a_server_sends(depth: Any) -> None:
    assert arrays.taken_out(Answer((), {arrays.IN_ARRAY: depth})) == (None, 0)


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


def test_a_lasting_error_stays_in_its_array() -> None:
    told = [{"error": {"message": "no such field", "type": "invalid_request_error"}}]
    assert read(told) == RawAnswer(told)
    assert json.loads(written(told, stream=False)) == told
    assert written(told, stream=True).startswith(b'data: {"error":')


def test_an_event_may_say_its_chunks_in_a_list() -> None:
    sent = b"".join(b"data: %b\n\n" % json.dumps([PIECE]).encode() for _ in range(2))
    response = HttpResponse.whole(200, (("content-type", "text/event-stream"),), sent)
    assert CHAT
    with pytest.raises(BodyError, match="truncated"):
        CHAT.read_answer(response)
    whole = HttpResponse.whole(200, response.headers, sent + b"data: [DONE]\n\n")
    answer = CHAT.read_answer(whole).answer
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.body == "HiHi"
