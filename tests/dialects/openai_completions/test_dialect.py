"""The dialect of legacy completions: whole bodies and streams, both ways."""

import json
from pathlib import Path
from typing import Any

import captures
import openai
import pytest
from dialect_server import serving
from openai.types import Completion

from rechat.dialects.openai_completions import stream as completions_stream
from rechat.dialects.openai_completions.dialect import Completions
from rechat.dialects.shared import sse
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse
from rechat.values.jsontext import same

COMPLETIONS = Completions()
ASKED = Request({"model": "m"}, (Message("user", "Hi there"),))
STREAMED = Request({"model": "m"}, ASKED.messages, stream=True)
COUNTED = Request({"model": "m"}, ASKED.messages, stream=True, include_usage=True)
JSON = (("content-type", "application/json"),)
EVENTS = (("content-type", "text/event-stream"),)
CAPTURED = captures.requests("*/*-POST-v1_completions.req.http")
HEAD = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}


def choice(text: str, index: int = 0, **more: Any) -> dict[str, Any]:
    return {"text": text, "index": index, "logprobs": None, "finish_reason": "stop"} | more


def body(*choices: Any, **more: Any) -> dict[str, Any]:
    return HEAD | {"choices": list(choices), "usage": USAGE} | more


def response(value: object, status: int = 200) -> HttpResponse:
    return HttpResponse.whole(status, JSON, json.dumps(value).encode())


def stream(*chunks: object, done: bool = True) -> HttpResponse:
    events = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"] * done
    return HttpResponse.whole(200, EVENTS, "".join(events).encode())


def chunks(answered: HttpResponse) -> list[dict[str, Any]]:
    events = [event.data for event in sse.read(answered.body.decode())]
    assert events[-1] == "[DONE]"
    return [json.loads(event) for event in events[:-1]]


def asked(value: object) -> Request:
    sent = json.dumps(value).encode()
    return COMPLETIONS.read_request(HttpRequest("POST", "/v1/completions", body=sent))


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/v1/completions", True),
        ("POST", "/openai/deployments/d/completions", True),
        ("POST", "/v1/chat/completions", False),
        ("GET", "/v1/completions", False),
    ],
)
def test_claims_completions_but_no_chats(method: str, path: str, expected: bool) -> None:
    assert COMPLETIONS.claims(method, path) is expected


@pytest.mark.parametrize(
    ("prompt", "messages"),
    [
        ("Hi", (Message("user", "Hi"),)),
        (["Hi"], (Message("user", "Hi"),)),
        (["a", "b"], (Message("user", "a"), Message("user", "b"))),
        ([1, 2], (Message("user", None, (Opaque([1, 2]),)),)),
        (
            [[1], [2, 3]],
            (Message("user", None, (Opaque([1]),)), Message("user", None, (Opaque([2, 3]),))),
        ),
        ("", (Message("user", ""),)),
        ([], ()),
        (None, ()),
    ],
)
def test_prompts_are_messages(prompt: Any, messages: tuple[Message, ...]) -> None:
    request = asked({"model": "m", "prompt": prompt})
    assert request.messages == messages
    again = HttpRequest("POST", "/", body=COMPLETIONS.write_request(request))
    assert COMPLETIONS.read_request(again) == request


