"""The dialect of Ollama's chat: whole bodies and streams, both ways."""

import json
from pathlib import Path
from typing import Any

import captures
import pytest
from dialect_server import serving
from ollama import ChatResponse
from ollama import Client
from ollama import ResponseError

from rechat.dialects.ollama import stream as ollama_stream
from rechat.dialects.ollama.chat import OllamaChat
from rechat.dialects.openai_chat.dialect import Chat
from rechat.matching.scheme import Scheme
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Request
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse
from rechat.values.http import header

OLLAMA = OllamaChat()
ASKED = Request({"model": "llama3"}, (Message("user", "Hi there"),))
STREAMED = Request({"model": "llama3"}, ASKED.messages, stream=True)
JSON = (("content-type", "application/json; charset=utf-8"),)
LINES = (("content-type", "application/x-ndjson"),)
CAPTURED = captures.requests("*/*-POST-api_chat.req.http")
HEAD = {"model": "llama3", "created_at": "2026-01-01T00:00:01.5Z"}
COUNTS = {
    "total_duration": 5_000_000_001,
    "load_duration": 1,
    "prompt_eval_count": 26,
    "prompt_eval_duration": 130_079_000,
    "eval_count": 298,
    "eval_duration": 4_799_921_000,
}
CALL = {"id": "call_x", "function": {"index": 0, "name": "f", "arguments": {"a": [1.50]}}}


def body(*, done: bool = True, reason: str = "stop", **message: Any) -> dict[str, Any]:
    end = {"done": True, "done_reason": reason, **COUNTS} if done else {"done": False}
    return HEAD | {"message": {"role": "assistant", **message}} | end


def response(value: object, status: int = 200) -> HttpResponse:
    return HttpResponse.whole(status, JSON, json.dumps(value).encode())


def stream(*lines: object) -> HttpResponse:
    return HttpResponse.whole(200, LINES, "".join(json.dumps(x) + "\n" for x in lines).encode())


def asked(value: object) -> Request:
    return OLLAMA.read_request(HttpRequest("POST", "/api/chat", body=json.dumps(value).encode()))


def lines(body: bytes) -> Any:
    return ollama_stream.assemble(map(json.loads, body.splitlines()))


def assembled(answered: HttpResponse) -> Any:
    assert header(answered.headers, "content-type") == "application/x-ndjson"
    assert all(piece.data.count(b"\n") == 1 for piece in answered.pieces)
    return lines(answered.body)


def test_claims_chats_under_any_prefix() -> None:
    assert OLLAMA.claims("POST", "/api/chat")
    assert OLLAMA.claims("POST", "/ollama/api/chat")
    assert not OLLAMA.claims("GET", "/api/chat")
    assert not OLLAMA.claims("POST", "/api/generate")


def test_an_answer_is_streamed_unless_the_client_says_no() -> None:
    messages = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    assert asked(messages).stream
    assert asked(messages | {"stream": None}).stream
    assert not asked(messages | {"stream": False}).stream


def test_reads_what_is_asked() -> None:
    tools = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
    value = {
        "model": "llama3",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "tools": tools,
        "options": {"temperature": 0.5, "num_ctx": 4096},
        "stream": False,
    }
    request = asked(value)
    assert request.messages == (Message("system", "Be brief."), Message("user", "Hi"))
    settings = {key: value[key] for key in ("model", "tools", "options")}
    assert request.settings == settings
    assert request.common == settings | {"temperature": 0.5}
    assert (request.api, request.shape, request.model) == ("ollama.chat", "plain", "llama3")
    assert json.loads(OLLAMA.write_request(request)) == value


