"""The dialect of Anthropic Messages: whole bodies and streams, both ways."""

import json
from typing import Any

import anthropic
import captures
import pytest
from dialect_server import serving
from shared import SHARED

from rechat.dialects.anthropic import stream as messages_stream
from rechat.dialects.anthropic.dialect import Messages
from rechat.dialects.shared import sse
from rechat.matching.scheme import Scheme
from rechat.values import jsontext
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Request
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

DIALECT = Messages()
ASKED = Request({"model": "claude"}, (Message("user", "Hi there"),), api=DIALECT.name)
STREAMED = Request({"model": "claude"}, ASKED.messages, stream=True, api=DIALECT.name)
JSON = (("content-type", "application/json"),)
EVENTS = (("content-type", "text/event-stream"),)
BODIES = sorted((SHARED / "corpus").glob("*-messages-*"))
BODY: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-x",
    "content": [{"type": "text", "text": "Hello"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 3, "output_tokens": 1},
}


def read(body: object, **more: Any) -> Any:
    return DIALECT.read_answer(HttpResponse.whole(200, JSON, json.dumps(body).encode())).answer


def asked(query: str = "", **body: Any) -> Request:
    content = json.dumps({"model": "claude", "messages": [], **body}).encode()
    return DIALECT.read_request(HttpRequest("POST", "/v1/messages", query, JSON, content))


def told(response: HttpResponse) -> jsontext.JsonObject:
    """What a response says, streamed or not."""
    if not response.is_stream:
        return jsontext.parse_object(response.body)
    events = sse.read(response.body.decode())
    whole = messages_stream.assemble(jsontext.parse_object(event.data) for event in events)
    whole.pop("usage_at_start", None)
    return whole


@pytest.mark.parametrize("path", ["/v1/messages", "/anthropic/v1/messages", "/messages", "/api/v1/messages"])  # fmt: skip
def test_it_claims_messages(path: str) -> None:
    assert DIALECT.claims("POST", path)


@pytest.mark.parametrize(
    "path",
    ["/v1/messages/count_tokens", "/v1/messages/batches", "/v1/threads/thread_1/messages"],
)
def test_other_endpoints_are_not_its_own(path: str) -> None:
    assert not DIALECT.claims("POST", path)
    assert not DIALECT.claims("GET", "/v1/messages")


def test_the_settings_are_told_in_common_words_too() -> None:
    tool = {"name": "f", "description": "d", "input_schema": {"type": "object"}}
    request = asked(
        "beta=true",
        system="Be brief.",
        messages=[{"role": "user", "content": "Hi"}],
        max_tokens=9,
        stop_sequences=["x"],
        tools=[tool, {"type": "web_search_20250305", "name": "web_search"}],
        tool_choice={"type": "any"},
        stream=True,
    )
    assert request.messages == (Message("system", "Be brief."), Message("user", "Hi"))
    assert (request.stream, request.query, request.model) == (True, "", "claude")
    assert request.settings["tools"][0] == tool
    common = request.common or {}
    assert (common["max_tokens"], common["stop"], common["tool_choice"]) == (9, ["x"], "required")
    function = {"name": "f", "description": "d", "parameters": {"type": "object"}}
    assert common["tools"][0] == {"type": "function", "function": function}
    assert common["tools"][1] == {"type": "web_search_20250305", "name": "web_search"}


@pytest.mark.parametrize(
    ("choice", "common"),
    [
        ({"type": "none"}, "none"),
        ({"type": "tool", "name": "f"}, {"type": "function", "function": {"name": "f"}}),
    ],
)
def test_the_choice_of_a_tool_has_common_words(choice: Any, common: object) -> None:
    assert (asked(tool_choice=choice).common or {})["tool_choice"] == common


def test_cache_marks_do_not_count() -> None:
    marks: tuple[dict[str, Any], ...] = ({}, {"cache_control": {"type": "ephemeral"}})
    plain, marked = (
        asked(system=[{"type": "text", "text": "a", **mark}], **mark) for mark in marks
    )
    assert Scheme(None).key(plain) == Scheme(None).key(marked)


def test_a_body_that_is_no_request_is_an_error() -> None:
    with pytest.raises(BodyError, match="not JSON"):
        DIALECT.read_request(HttpRequest("POST", "/v1/messages", body=b"{"))


def test_a_request_is_written_again() -> None:
    request = asked(system="Be brief.", messages=[{"role": "user", "content": "Hi"}], stream=True)
    again = HttpRequest("POST", "/v1/messages", body=DIALECT.write_request(request))
    assert DIALECT.read_request(again) == request


def test_one_text_is_the_body_and_the_rest_are_fields() -> None:
    answer = read(BODY)
    assert answer.choices == (Choice(Message("assistant", "Hello"), {"stop_reason": "end_turn"}),)
    assert "content" not in answer.fields


@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"content": []},
        {"content": [{"type": "thinking", "thinking": "Hm", "signature": "s"}]},
        {"content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"a": [1.50]}}]},
        {"content": [{"type": "text", "text": ""}, {"type": "text", "text": "b"}]},
        {"stop_reason": "max_tokens", "container": {"id": "c"}},
    ],
)
def test_a_recorded_answer_comes_back_in_both_shapes(change: Any, request_: Request) -> None:
    body = BODY | change
    assert jsontext.same(told(DIALECT.write_answer(read(body), request_)), body)


