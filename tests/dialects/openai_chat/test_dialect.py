"""The dialect of Chat Completions: whole bodies and streams, both ways."""

import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletion
from openai.types.chat import ChatCompletionChunk

from rechat.dialects.openai_chat import stream as chat_stream
from rechat.dialects.openai_chat.dialect import Chat
from rechat.dialects.shared import sse
from rechat.values import jsontext
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Refusal
from rechat.values.conversation import Request
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

CHAT = Chat()
ASKED = Request({"model": "gpt-5"}, (Message("user", "Hi there"),))
STREAMED = Request({"model": "gpt-5"}, (Message("user", "Hi there"),), stream=True)
COUNTED = Request({"model": "gpt-5"}, ASKED.messages, stream=True, include_usage=True)
JSON = (("content-type", "application/json"),)
EVENTS = (("content-type", "text/event-stream"),)


def response(body: object, status: int = 200) -> HttpResponse:
    return HttpResponse.whole(status, JSON, json.dumps(body).encode())


def stream(*chunks: object, done: bool = True) -> HttpResponse:
    events = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"] * done
    return HttpResponse.whole(200, EVENTS, "".join(events).encode())


def chunk(text: str, **more: Any) -> dict[str, Any]:
    return {"id": "1", "choices": [{"index": 0, "delta": {"content": text}, **more}]}


def chunks(answered: HttpResponse) -> list[dict[str, Any]]:
    events = [event.data for event in sse.read(answered.body.decode())]
    assert events[-1] == "[DONE]"
    return [json.loads(event) for event in events[:-1]]


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/v1/chat/completions"])
def test_claims_chat_completions_under_any_prefix(path: str) -> None:
    assert CHAT.claims("POST", path)
    assert not CHAT.claims("GET", path)


def test_azure_names_the_model_in_the_path() -> None:
    path = "/openai/deployments/my%20model/chat/completions"
    named = CHAT.read_request(HttpRequest("POST", path, body=b'{"messages": []}'))
    assert named.settings == {"model": "my model"}
    told = CHAT.read_request(HttpRequest("POST", path, body=b'{"model": "m", "messages": []}'))
    assert told.model == "m"


