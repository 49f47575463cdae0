"""Google's SDK against what the dialect of Gemini writes."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dialect_server import serving

from rechat.dialects.gemini.dialect import Gemini
from rechat.matching.scheme import Scheme
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Request
from rechat.values.conversation import Text
from rechat.values.http import HttpResponse

genai = pytest.importorskip(
    "google.genai", reason="google-genai cannot be installed beside mitmproxy on Python 3.12"
)
types = genai.types

GEMINI = Gemini()
ASKED = Request({"model": "gemini-2.5-pro"}, (Message("user", "Hi there"),))
LISTED = Request(ASKED.settings, ASKED.messages, stream=True, variant="array")


@contextmanager
def client(answer: AnyAnswer) -> Iterator[tuple[Any, list[Request]]]:
    with serving(GEMINI, answer) as (url, requests):
        options = types.HttpOptions(base_url=url)
        yield genai.Client(api_key="none", http_options=options), requests


HAND_WRITTEN = {
    "a text": Answer((Choice(Message("assistant", "Hello, you two.")),)),
    "a call": Answer((Choice(Message("assistant", "Let me see.", (Call("f", "c1", '{"a": 1}'),))),)),
    "calls without ids": Answer(
        (Choice(Message("assistant", None, (Call("f", "", "{}"), Call("g", "", "")))),)
    ),
    "a refusal": Answer((Choice(Message("assistant", None, (Refusal("No."),))),)),
    "thoughts": Answer((Choice(Message("assistant", "Four.", (Reasoning("2 and 2"),))),)),
    "a picture": Answer(
        (Choice(Message("assistant", None, (Text("See:"), Media("image", "data:image/png;base64,AAAA")))),)
    ),
    "two choices": Answer(
        (Choice(Message("assistant", "Red.")), Choice(Message("assistant", "Blue.")))
    ),
    "cut short": Answer((Choice(Message("assistant", "Well"), {"finish_reason": "length"}),)),
    "nothing": Answer((Choice(Message("assistant")),)),
}  # fmt: skip


def parts_of(*answers: Any) -> list[Any]:
    candidates = [candidate for answer in answers for candidate in answer.candidates or []]
    contents = [candidate.content for candidate in candidates if candidate.content]
    return [part for content in contents for part in content.parts or []]


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_the_sdk_s_models_know_all_that_is_written(case: str) -> None:
    written = [GEMINI.write_answer(HAND_WRITTEN[case], request) for request in (ASKED, LISTED)]
    for value in (json.loads(written[0].body), *json.loads(written[1].body)):
        read = types.GenerateContentResponse.model_validate(value)  # refuses what it does not know
        assert len(read.candidates or []) == len(value.get("candidates", []))


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_the_sdk_reads_hand_written_answers_whole_and_streamed(case: str) -> None:
    with client(HAND_WRITTEN[case]) as (google, requests):
        asked: dict[str, Any] = {"model": "gemini-2.5-pro", "contents": "Hi there"}
        whole = google.models.generate_content(**asked)
        streamed = list(google.models.generate_content_stream(**asked))
    assert [request.shape for request in requests] == ["plain", "stream"]
    assert whole.model_version == "gemini-2.5-pro"
    assert whole.usage_metadata
    assert whole.usage_metadata.total_token_count
    assert {answer.response_id for answer in streamed} == {whole.response_id}
    assert streamed[-1].usage_metadata == whole.usage_metadata
    ends = [
        (candidate.index, candidate.finish_reason)
        for answer in streamed
        for candidate in answer.candidates or []
        if candidate.finish_reason
    ]
    assert ends == [(c.index, c.finish_reason) for c in whole.candidates or []]
    ours, theirs = parts_of(whole), parts_of(*streamed)
    for is_thought in (None, True):
        ours_text, theirs_text = (
            "".join(part.text or "" for part in parts if part.thought is is_thought)
            for parts in (ours, theirs)
        )
        assert ours_text == theirs_text
    assert [p for p in ours if p.text is None] == [p for p in theirs if p.text is None]


def test_the_sdk_gets_a_call_it_can_make() -> None:
    with client(HAND_WRITTEN["a call"]) as (google, _):
        answer = google.models.generate_content(model="m", contents="Hi")
    assert answer.text == "Let me see."
    (call,) = answer.function_calls or []
    assert (call.id, call.name, call.args) == ("c1", "f", {"a": 1})
    assert answer.candidates
    assert answer.candidates[0].finish_reason is types.FinishReason.STOP


@pytest.mark.parametrize("is_stream", [False, True])
def test_what_the_sdk_sends_back_is_what_was_answered(is_stream: bool) -> None:
    call = Call("f", "c1", '{"a": 1}')
    said = Message("assistant", "Let me see.", (Reasoning("Hm"), call))
    with client(Answer((Choice(said),))) as (google, requests):
        chat = google.chats.create(model="m")
        result = types.Part.from_function_response(name="f", response={"result": "4"})
        if is_stream:
            list(chat.send_message_stream("Hi"))
            list(chat.send_message_stream([result]))
        else:
            chat.send_message("Hi")
            chat.send_message([result])
    sent = requests[1].messages
    assert [message.role for message in sent] == ["user", "assistant", "tool"]
    scheme = Scheme(None)
    assert scheme.step(b"", sent[1]) == scheme.step(b"", said)
    assert sent[2].body == "4"


def test_the_sdk_asks_in_all_words() -> None:
    def get_weather(city: str) -> str:
        """The weather."""
        return city

    picture = types.Part.from_bytes(data=b"\xff\xfe\xfb" * 3, mime_type="image/png")
    config = types.GenerateContentConfig(
        system_instruction="Be brief.",
        temperature=0.5,
        top_p=0.5,
        max_output_tokens=9,
        stop_sequences=["."],
        tools=[get_weather],
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        tool_config=types.ToolConfig(
            function_calling_config=types.FunctionCallingConfig(
                mode=types.FunctionCallingConfigMode.ANY
            )
        ),
    )
    with client(HAND_WRITTEN["a text"]) as (google, requests):
        google.models.generate_content(model="m", contents=["See", picture], config=config)
    (request,) = requests
    url = f"data:image/png;base64,{base64.b64encode(b'\xff\xfe\xfb' * 3).decode()}"
    assert request.messages == (
        Message("system", "Be brief."),
        Message("user", None, (Text("See"), Media("image", url))),
    )
    common = request.common or {}
    assert {key: common[key] for key in ("temperature", "top_p", "max_tokens", "stop")} == {
        "temperature": 0.5,
        "top_p": 0.5,
        "max_tokens": 9,
        "stop": ["."],
    }
    assert common["tool_choice"] == "required"
    (tool,) = common["tools"]
    assert tool["function"]["name"] == "get_weather"
    assert tool["function"]["parameters"]["type"] == "object"
    assert tool["function"]["parameters"]["properties"]["city"]["type"] == "string"


@pytest.mark.parametrize(
    ("answer", "kind", "status", "message"),
    [
        (ErrorAnswer(404, "no such model"), genai.errors.ClientError, "NOT_FOUND", "no such model"),
        (ErrorAnswer(429), genai.errors.ClientError, "RESOURCE_EXHAUSTED", "Too Many Requests"),
        (ErrorAnswer(503, "later"), genai.errors.ServerError, "UNAVAILABLE", "later"),
        (ErrorAnswer(418, "tea"), genai.errors.ClientError, "UNKNOWN", "tea"),
        (
            ErrorAnswer(400, {"error": {"code": 400, "message": "bad", "status": "X"}}),
            genai.errors.ClientError,
            "X",
            "bad",
        ),
    ],
)
@pytest.mark.parametrize("is_stream", [False, True])
def test_the_sdk_reads_errors(
    answer: ErrorAnswer, kind: type[Any], status: str, message: str, is_stream: bool
) -> None:
    with client(answer) as (google, _), pytest.raises(kind) as caught:
        if is_stream:
            list(google.models.generate_content_stream(model="m", contents="Hi"))
        else:
            google.models.generate_content(model="m", contents="Hi")
    assert (caught.value.code, caught.value.status) == (answer.status, status)
    assert caught.value.message == message


def test_the_sdk_reads_a_stream_that_fails() -> None:
    said = {"candidates": [{"content": {"parts": [{"text": "a"}], "role": "model"}, "index": 0}]}
    error = {"error": {"code": 400, "message": "too long", "status": "INVALID_ARGUMENT"}}
    body = "".join(f"data: {json.dumps(value)}\r\n\r\n" for value in (said, error))
    events = (("content-type", "text/event-stream"),)
    answer = GEMINI.read_answer(HttpResponse.whole(200, events, body.encode())).answer
    with client(answer) as (google, _):
        parts = google.models.generate_content_stream(model="m", contents="Hi")
        assert next(parts).text == "a"
        with pytest.raises(genai.errors.ClientError, match="too long"):
            list(parts)
