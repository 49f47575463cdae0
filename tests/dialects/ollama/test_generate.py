"""The dialect of Ollama's completion of a prompt: whole bodies and streams, both ways."""

import json
from typing import Any

import pytest
from dialect_server import serving
from ollama import Client
from ollama import ResponseError

from rechat.dialects.ollama import stream as ollama_stream
from rechat.dialects.ollama.generate import OllamaGenerate
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Request
from rechat.values.conversation import Text
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

GENERATE = OllamaGenerate()
ASKED = Request({"model": "llama3"}, (Message("user", "Hi there"),))
STREAMED = Request({"model": "llama3"}, ASKED.messages, stream=True)
JSON = (("content-type", "application/json; charset=utf-8"),)
PNG = "iVBORw0KGgoAAAANSUhEUg=="
PICTURE = Media("image", f"data:image/png;base64,{PNG}")
HEAD = {"model": "llama3", "created_at": "2026-01-01T00:00:01.5Z"}
DONE = {"done": True, "done_reason": "stop", "context": [1, 2, 3], "eval_count": 3}


def asked(value: dict[str, Any]) -> Request:
    body = json.dumps(value).encode()
    return GENERATE.read_request(HttpRequest("POST", "/api/generate", body=body))


def response(value: object) -> HttpResponse:
    return HttpResponse.whole(200, JSON, json.dumps(value).encode())


def test_claims_prompts_under_any_prefix() -> None:
    assert GENERATE.claims("POST", "/ollama/api/generate")
    assert not GENERATE.claims("POST", "/api/chat")
    assert not GENERATE.claims("GET", "/api/generate")


@pytest.mark.parametrize(
    ("value", "messages"),
    [
        ({"prompt": "Hi"}, (Message("user", "Hi"),)),
        ({"prompt": ""}, (Message("user", ""),)),
        ({}, ()),
        ({"prompt": "Hi", "system": ""}, (Message("user", "Hi"),)),
        (
            {"prompt": "Hi", "system": "Be brief."},
            (Message("system", "Be brief."), Message("user", "Hi")),
        ),
        (
            {"prompt": "What is it?", "images": [PNG]},
            (Message("user", None, (Text("What is it?"), PICTURE)),),
        ),
        ({"images": [PNG]}, (Message("user", None, (PICTURE,)),)),
        ({"prompt": "Hi", "images": []}, (Message("user", "Hi"),)),
    ],
)
def test_prompts_are_messages(value: dict[str, Any], messages: tuple[Message, ...]) -> None:
    request = asked({"model": "m", **value})
    assert request.messages == messages
    assert request.settings == {"model": "m"}
    assert (request.api, request.stream) == ("ollama.generate", True)
    again = GENERATE.read_request(HttpRequest("POST", "/", body=GENERATE.write_request(request)))
    assert again.settings == request.settings
    assert [message.text for message in again.messages] == [message.text for message in messages]


def test_all_else_is_a_setting() -> None:
    settings = {"model": "m", "suffix": "}", "template": "{{ .Prompt }}", "raw": True, "context": [1, 2], "options": {"num_predict": 9}}  # fmt: skip
    request = asked(settings | {"prompt": "Hi", "stream": False})
    assert request.settings == settings
    assert request.common == settings | {"max_tokens": 9}
    assert not request.stream
    body = json.loads(GENERATE.write_request(request))
    assert body == settings | {"prompt": "Hi", "stream": False}


