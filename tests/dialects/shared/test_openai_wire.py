"""What OpenAI's APIs share."""

import pytest

from rechat.dialects.openai_chat.dialect import Chat
from rechat.dialects.shared.bodies.events import Events
from rechat.dialects.shared.fold import Table
from rechat.dialects.shared.fold import join
from rechat.dialects.shared.openai_wire import checked
from rechat.dialects.shared.openai_wire import chunk_table
from rechat.dialects.shared.openai_wire import deployed_model
from rechat.dialects.shared.openai_wire import enclosed
from rechat.dialects.shared.openai_wire import fold_chunks
from rechat.dialects.shared.openai_wire import usage_of
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.errors import BodyError

ASKED = Request({}, (Message("user", "Hi there"),))


def test_each_end_of_a_stream_is_an_end() -> None:
    going_on = {"choices": [{"finish_reason": "stop"}, {"finish_reason": None}]}
    failed = going_on | {"error": {"code": 400}}
    ended = {"choices": [{"finish_reason": "stop"}]}
    assert checked(ended, Events([])) == ended
    assert checked(going_on, Events([], is_done=True)) == going_on
    assert checked(failed, Events([])) == failed
    for whole in (going_on, going_on | {"error": None}):
        with pytest.raises(BodyError, match="was truncated"):
            checked(whole, Events([]))


def test_a_stream_without_choices_is_its_error() -> None:
    failed = {"choices": [], "id": "1", "error": "too long", "status": 400}
    assert checked(failed, Events([], is_done=True)) == {"error": "too long", "status": 400}
    with pytest.raises(BodyError, match="no `choices`"):
        checked({"choices": [], "error": None}, Events([], is_done=True))


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, "invalid_request_error", None),
        (429, "requests", "rate_limit_exceeded"),
        (503, "server_error", None),
    ],
)
def test_an_error_is_told_by_its_status(status: int, kind: str, code: str | None) -> None:
    told = {"message": "no", "type": kind, "param": None, "code": code}
    assert Chat().error_body(status, "no", ASKED) == {"error": told}


def test_choices_stand_after_what_names_a_completion() -> None:
    whole = enclosed([], {"usage": {}, "model": "m", "id": "1"})
    assert list(whole) == ["id", "model", "choices", "usage"]


def test_a_deployment_names_the_model() -> None:
    path = "/openai/deployments/my%20model/chat/completions"
    assert deployed_model(path) == {"model": "my model"}
    assert deployed_model("/v1/chat/completions") == {}


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


def test_chunks_fold_by_the_table_of_their_choices() -> None:
    table = chunk_table(Table({"text": join}))
    chunks = [
        {"id": "1", "choices": [{"index": 0, "text": text}], "usage": None, "obfuscation": "x"}
        for text in ("a", "b")
    ]
    assert fold_chunks(table, chunks)[1] == [{"index": 0, "text": "ab"}]
    assert fold_chunks(table, chunks)[0].keys() == {"id", "choices"}
    assert fold_chunks(table, [{"choices": None}])[1] == []
