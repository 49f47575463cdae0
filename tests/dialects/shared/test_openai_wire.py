"""What chat and legacy completions share."""

import json

import pytest

from rechat.dialects.shared.openai_wire import check_end, read_chunks, read_whole, stream, usage_of
from rechat.values.conversation import Answer, Choice, Message, Request
from rechat.values.errors import BodyError

ASKED = Request({}, (Message("user", "Hi there"),))


def test_a_whole_answer_has_choices() -> None:
    assert read_whole(b'\n {"choices": []}') == {"choices": []}


@pytest.mark.parametrize(
    ("body", "problem"),
    [(b'{"choices": [', "not whole"), (b"[]", "not whole"), (b'{"choices": {}}', "no `choices`")],
)
def test_half_an_answer_is_none(body: bytes, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        read_whole(body)


def test_chunks_are_streamed_and_read() -> None:
    streamed = stream([{"id": "1"}, {"id": "2"}])
    assert streamed.is_stream
    assert [piece.data for piece in streamed.pieces][1:] == [
        b'data: {"id":"2"}\n\n',
        b"data: [DONE]\n\n",
    ]
    assert read_chunks(streamed.body) == ([{"id": "1"}, {"id": "2"}], True)
    assert read_chunks(streamed.pieces[0].data) == ([{"id": "1"}], False)


@pytest.mark.parametrize("body", [b'data: {"id"', b"data: [1]\n\n", b"data: \xff\n\n"])
def test_half_a_chunk_is_none(body: bytes) -> None:
    with pytest.raises(BodyError, match="broke off"):
        read_chunks(body)


def test_each_end_of_a_stream_is_an_end() -> None:
    going_on = {"choices": [{"finish_reason": "stop"}, {"finish_reason": None}]}
    check_end({"choices": [{"finish_reason": "stop"}]}, is_done=False)
    check_end(going_on, is_done=True)
    check_end(going_on | {"error": {}}, is_done=False)
    with pytest.raises(BodyError, match="broke off"):
        check_end(going_on, is_done=False)


@pytest.mark.parametrize(
    ("written", "usage"),
    [
        (None, (2, 1, 3)),
        ({"prompt_tokens": 7}, (7, 1, 8)),
        ({"completion_tokens": 9, "total_tokens": 1}, (2, 9, 1)),
        ({"prompt_tokens": None}, (None, 1, None)),
    ],
)
def test_usage_is_as_written_or_counted(
    written: dict[str, object] | None, usage: tuple[object, ...]
) -> None:
    answer = Answer((Choice(Message("assistant", "Hello")),))
    found = usage_of(answer, ASKED, written)
    assert tuple(found[f"{key}_tokens"] for key in ("prompt", "completion", "total")) == usage
    json.dumps(found)