def test_what_is_asked_in_common_words_is_what_a_chat_asks() -> None:
    ours = asked({"model": "m", "messages": [{"role": "user", "content": "Hi"}], "options": {"temperature": 0.5}})  # fmt: skip
    chat = {"model": "m", "temperature": 0.5, "messages": [{"role": "user", "content": "Hi"}]}
    theirs = Chat().read_request(HttpRequest("POST", "/", body=json.dumps(chat).encode()))
    listed = Scheme(frozenset({"model", "temperature"}))
    assert ours.common is not None
    in_common = Request(ours.common, ours.messages)
    assert listed.key(in_common) == listed.key(theirs)


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (b"{", "not JSON"),
        (b"[]", "expected a JSON object, not a list"),
        (b'{"messages": {}}', "`messages` is not a list"),
        (b'{"messages": [1]}', "a message is an object, not a number"),
        (b"\xff", "not JSON"),
    ],
)
def test_says_why_a_request_cannot_be_read(broken: bytes, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        OLLAMA.read_request(HttpRequest("POST", "/", body=broken))


def test_without_messages_the_model_is_loaded() -> None:
    assert asked({"model": "m"}).messages == ()


def test_a_secret_is_replaced_in_requests_and_answers() -> None:
    key = "sk-" + "a1" * 20
    request = asked({"messages": [{"role": "user", "content": f"key {key}"}]})
    assert request.messages[0].body == "key [redacted openai-key]"
    parts = [body(content=key[:10], done=False), body(content=key[10:])]
    received = OLLAMA.read_answer(stream(*parts))
    assert isinstance(received.answer, Answer)
    assert received.answer.choices[0].message.body == "[redacted openai-key]"
    assert not received.is_verbatim


RECORDED = {
    "a text": body(content="Hello."),
    "cut short": body(content="Well", reason="length"),
    "thoughts": body(content="Four.", thinking="2 and 2"),
    "a call": body(content="", tool_calls=[CALL, {"function": {"name": "g", "arguments": {}}}]),
    "arguments that are a text": body(content="", tool_calls=[{"function": {"name": "g", "arguments": "{}"}}]),
    "a picture": body(content="Here.", images=["iVBORw0KGgo="]),
    "a loaded model": HEAD | {"message": {"role": "assistant", "content": ""}, "done_reason": "load", "done": True},
    "no content": body(tool_calls=[CALL]),
    "no message": HEAD | {"done": True, "done_reason": "load"},
    "fields of a vendor": body(content="Hi", x={"y": None}) | {"remote_model": "big", "remote_host": "a.b"},
    "log probabilities": body(content="Hi") | {"logprobs": [{"token": "Hi", "logprob": -0.1, "bytes": [72, 105], "top_logprobs": []}]},
    "nothing but done": {"done": True, "message": {"role": "assistant", "content": "Hi"}},
}  # fmt: skip


@pytest.mark.parametrize("case", RECORDED)
def test_a_recorded_answer_comes_back_in_both_shapes(case: str) -> None:
    received = OLLAMA.read_answer(response(RECORDED[case]))
    assert isinstance(received.answer, Answer)
    assert received.is_verbatim
    assert json.loads(OLLAMA.write_answer(received.answer, ASKED).body) == RECORDED[case]
    streamed = OLLAMA.write_answer(received.answer, STREAMED)
    assert assembled(streamed) == RECORDED[case]
    assert OLLAMA.read_answer(streamed).answer == received.answer


def test_a_text_is_read_as_a_chat_s_would_be() -> None:
    answer = OLLAMA.read_answer(response(RECORDED["a call"])).answer
    assert isinstance(answer, Answer)
    calls = (
        Call("f", "call_x", '{"a":[1.5]}', "function", {"function": {"index": 0}}),
        Call("g", "", "{}"),
    )
    assert answer.choices == (Choice(Message("assistant", "", calls), {"finish_reason": "stop"}),)
    assert answer.fields == {**HEAD, "done": True, **COUNTS}


def test_a_recorded_stream_is_served_whole_and_streamed() -> None:
    lines = [
        body(content="", thinking="2 and 2", done=False),
        body(content="Fo", done=False),
        body(content="ur.", done=False),
        body(content=""),
    ]
    answer = OLLAMA.read_answer(stream(*lines)).answer
    whole = json.loads(OLLAMA.write_answer(answer, ASKED).body)
    assert whole == body(content="Four.", thinking="2 and 2")
    assert assembled(OLLAMA.write_answer(answer, STREAMED)) == whole


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (HttpResponse.whole(200, JSON, b'{"message": {'), "not whole"),
        (response({"status": "success"}), "no `message`"),
        (stream(body(content="a", done=False)), "was truncated"),
        (stream(), "was truncated"),
    ],
)
def test_half_an_answer_is_none(broken: HttpResponse, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        OLLAMA.read_answer(broken)


@pytest.mark.parametrize(
    "value",
    [
        {"message": {"role": "user", "content": "x"}, "done": True},
        {"message": {"role": "model", "content": "x"}, "done": True},
        {"message": "x", "done": True},
        {"message": {"role": "assistant", "content": "made by nobody"}},
        body(content="Hi", done=False),
        body(content="Hi", done=False) | {"error": "lost", "status": 400},
    ],
)
def test_a_body_that_cannot_be_taken_apart_is_kept_whole(value: dict[str, Any]) -> None:
    answer = OLLAMA.read_answer(response(value)).answer
    assert answer == RawAnswer(value)
    assert json.loads(OLLAMA.write_answer(answer, ASKED).body) == value
    assert json.loads(OLLAMA.write_answer(answer, STREAMED).body) == value


def test_a_stream_that_failed_is_an_answer_and_fails_again() -> None:
    lines = [body(content="Wel", done=False), {"error": "too long", "status": 400}]
    answer = OLLAMA.read_answer(stream(*lines)).answer
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.body == "Wel"
    streamed = OLLAMA.write_answer(answer, STREAMED).body.decode().splitlines()
    assert json.loads(streamed[-1]) == {"error": "too long", "status": 400}
    failed = OLLAMA.write_answer(answer, ASKED)
    assert (failed.status, json.loads(failed.body)) == (400, json.loads(streamed[-1]))


HAND_WRITTEN = {
    "a text": Answer((Choice(Message("assistant", "Hello, you two.")),)),
    "a call": Answer((Choice(Message("assistant", None, (Call("f", "c1", '{"a": 1}'),))),)),
    "calls without ids": Answer(
        (Choice(Message("assistant", None, (Call("f", "", "{}"), Call("g", "", "")))),)
    ),
    "a refusal": Answer((Choice(Message("assistant", None, (Refusal("No."),))),)),
    "thoughts": Answer((Choice(Message("assistant", "Four.", (Reasoning("2 and 2"),))),)),
    "cut short": Answer((Choice(Message("assistant", "Well"), {"finish_reason": "length"}),)),
    "nothing": Answer((Choice(Message("assistant")),)),
}


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_the_sdk_reads_hand_written_answers_whole_and_streamed(case: str) -> None:
    with serving(OLLAMA, HAND_WRITTEN[case]) as (url, requests), Client(url) as client:
        messages = [{"role": "user", "content": "Hi there"}]
        whole = client.chat("llama3", messages, options={"temperature": 0})
        streamed = list(client.chat("llama3", messages, options={"temperature": 0}, stream=True))
    assert [request.stream for request in requests] == [False, True]
    *pieces, last = streamed
    assert whole.model == last.model == "llama3"
    assert whole.done
    assert not any(piece.done for piece in pieces)
    assert whole.done_reason == last.done_reason
    assert whole.total_duration == last.total_duration
    assert whole.eval_duration
    assert "".join(piece.message.content or "" for piece in streamed) == whole.message.content
    thoughts = "".join(piece.message.thinking or "" for piece in streamed)
    assert thoughts == (whole.message.thinking or "")
    calls = [call for piece in streamed for call in piece.message.tool_calls or []]
    assert calls == list(whole.message.tool_calls or [])


def test_what_the_sdk_sends_back_is_what_was_answered() -> None:
    calls = (Call("f", "", '{"a": 1}'), Call("g", "", "{}"))
    answer = Answer((Choice(Message("assistant", None, calls)),))
    with serving(OLLAMA, answer) as (url, requests), Client(url) as client:
        said = client.chat("llama3", [{"role": "user", "content": "Hi there"}]).message
        history = [{"role": "user", "content": "Hi there"}, said, {"role": "tool", "tool_name": "f", "content": "1"}]  # fmt: skip
        client.chat("llama3", history)
    scheme = Scheme(None)
    told = answer.choices[0].message
    sent = requests[1].messages[1]
    assert scheme.step(b"", sent) == scheme.step(b"", told)


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        (ErrorAnswer(404, {"error": "model 'x' not found"}), 404, "model 'x' not found"),
        (ErrorAnswer(429, "slow down"), 429, "slow down"),
        (ErrorAnswer(503), 503, "Service Unavailable"),
    ],
)
@pytest.mark.parametrize("is_stream", [False, True])
def test_the_sdk_reads_errors(
    answer: ErrorAnswer, status: int, message: str, is_stream: bool
) -> None:
    with serving(OLLAMA, answer) as (url, _), Client(url) as client:
        with pytest.raises(ResponseError) as caught:
            list(client.chat("x", [], stream=is_stream))
    assert (caught.value.status_code, caught.value.error) == (status, message)