def test_reads_what_is_asked_and_how_it_is_to_be_shaped() -> None:
    settings = {"model": "m", "echo": True, "suffix": "}", "logprobs": 2, "best_of": 3, "n": 2}
    shape = {"stream": True, "stream_options": {"include_usage": True}}
    request = asked(settings | shape | {"prompt": "Hi"})
    assert request.settings == settings
    assert request.common == settings | {"logprobs": True, "top_logprobs": 2}
    assert (request.api, request.shape) == ("openai.completions", "stream-usage")
    assert json.loads(COMPLETIONS.write_request(request)) == settings | shape | {"prompt": "Hi"}
    assert asked({"model": "m", "logprobs": None}).common == {"model": "m", "logprobs": None}
    assert asked({"model": "m", "logprobs": "x"}).common == {"model": "m", "logprobs": "x"}


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (b"{", "not JSON"),
        (b"[]", "a JSON object"),
        (b'{"prompt": {}}', "`prompt` is a text or a list, not an object"),
        (b'{"prompt": ["a", {}]}', "a prompt is a text or a list of tokens, not an object"),
    ],
)
def test_says_why_a_request_cannot_be_read(sent: bytes, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        COMPLETIONS.read_request(HttpRequest("POST", "/", body=sent))


def test_a_secret_is_replaced_in_requests_and_answers() -> None:
    key = "sk-" + "a1" * 20
    assert asked({"prompt": f"key {key}"}).messages[0].body == "key [redacted openai-key]"
    parts = [body(choice(key[:10], finish_reason=None)), body(choice(key[10:]))]
    received = COMPLETIONS.read_answer(stream(*parts))
    assert isinstance(received.answer, Answer)
    assert received.answer.choices[0].message.body == "[redacted openai-key]"
    assert not received.is_verbatim


LOGPROBS = {
    "tokens": ["H", "i"],
    "token_logprobs": [-0.5, -1],
    "top_logprobs": [{"H": -0.5}, {"i": -1}],
    "text_offset": [0, 1],
}
RECORDED = {
    "a text": body(choice("Hello.")),
    "choices": body(choice("a"), choice("b", 1), choice("c", 2)),
    "log probabilities": body(choice("Hi", logprobs=LOGPROBS)),
    "cut short": body(choice("Hi", finish_reason="length")),
    "fields of a vendor": body(choice("Hi", stop_reason=None, token_ids=[1]), system_fingerprint="f", timings={"ms": 1}),
    "no text": body(choice("a"), {"index": 1, "finish_reason": "stop", "x": 1}),
    "no index": body({"text": "a", "finish_reason": "stop"}),
    "a text that is none": body(choice("a") | {"text": ["a"]}),
    "no fields": HEAD | {"choices": [{"text": "a", "index": 0, "finish_reason": "stop"}]},
    "no id": {"object": "text_completion", "choices": [choice("a")]},
    "null": body(choice("a") | {"text": None}),
}  # fmt: skip


@pytest.mark.parametrize("case", RECORDED)
def test_a_recorded_answer_comes_back_in_all_shapes(case: str) -> None:
    received = COMPLETIONS.read_answer(response(RECORDED[case]))
    assert isinstance(received.answer, Answer)
    assert received.is_verbatim
    assert json.loads(COMPLETIONS.write_answer(received.answer, ASKED).body) == RECORDED[case]
    for request in (STREAMED, COUNTED):
        streamed = COMPLETIONS.write_answer(received.answer, request)
        assert completions_stream.assemble(chunks(streamed)) == RECORDED[case]
        assert COMPLETIONS.read_answer(streamed).answer == received.answer


def test_a_text_is_read_as_a_chat_s_would_be() -> None:
    answer = COMPLETIONS.read_answer(response(body(choice("Hello.")))).answer
    ending = {"logprobs": None, "finish_reason": "stop"}
    assert answer == Answer(
        (Choice(Message("assistant", "Hello."), ending),), HEAD | {"usage": USAGE}
    )


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (HttpResponse.whole(200, JSON, b'{"choices": ['), "not whole"),
        (response({"object": "list"}), "no `choices`"),
        (stream(body(choice("a", finish_reason=None)), done=False), "was truncated"),
        (stream(done=False), "no `choices`"),
        (HttpResponse.whole(200, EVENTS, b'data: {"id": "1", "cho'), "was truncated"),
    ],
)
def test_half_an_answer_is_none(broken: HttpResponse, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        COMPLETIONS.read_answer(broken)


@pytest.mark.parametrize("value", [body(), body("x"), {"choices": [choice("a")]}])
def test_a_body_that_cannot_be_taken_apart_is_kept_whole(value: dict[str, Any]) -> None:
    answer = COMPLETIONS.read_answer(response(value)).answer
    assert answer == RawAnswer(value)
    assert json.loads(COMPLETIONS.write_answer(answer, ASKED).body) == value
    assert chunks(COMPLETIONS.write_answer(answer, STREAMED)) == [value]


ERROR = {"error": {"message": "overloaded", "code": 502}}


@pytest.mark.parametrize("before", [[], [body(choice("a", finish_reason=None))]])
def test_a_stream_that_failed_is_an_answer_and_fails_again(before: list[Any]) -> None:
    answer = COMPLETIONS.read_answer(stream(*before, ERROR, done=False)).answer
    with serving(COMPLETIONS, answer) as (url, _):
        with openai.OpenAI(base_url=f"{url}/v1", api_key="k") as client:
            with pytest.raises(openai.APIError, match="overloaded"):
                list(client.completions.create(model="m", prompt="Hi", stream=True))


HAND_WRITTEN = {
    "a text": Answer((Choice(Message("assistant", "Hello, you two.")),)),
    "a call": Answer((Choice(Message("assistant", None, (Call("f", "c1", '{"a": 1}'),))),)),
    "two choices": Answer((Choice(Message("assistant", "a")), Choice(Message("assistant", "b")))),
    "cut short": Answer((Choice(Message("assistant", "Well"), {"finish_reason": "length"}),)),
    "nothing": Answer((Choice(Message("assistant")),)),
    "recorded by a chat": Answer(
        (Choice(Message("assistant", "Hi"), {"finish_reason": "tool_calls"}),),
        {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m"},
    ),
}


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_the_sdk_reads_hand_written_answers_strictly(case: str) -> None:
    with serving(COMPLETIONS, HAND_WRITTEN[case]) as (url, _):
        with openai.OpenAI(base_url=f"{url}/v1", api_key="k", _strict_response_validation=True) as client:  # fmt: skip
            whole = client.completions.create(model="m", prompt="Hi there")
    Completion.model_validate(whole.model_dump(), strict=True)
    assert whole.usage is not None
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
    assert [found.index for found in whole.choices] == list(range(len(whole.choices)))


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_streamed_and_whole_say_the_same(case: str) -> None:
    with serving(COMPLETIONS, HAND_WRITTEN[case]) as (url, _):
        with openai.OpenAI(base_url=f"{url}/v1", api_key="k") as client:
            whole = client.completions.create(model="m", prompt="Hi there")
            streamed = list(
                client.completions.create(
                    model="m",
                    prompt="Hi there",
                    stream=True,
                    stream_options={"include_usage": True},
                )
            )
    assert streamed[-1].usage == whole.usage
    for at, found in enumerate(whole.choices):
        mine = [one for piece in streamed for one in piece.choices if one.index == at]
        assert "".join(one.text for one in mine) == found.text
        assert mine[-1].finish_reason == found.finish_reason


def test_usage_is_streamed_only_when_asked_for() -> None:
    written = chunks(COMPLETIONS.write_answer(HAND_WRITTEN["a text"], STREAMED))
    assert all("usage" not in chunk for chunk in written)
    *others, last = chunks(COMPLETIONS.write_answer(HAND_WRITTEN["a text"], COUNTED))
    assert last["choices"] == []
    assert last["usage"]["total_tokens"] == 7
    assert all(chunk["usage"] is None for chunk in others)


def test_a_recorded_answer_is_not_echoed_and_a_hand_written_one_is() -> None:
    request = Request({"echo": True}, ASKED.messages)
    recorded = COMPLETIONS.read_answer(response(body(choice("Hi there. Hello."))))
    (served,) = json.loads(COMPLETIONS.write_answer(recorded.answer, request).body)["choices"]
    assert served["text"] == "Hi there. Hello."
    answer = Answer((Choice(Message("assistant", ". Hello.")),))
    (served,) = json.loads(COMPLETIONS.write_answer(answer, request).body)["choices"]
    assert served["text"] == "Hi there. Hello."


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (ErrorAnswer(400, "no"), openai.BadRequestError, "no"),
        (ErrorAnswer(404), openai.NotFoundError, "Not Found"),
        (ErrorAnswer(503, "busy"), openai.InternalServerError, "busy"),
        (ErrorAnswer(429, ERROR), openai.RateLimitError, "overloaded"),
    ],
)
def test_the_sdk_reads_errors(
    answer: ErrorAnswer, kind: type[openai.APIStatusError], message: str
) -> None:
    with serving(COMPLETIONS, answer) as (url, _):
        with openai.OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0) as client:
            with pytest.raises(kind, match=message):
                client.completions.create(model="m", prompt="Hi")