def test_reads_what_is_asked_and_how_it_is_to_be_shaped() -> None:
    body = {
        "model": "gpt-5",
        "messages": [{"role": "user", "content": "Hi there"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
    }
    request = CHAT.read_request(HttpRequest("POST", "/", body=json.dumps(body).encode()))
    assert request == Request(
        {"model": "gpt-5", "temperature": 0.5}, ASKED.messages, stream=True, include_usage=True
    )
    assert json.loads(CHAT.write_request(request)) == body


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{", "not JSON"),
        (b"[]", "expected a JSON object, not a list"),
        (b"{}", "no list of `messages`"),
        (b'{"messages": [1]}', "a message is an object, not a number"),
        (b'{"messages": [{"role": null}]}', "a word, not None"),
        (b"\xff", "not JSON"),
    ],
)
def test_says_why_a_request_cannot_be_read(body: bytes, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        CHAT.read_request(HttpRequest("POST", "/", body=body))


def test_a_secret_in_a_request_is_replaced() -> None:
    key = "sk-" + "a1" * 20
    body = json.dumps({"messages": [{"role": "user", "content": f"key {key}"}]}).encode()
    request = CHAT.read_request(HttpRequest("POST", "/", body=body))
    assert request.messages[0].body == "key [redacted openai-key]"


def test_a_secret_in_an_answer_is_replaced_and_its_bytes_are_not_to_be_kept() -> None:
    key = "sk-" + "a1" * 20
    received = CHAT.read_answer(stream(chunk(key[:10]), chunk(key[10:], finish_reason="stop")))
    assert isinstance(received.answer, Answer)
    assert received.answer.choices[0].message.body == "[redacted openai-key]"
    assert not received.is_verbatim


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (HttpResponse.whole(200, JSON, b'{"choices": ['), "not whole"),
        (response({"object": "list"}), "no `choices`"),
        (stream(chunk("a"), done=False), "was truncated"),
        (stream(done=False), "no `choices`"),
        (HttpResponse.whole(200, EVENTS, b'data: {"id": "1", "cho'), "was truncated"),
    ],
)
def test_half_an_answer_is_none(broken: HttpResponse, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        CHAT.read_answer(broken)


@pytest.mark.parametrize(
    "whole",
    [
        stream(chunk("a")),
        stream(chunk("a"), chunk("", finish_reason="stop"), done=False),
        stream(chunk("a"), {"error": {"message": "too long", "code": 400}}, done=False),
    ],
    ids=["[DONE]", "finish_reason", "an error event"],
)
def test_each_end_of_a_stream_is_an_end(whole: HttpResponse) -> None:
    answer = CHAT.read_answer(whole).answer
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.body == "a"


def test_an_error_is_an_answer_with_what_clients_read() -> None:
    headers = (*JSON, ("Retry-After", "7"), ("set-cookie", "secret"))
    failed = HttpResponse.whole(429, headers, b'{"error": {"message": "slow down"}}')
    answer = CHAT.read_answer(failed).answer
    assert answer == ErrorAnswer(429, {"error": {"message": "slow down"}}, (("retry-after", "7"),))
    written = CHAT.write_answer(answer, ASKED)
    assert (written.status, json.loads(written.body)) == (429, {"error": {"message": "slow down"}})


def test_an_error_that_is_no_json_keeps_its_text() -> None:
    headers = (("content-type", "text/html"),)
    answer = CHAT.read_answer(HttpResponse.whole(502, headers, b"<h1>Bad</h1>")).answer
    assert answer == ErrorAnswer(502, "<h1>Bad</h1>", headers)
    assert CHAT.write_answer(answer, ASKED) == HttpResponse.whole(502, headers, b"<h1>Bad</h1>")


@pytest.mark.parametrize(
    "body",
    [
        {"id": "1", "choices": []},
        {"id": "1", "choices": [{"index": 0, "delta": {}}]},
    ],
)
def test_a_body_that_cannot_be_taken_apart_is_kept_whole(body: dict[str, Any]) -> None:
    answer = CHAT.read_answer(response(body)).answer
    assert answer == RawAnswer(body)
    assert json.loads(CHAT.write_answer(answer, ASKED).body) == body
    chunks(CHAT.write_answer(answer, STREAMED))


HAND_WRITTEN = {
    "a text": Answer((Choice(Message("assistant", "Hello, you two.")),)),
    "a call": Answer((Choice(Message("assistant", None, (Call("f", "c1", '{"a": 1}'),))),)),
    "a call without an id": Answer((Choice(Message("assistant", None, (Call("f", "", "{}"),))),)),
    "a refusal": Answer((Choice(Message("assistant", None, (Refusal("No."),))),)),
    "two choices": Answer(
        (Choice(Message("assistant", "Red.")), Choice(Message("assistant", "Blue.")))
    ),
    "cut short": Answer((Choice(Message("assistant", "Well"), {"finish_reason": "length"}),)),
    "counted": Answer(
        (Choice(Message("assistant", "Hi")),),
        {"usage": {"prompt_tokens": 3, "completion_tokens": 4}},
    ),
}


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_the_sdk_reads_hand_written_answers_strictly(case: str) -> None:
    written = CHAT.write_answer(HAND_WRITTEN[case], ASKED)
    read = ChatCompletion.model_validate_json(written.body, strict=True)
    assert read.model == "gpt-5"
    assert read.usage is not None
    assert read.usage.total_tokens == read.usage.prompt_tokens + read.usage.completion_tokens
    for streamed in chunks(CHAT.write_answer(HAND_WRITTEN[case], COUNTED)):
        ChatCompletionChunk.model_validate(streamed, strict=True)


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_streamed_and_whole_say_the_same(case: str) -> None:
    whole = json.loads(CHAT.write_answer(HAND_WRITTEN[case], ASKED).body)
    streamed = chat_stream.assemble(chunks(CHAT.write_answer(HAND_WRITTEN[case], COUNTED)))
    assert whole["usage"] == streamed["usage"]
    for one, other in zip(whole["choices"], streamed["choices"], strict=True):
        assert one["finish_reason"] == other["finish_reason"]
        for name in ("content", "refusal", "tool_calls"):
            assert one["message"].get(name) == other["message"].get(name)


def test_usage_is_streamed_only_when_asked_for() -> None:
    for streamed in chunks(CHAT.write_answer(HAND_WRITTEN["counted"], STREAMED)):
        assert "usage" not in streamed
    *others, last = chunks(CHAT.write_answer(HAND_WRITTEN["counted"], COUNTED))
    assert last["choices"] == []
    assert last["usage"]["total_tokens"] == 7
    assert all(streamed["usage"] is None for streamed in others)


def test_nothing_is_made_up_for_a_recorded_answer() -> None:
    body = {"id": "1", "choices": [{"index": 0, "message": {"content": "Hi"}}]}
    answer = CHAT.read_answer(response(body)).answer
    assert jsontext.same(json.loads(CHAT.write_answer(answer, ASKED).body), body)


@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "stream"])
def test_a_cut_tells_the_beginning_of_the_text(request_: Request) -> None:
    written = CHAT.write_answer(Fault("cut", 7, "one two three four"), request_).body.decode()
    assert "two" in written
    assert "three" not in written
    assert "[DONE]" not in written
    assert '"stop"' not in written