def test_a_body_without_type_and_role_comes_back() -> None:
    body = {key: value for key, value in BODY.items() if key not in ("type", "role")}
    assert told(DIALECT.write_answer(read(body), ASKED)) == body


@pytest.mark.parametrize("body", [b"{", b'{"id": "1"}'])
def test_what_is_no_message_is_an_error(body: bytes) -> None:
    with pytest.raises(BodyError):
        DIALECT.read_answer(HttpResponse.whole(200, JSON, body))


def test_a_stream_that_broke_off_is_an_error() -> None:
    streamed = DIALECT.write_answer(read(BODY), STREAMED).body
    for body in (streamed[: streamed.index(b"event: message_delta")], b"data: {"):
        with pytest.raises(BodyError):
            DIALECT.read_answer(HttpResponse.whole(200, EVENTS, body))


def test_an_odd_body_is_kept_whole() -> None:
    raw = RawAnswer({"content": ["odd"], "type": "message"})
    assert told(DIALECT.write_answer(raw, ASKED)) == raw.value
    assert told(DIALECT.write_answer(raw, STREAMED))["content"] == ["odd"]


@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "streamed"])
def test_a_hand_written_answer_is_whole_to_the_sdk(request_: Request) -> None:
    parts = (Reasoning("Hm"), Call("f", "", '{"a": 1}'))
    answer = Answer((Choice(Message("assistant", "Let me see.", parts)),))
    message = anthropic.types.Message.model_validate(told(DIALECT.write_answer(answer, request_)))
    assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
    assert (message.model, message.stop_reason) == ("claude", "tool_use")
    assert message.usage.output_tokens > 3


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({}, "end_turn"), ({"finish_reason": "length"}, "max_tokens"), ({"stop_reason": "x"}, "x")],
)
def test_the_end_is_told_in_its_own_words(fields: Any, reason: str) -> None:
    answer = Answer((Choice(Message("assistant", "a"), fields),))
    assert told(DIALECT.write_answer(answer, ASKED))["stop_reason"] == reason


def test_tokens_as_written_count() -> None:
    answer = Answer((Choice(Message("assistant", "a")),), {"usage": {"prompt_tokens": 7}})
    usage = told(DIALECT.write_answer(answer, ASKED))["usage"]
    assert usage == {"input_tokens": 7, "output_tokens": 1}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, anthropic.NotFoundError),
        (429, anthropic.RateLimitError),
        (500, anthropic.InternalServerError),
        (529, anthropic.InternalServerError),
    ],
)
def test_an_error_is_the_sdks_own(status: int, kind: type[Exception]) -> None:
    with (
        serving(DIALECT, ErrorAnswer(status, "not now")) as (url, _),
        anthropic.Anthropic(base_url=url, api_key="none", max_retries=0) as client,
        pytest.raises(kind, match="not now"),
    ):
        client.messages.create(
            model="claude", max_tokens=9, messages=[{"role": "user", "content": "Hi"}]
        )


def test_an_error_in_a_stream_is_the_sdks_own() -> None:
    failed = BODY | {"error": {"type": "overloaded_error", "message": "Overloaded"}}
    with (
        serving(DIALECT, read(failed)) as (url, _),
        anthropic.Anthropic(base_url=url, api_key="none", max_retries=0) as client,
        pytest.raises(anthropic.APIStatusError, match="Overloaded"),
        client.messages.stream(
            model="claude", max_tokens=9, messages=[{"role": "user", "content": "Hi"}]
        ) as events,
    ):
        events.get_final_message()


@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "streamed"])
def test_a_cut_tells_the_beginning_of_the_text(request_: Request) -> None:
    body = DIALECT.write_answer(Fault("cut", 4, "One two three"), request_).body
    assert b"One" in body
    assert b"three" not in body


@pytest.mark.skipif(not BODIES, reason="the corpus of provider bodies is not beside this checkout")
@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.name)
def test_a_real_body_is_equal_in_json_and_readable(path: Any) -> None:
    headers = EVENTS if path.suffix == ".sse" else JSON
    received = HttpResponse.whole(200, headers, path.read_bytes())
    answer = DIALECT.read_answer(received).answer
    assert isinstance(answer, Answer)
    for request in (ASKED, STREAMED):
        assert jsontext.same(told(DIALECT.write_answer(answer, request)), told(received))
    words = [
        block["text"]
        for block in told(received)["content"]
        if isinstance(block, dict) and block["type"] == "text"
    ]
    assert answer.choices[0].message.text == "\n".join(word for word in words if word)


@pytest.mark.parametrize("path", captures.requests("*/*-POST-v1_messages*.req.http"), ids=str)
def test_a_captured_request_is_read(path: Any) -> None:
    request = captures.request_of(path)
    if DIALECT.claims(request.method, request.path):
        assert DIALECT.read_request(request).messages