def test_an_error_is_kept_as_it_was() -> None:
    answer = COMPLETIONS.read_answer(response(ERROR, 429)).answer
    assert answer == ErrorAnswer(429, ERROR)
    assert json.loads(COMPLETIONS.write_answer(answer, STREAMED).body) == ERROR


@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "stream"])
def test_a_cut_tells_the_beginning_of_the_text(request_: Request) -> None:
    cut = Fault("cut", 7, "one two three four")
    written = COMPLETIONS.write_answer(cut, request_).body.decode()
    assert "two" in written
    assert "three" not in written
    assert "[DONE]" not in written
    assert '"stop"' not in written


@pytest.mark.skipif(not CAPTURED, reason=captures.MISSING)
@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.name)
def test_what_real_clients_ask_is_read_and_its_answer_comes_back(path: Path) -> None:
    sent = captures.request_of(path)
    assert COMPLETIONS.claims(sent.method, sent.path)
    request = COMPLETIONS.read_request(sent)
    assert request.messages == (Message("user", "Hi"),)
    assert json.loads(COMPLETIONS.write_request(request)) == json.loads(sent.body)
    got = captures.answer_to(path)
    answer = COMPLETIONS.read_answer(got).answer
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.body == "Hello there"
    written = COMPLETIONS.write_answer(answer, request)
    if request.stream:
        assert same(
            completions_stream.assemble(chunks(written)), completions_stream.assemble(chunks(got))
        )
    else:
        assert same(json.loads(written.body), json.loads(got.body))


def test_the_form_of_older_servers_of_llama_cpp_is_kept() -> None:
    end = {"content": "", "stop": True, "timings": {"prompt_n": 3}}
    sent = stream({"content": "Hello ", "stop": False}, {"content": "you.", "stop": False}, end)
    answer = COMPLETIONS.read_answer(sent).answer
    assert answer == RawAnswer(end | {"content": "Hello you."})
    again = COMPLETIONS.write_answer(answer, STREAMED)
    assert COMPLETIONS.read_answer(again).answer == answer
    assert len(chunks(again)) > 2
    whole = COMPLETIONS.write_answer(answer, ASKED)
    assert json.loads(whole.body) == end | {"content": "Hello you."}
    assert COMPLETIONS.read_answer(whole).answer == answer
    with pytest.raises(BodyError):
        COMPLETIONS.read_answer(stream({"content": "Hello ", "stop": False}, done=False))