def test_the_sdk_reads_a_stream_that_fails() -> None:
    answer = OLLAMA.read_answer(
        stream(body(content="a", done=False), {"error": "lost", "status": 400})
    ).answer
    with serving(OLLAMA, answer) as (url, _), Client(url) as client:
        said = client.chat("x", [], stream=True)
        assert next(said).message.content == "a"
        with pytest.raises(ResponseError, match="lost"):
            list(said)


def test_an_error_is_kept_as_it_was() -> None:
    failed = response({"error": "model 'x' not found"}, 404)
    answer = OLLAMA.read_answer(failed).answer
    assert answer == ErrorAnswer(404, {"error": "model 'x' not found"})
    assert json.loads(OLLAMA.write_answer(answer, STREAMED).body) == json.loads(failed.body)


@pytest.mark.skipif(not CAPTURED, reason=captures.MISSING)
@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.name)
def test_what_real_clients_ask_is_read_and_its_answer_comes_back(path: Path) -> None:
    sent = captures.request_of(path)
    assert OLLAMA.claims(sent.method, sent.path)
    request = OLLAMA.read_request(sent)
    assert request.settings == {"model": "llama3"}
    assert [message.text for message in request.messages] == ["hi"]
    assert request.stream is json.loads(sent.body)["stream"]
    again = OLLAMA.read_request(HttpRequest("POST", "/", body=OLLAMA.write_request(request)))
    assert again == request
    got = captures.answer_to(path)
    answer = OLLAMA.read_answer(got).answer
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.body == "Hi"
    written = OLLAMA.write_answer(answer, request)
    read = lines if request.stream else json.loads
    assert read(written.body) == read(got.body)
    ChatResponse.model_validate(json.loads(written.body.splitlines()[-1]))