def test_pictures_that_are_none_are_not_lost() -> None:
    assert asked({"prompt": "Hi", "images": [1]}).settings == {"images": [1]}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{", "not JSON"),
        (b"[]", "a JSON object"),
        (b'{"prompt": ["a"]}', "`prompt` is a text, not a list"),
        (b'{"system": 1}', "`system` is a text, not a number"),
    ],
)
def test_says_why_a_request_cannot_be_read(body: bytes, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        GENERATE.read_request(HttpRequest("POST", "/", body=body))


RECORDED: dict[str, tuple[dict[str, Any], Message]] = {
    "a text": ({"response": "Hello."}, Message("assistant", "Hello.")),
    "thoughts": (
        {"response": "Four.", "thinking": "2 and 2"},
        Message("assistant", "Four.", (Reasoning("2 and 2", "thinking"),)),
    ),
    "a picture": (
        {"response": "", "image": PNG, "completed": 9, "total": 9},
        Message("assistant", None, (PICTURE,)),
    ),
    "a picture and null": (
        {"response": None, "image": PNG},
        Message("assistant", None, (PICTURE,), {"response": None}),
    ),
    "a picture and a text": (
        {"response": "Here.", "image": PNG},
        Message("assistant", None, (Text("Here."), PICTURE)),
    ),
    "no text": ({"image": PNG}, Message("assistant", None, (PICTURE,), {}, ("response",))),
    "null": ({"response": None}, Message("assistant", None)),
    "log probabilities": (
        {"response": "Hi", "logprobs": [{"token": "Hi", "logprob": -1}]},
        Message("assistant", "Hi"),
    ),
}


@pytest.mark.parametrize("case", RECORDED)
def test_a_recorded_answer_comes_back_in_both_shapes(case: str) -> None:
    said, message = RECORDED[case]
    whole = HEAD | said | DONE
    answer = GENERATE.read_answer(response(whole)).answer
    assert isinstance(answer, Answer)
    assert answer.choices[0].message == message
    assert answer.fields["context"] == [1, 2, 3]
    assert json.loads(GENERATE.write_answer(answer, ASKED).body) == whole
    streamed = GENERATE.write_answer(answer, STREAMED)
    lines = map(json.loads, streamed.body.splitlines())
    assert ollama_stream.assemble(lines) == whole
    assert GENERATE.read_answer(streamed).answer == answer


@pytest.mark.parametrize("value", [{"response": 1, "done": True}, {"response": "by nobody"}])
def test_a_body_that_cannot_be_taken_apart_is_kept_whole(value: dict[str, Any]) -> None:
    answer = GENERATE.read_answer(response(value)).answer
    assert answer == RawAnswer(value)
    assert json.loads(GENERATE.write_answer(answer, STREAMED).body) == value


def test_half_an_answer_is_none() -> None:
    with pytest.raises(BodyError, match="no `response`"):
        GENERATE.read_answer(response({"status": "success"}))


HAND_WRITTEN = {
    "a text": (Message("assistant", "Hello, you two."), "Hello, you two."),
    "thoughts": (Message("assistant", "Four.", (Reasoning("2 and 2"),)), "Four."),
    "a call": (Message("assistant", None, (Call("f", "c1", '{"a": 1}'),)), '{"a": 1}'),
    "a call beside a text": (Message("assistant", "Hi", (Call("f", "c1", "{}"),)), "Hi"),
}


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_the_sdk_reads_hand_written_answers_whole_and_streamed(case: str) -> None:
    message, text = HAND_WRITTEN[case]
    with serving(GENERATE, Answer((Choice(message),))) as (url, requests), Client(url) as client:
        whole = client.generate("llama3", "Hi there", system="Be brief.")
        streamed = list(client.generate("llama3", "Hi there", system="Be brief.", stream=True))
    assert requests[0].messages == (Message("system", "Be brief."), Message("user", "Hi there"))
    assert whole.response == text
    assert "".join(piece.response or "" for piece in streamed) == text
    assert "".join(piece.thinking or "" for piece in streamed) == (whole.thinking or "")
    assert (whole.model, whole.done, whole.done_reason) == ("llama3", True, "stop")
    assert (whole.prompt_eval_count, whole.eval_count) == (
        streamed[-1].prompt_eval_count,
        streamed[-1].eval_count,
    )


def test_the_sdk_reads_errors() -> None:
    with serving(GENERATE, ErrorAnswer(404, "no such model")) as (url, _), Client(url) as client:
        with pytest.raises(ResponseError, match="no such model"):
            client.generate("x", "Hi")


@pytest.mark.parametrize("after", [0, 8])
def test_a_cut_tells_the_beginning_of_the_text(after: int) -> None:
    written = GENERATE.write_answer(Fault("cut", after, "one two three four"), ASKED).body
    assert written.endswith(b'"response":"' + b"one two three four"[:after])
