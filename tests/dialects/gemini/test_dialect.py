"""The dialect of Gemini: whole bodies, events and arrays, both ways."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import captures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared import SHARED

from rechat.dialects.gemini import stream as gemini_stream
from rechat.dialects.gemini.dialect import Gemini
from rechat.dialects.openai_chat.dialect import Chat
from rechat.dialects.shared import sse
from rechat.matching.scheme import Scheme
from rechat.values import jsontext
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Request
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse
from rechat.values.http import header
from rechat.values.jsontext import same

GEMINI = Gemini()
WHOLE, EVENTS = "/v1beta/models/gemini-2.5-pro:generateContent", "alt=sse"
STREAM = "/v1beta/models/gemini-2.5-pro:streamGenerateContent"
ASKED = Request({"model": "gemini-2.5-pro"}, (Message("user", "Hi there"),))
STREAMED = Request(ASKED.settings, ASKED.messages, stream=True)
LISTED = Request(ASKED.settings, ASKED.messages, stream=True, variant="array")
JSON = (("content-type", "application/json; charset=UTF-8"),)
SSE = (("content-type", "text/event-stream"),)
HEAD = {"modelVersion": "gemini-2.5-pro", "responseId": "r1"}
CAPTURED = captures.requests("*/*enerateContent*.req.http")
BODIES = sorted((SHARED / "corpus").glob("*-gemini-*"))


def chunk(*parts: Any, **more: Any) -> dict[str, Any]:
    content = {"parts": list(parts), "role": "model"}
    return {"candidates": [{"content": content, "index": 0, **more}], **HEAD}


def response(value: object, status: int = 200) -> HttpResponse:
    return HttpResponse.whole(status, JSON, json.dumps(value).encode())


def stream(*chunks: object) -> HttpResponse:
    events = [f"data: {json.dumps(value)}\r\n\r\n" for value in chunks]
    return HttpResponse.whole(200, SSE, "".join(events).encode())


def asked(value: object, path: str = WHOLE, query: str = "") -> Request:
    return GEMINI.read_request(HttpRequest("POST", path, query, (), json.dumps(value).encode()))


def read_events(answered: HttpResponse) -> Any:
    """What the events of a stream add up to."""
    events = sse.read(answered.body.decode())
    return gemini_stream.assemble(jsontext.parse_object(event.data) for event in events)


def assembled(answered: HttpResponse) -> Any:
    """What a stream that we wrote adds up to: of events, or the items of an array."""
    if not answered.is_stream:
        return gemini_stream.assemble(jsontext.parse(answered.body))  # type: ignore[arg-type]
    assert answered.body.count(b"data: ") == len(answered.pieces)
    return read_events(answered)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/gemini-2.5-pro:generateContent",
        "/v1beta/models/gemini-2.5-pro:streamGenerateContent",
        "/models/gemini-2.5-pro:generateContent",
        "/google/v1beta/tunedModels/gemini-2.5-pro:generateContent",
        "/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent",
    ],
)
def test_claims_what_generates_content_under_any_prefix(path: str) -> None:
    assert GEMINI.claims("POST", path)
    assert not GEMINI.claims("GET", path)
    assert asked({"contents": "Hi"}, path).model == "gemini-2.5-pro"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/m:countTokens",
        "/v1/models/m",
        "/v1/models/:generateContent",
        "/generateContent",
        "/v1internal:streamGenerateContent",
        "/gateway/v1internal:generateContent",
    ],
)
def test_claims_nothing_else(path: str) -> None:
    assert not GEMINI.claims("POST", path)


def test_reads_what_is_asked() -> None:
    value = {
        "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {"temperature": 0.5},
        "safetySettings": [],
        "model": "models/another",
    }
    request = asked(value)
    assert request.messages == (Message("system", "Be brief."), Message("user", "Hi"))
    settings = {
        "model": "gemini-2.5-pro",
        "generationConfig": {"temperature": 0.5},
        "safetySettings": [],
    }
    assert request.settings == settings
    assert request.common == settings | {"temperature": 0.5}
    assert (request.api, request.shape, request.stream) == ("google.gemini", "plain", False)
    again = GEMINI.read_request(HttpRequest("POST", WHOLE, body=GEMINI.write_request(request)))
    assert again == request


@pytest.mark.parametrize(
    ("path", "query", "shape"),
    [
        (WHOLE, "", "plain"),
        (WHOLE, "alt=sse", "plain"),
        (STREAM, "alt=sse", "stream"),
        (STREAM, "key=x&%24alt=sse;enum-encoding=int", "stream"),
        (STREAM, "", "array"),
        (STREAM, "alt=json", "array"),
    ],
)
def test_path_and_query_shape_the_answer(path: str, query: str, shape: str) -> None:
    assert asked({"contents": "Hi"}, path, query).shape == shape


def test_what_shapes_and_who_asks_is_not_asked() -> None:
    query = "alt=sse&key=AIza&%24alt=json&a=b&access_token=x&c"
    assert asked({"contents": "Hi"}, STREAM, query).query == "a=b&c"


def test_what_is_asked_in_common_words_is_what_a_chat_asks() -> None:
    ours = asked(
        {
            "contents": [
                {"role": "user", "parts": [{"text": "Hi"}]},
                {"role": "model", "parts": [{"text": "Yes?"}]},
                {"role": "user", "parts": [{"text": "See"}, {"inline_data": {"mime_type": "image/png", "data": "iVBORw0KGgo="}}]},
            ],
            "generation_config": {"max_output_tokens": 10},
            "system_instruction": {"parts": {"text": "Be brief."}},
        }
    )  # fmt: skip
    chat = {
        "model": "gemini-2.5-pro",
        "max_tokens": 10,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Yes?"},
            {"role": "user", "content": [{"type": "text", "text": "See"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]},
        ],
    }  # fmt: skip
    theirs = Chat().read_request(HttpRequest("POST", "/", body=json.dumps(chat).encode()))
    assert ours.common is not None
    listed = Scheme(frozenset({"model", "max_tokens"}))
    assert listed.key(Request(ours.common, ours.messages)) == listed.key(theirs)


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (b"{", "not JSON"),
        (b"[]", "expected a JSON object, not a list"),
        (b"{}", "no `contents`"),
        (b'{"contents": []}', "no `contents`"),
        (b'{"contents": [1]}', "a content is an object, not a number"),
        (b"\xff", "not JSON"),
    ],
)
def test_says_why_a_request_cannot_be_read(broken: bytes, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        GEMINI.read_request(HttpRequest("POST", WHOLE, body=broken))


def test_a_secret_is_replaced_in_requests_and_answers() -> None:
    key = "sk-" + "a1" * 20
    assert asked({"contents": f"key {key}"}).messages[0].body == "key [redacted openai-key]"
    parts = [chunk({"text": key[:10]}), chunk({"text": key[10:]}, finishReason="STOP")]
    received = GEMINI.read_answer(stream(*parts))
    assert isinstance(received.answer, Answer)
    assert received.answer.choices[0].message.body == "[redacted openai-key]"
    assert not received.is_verbatim


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (HttpResponse.whole(200, JSON, b'{"candidates": ['), "not whole"),
        (response({"models": []}), "no `candidates`"),
        (response("x"), "not a string"),
        (response([]), "was truncated"),
        (response([chunk({"text": "a"})]), "was truncated"),
        (stream(chunk({"text": "a"})), "was truncated"),
        (stream(), "was truncated"),
        (HttpResponse.whole(200, SSE, b'data: {"candidates": [{"cont'), "was truncated"),
        (HttpResponse.whole(200, SSE, b"data: \xff\n\n"), "was truncated"),
    ],
)
def test_half_an_answer_is_none(broken: HttpResponse, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        GEMINI.read_answer(broken)


RECORDED = {
    "a text": chunk({"text": "Hello, you two."}, finishReason="STOP"),
    "thoughts and a signature": chunk(
        {"text": "Let me see.", "thought": True},
        {"text": "It is four.", "thoughtSignature": "s"},
        {"text": " So it is."},
        finishReason="STOP",
    ),
    "calls": chunk(
        {"functionCall": {"name": "f", "args": {"a": 1.5}}, "thoughtSignature": "s"},
        {"functionCall": {"name": "g", "id": "x1"}},
        finishReason="STOP",
    ),
    "blocked": {"promptFeedback": {"blockReason": "SAFETY"}, **HEAD},
    "cut off": {"candidates": [{"finishReason": "SAFETY", "index": 0}], **HEAD},
}


@pytest.mark.parametrize("case", RECORDED)
def test_a_recorded_answer_comes_back_in_each_shape(case: str) -> None:
    received = GEMINI.read_answer(response(RECORDED[case]))
    assert isinstance(received.answer, Answer)
    assert received.is_verbatim
    whole = GEMINI.write_answer(received.answer, ASKED)
    assert json.loads(whole.body) == RECORDED[case]
    for request in (STREAMED, LISTED):
        streamed = GEMINI.write_answer(received.answer, request)
        assert assembled(streamed) == RECORDED[case]
        assert GEMINI.read_answer(streamed) == received


SNAKE_CASE = {
    "candidates": [
        {
            "content": {
                "parts": [
                    {"text": "Let me see.", "thought": True},
                    {"text": "It is here.", "thought_signature": "s"},
                    {"function_call": {"name": "f", "args": {"aB": {"c_d": 1.5}}}},
                    {"inline_data": {"mime_type": "image/png", "data": "AAAA"}},
                ],
                "role": "model",
            },
            "finish_reason": "STOP",
            "safety_ratings": [{"category": "HARM", "is_blocked": False}],
        }
    ],
    "usage_metadata": {"prompt_token_count": 2, "candidates_token_count": 3},
    "model_version": "gemini-2.5-pro",
    "response_id": "r1",
}


def test_an_answer_in_snake_case_is_read_and_comes_back_so() -> None:
    received = GEMINI.read_answer(response(SNAKE_CASE))
    assert isinstance(received.answer, Answer)
    assert received.is_verbatim
    message = received.answer.choices[0].message
    assert message.text == "It is here."
    assert [call.arguments for call in message.parts_of(Call)] == ['{"aB":{"c_d":1.5}}']
    assert not message.parts_of(Opaque)
    assert received.answer.tokens == (2, 3)
    assert json.loads(GEMINI.write_answer(received.answer, ASKED).body) == SNAKE_CASE
    for request in (STREAMED, LISTED):
        streamed = GEMINI.write_answer(received.answer, request)
        assert "finishReason" not in streamed.body.decode()
        assert assembled(streamed) == SNAKE_CASE
        assert GEMINI.read_answer(streamed) == received


def test_a_blocked_answer_in_snake_case_is_whole() -> None:
    blocked = {"prompt_feedback": {"block_reason": "SAFETY"}, "response_id": "r1"}
    assert GEMINI.read_answer(stream(blocked)) == GEMINI.read_answer(response(blocked))
    with pytest.raises(BodyError, match="was truncated"):
        GEMINI.read_answer(stream({"prompt_feedback": {}, "response_id": "r1"}))


def test_an_answer_that_mixes_both_cases_comes_back_as_it_was() -> None:
    said = {"parts": [{"text": "Hi."}], "role": "model"}
    mixed = {"candidates": [{"content": said, "finish_reason": "STOP"}], "usageMetadata": {}}
    for given_as in (stream(mixed), response(mixed)):
        received = GEMINI.read_answer(given_as)
        assert isinstance(received.answer, Answer)
        assert received.answer.choices[0].message.text == "Hi."
        assert json.loads(GEMINI.write_answer(received.answer, ASKED).body) == mixed


def test_a_stream_is_written_as_the_sdk_needs_it() -> None:
    answer = GEMINI.read_answer(response(chunk({"text": "a b"}, finishReason="STOP"))).answer
    written = GEMINI.write_answer(answer, STREAMED)
    assert header(written.headers, "content-type") == "text/event-stream"
    assert all(piece.data.startswith(b"data: {") for piece in written.pieces)
    assert all(piece.data.endswith(b"}\r\n\r\n") for piece in written.pieces)
    listed = GEMINI.write_answer(answer, LISTED)
    assert header(listed.headers, "content-type").startswith("application/json")
    assert listed.pieces[0].data.startswith(b'[{"candidates"')
    assert json.loads(listed.body) == [
        chunk({"text": "a"}),
        chunk({"text": " b"}, finishReason="STOP"),
    ]


def test_a_stream_that_failed_is_an_answer_and_fails_again() -> None:
    error = {"error": {"code": 400, "message": "too long", "status": "INVALID_ARGUMENT"}}
    answer = GEMINI.read_answer(stream(chunk({"text": "Wel"}), error)).answer
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.body == "Wel"
    streamed = list(sse.read(GEMINI.write_answer(answer, STREAMED).body.decode()))
    assert [json.loads(event.data) for event in streamed] == [chunk({"text": "Wel"}), error]
    failed = GEMINI.write_answer(answer, ASKED)
    assert (failed.status, json.loads(failed.body)) == (400, error)


def test_an_error_is_kept_as_it_was() -> None:
    failed = response({"error": {"code": 404, "message": "gone", "status": "NOT_FOUND"}}, 404)
    answer = GEMINI.read_answer(failed).answer
    assert answer == ErrorAnswer(404, json.loads(failed.body))
    for request in (ASKED, STREAMED, LISTED):
        written = GEMINI.write_answer(answer, request)
        assert (written.status, written.body) == (404, jsontext.dump(json.loads(failed.body)).encode())  # fmt: skip


def test_a_body_that_cannot_be_taken_apart_is_kept_whole() -> None:
    value = {"candidates": [{"content": None, "finishReason": "STOP"}]}
    answer = GEMINI.read_answer(response(value)).answer
    assert answer == RawAnswer(value)
    assert json.loads(GEMINI.write_answer(answer, ASKED).body) == value
    assert assembled(GEMINI.write_answer(answer, STREAMED)) == value
    assert assembled(GEMINI.write_answer(answer, LISTED)) == value


def test_a_cut_answer_breaks_off() -> None:
    cut = Fault("cut", 5, "Hello, you two.")
    whole = GEMINI.write_answer(cut, ASKED)
    assert whole.body.endswith(b'"text":"Hello')
    streamed = GEMINI.write_answer(cut, STREAMED)
    assert assembled(streamed)["candidates"] == chunk({"text": "Hello"})["candidates"]
    listed = GEMINI.write_answer(cut, LISTED)
    assert b'"text":"Hello"' in listed.body
    assert not listed.body.rstrip().endswith(b"]")
    for broken in (whole, streamed, listed):
        with pytest.raises(BodyError):
            GEMINI.read_answer(broken)
    assert GEMINI.write_answer(Fault("cut", 0, "Hello"), STREAMED).pieces == ()


def test_an_array_has_errors_in_an_array() -> None:
    written = GEMINI.write_answer(ErrorAnswer(404, "gone"), LISTED)
    assert json.loads(written.body) == [
        {"error": {"code": 404, "message": "gone", "status": "NOT_FOUND"}}
    ]


@pytest.mark.skipif(not CAPTURED, reason=captures.MISSING)
@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.name)
def test_what_real_clients_ask_is_read_and_its_answer_comes_back(path: Path) -> None:
    sent = captures.request_of(path)
    assert GEMINI.claims(sent.method, sent.path)
    request = GEMINI.read_request(sent)
    assert request.model == "gemini-2.5-flash"
    assert request.query == ""
    assert request.messages[-1].role == "user"
    assert request.messages[-1].body in ("hi", "hi é", "weather")
    assert request.shape == ("stream" if "stream" in path.name else "plain")
    body = GEMINI.write_request(request)
    assert GEMINI.read_request(HttpRequest("POST", sent.path, sent.query, body=body)) == request
    got = captures.answer_to(path)
    answer = GEMINI.read_answer(got).answer
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.text.endswith("Second line.")
    assert GEMINI.read_answer(GEMINI.write_answer(answer, request)).answer == answer


def _said(part: Any) -> str:
    return part["text"] if isinstance(part, dict) and isinstance(part.get("text"), str) else ""


@pytest.mark.skipif(not BODIES, reason="the corpus of provider bodies is not beside this checkout")
@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.name)
def test_real_answers_come_back_and_read_as_text(path: Path) -> None:
    is_stream = path.suffix == ".sse"
    real = HttpResponse.whole(200, SSE if is_stream else JSON, path.read_bytes())
    value = read_events(real) if is_stream else jsontext.parse(real.body)
    received = GEMINI.read_answer(real)
    answer = received.answer
    assert isinstance(answer, Answer)
    assert received.is_verbatim
    assert same(jsontext.parse(GEMINI.write_answer(answer, ASKED).body), value)
    for request in (STREAMED, LISTED):
        streamed = GEMINI.write_answer(answer, request)
        assert same(assembled(streamed), value)
        assert GEMINI.read_answer(streamed).answer == answer
    assert isinstance(value, dict)
    message = answer.choices[0].message
    parts = value["candidates"][0]["content"]["parts"]
    texts = "".join(_said(part) for part in parts if not part.get("thought"))
    thoughts = "".join(_said(part) for part in parts if part.get("thought"))
    assert message.text.replace("\n", "") == texts.replace("\n", "")
    assert "".join(part.text for part in message.parts_of(Reasoning)) == thoughts
    calls = [part["functionCall"]["name"] for part in parts if "functionCall" in part]
    assert [call.name for call in message.parts_of(Call)] == calls
    assert not any(_said(part.value) for part in message.parts_of(Opaque))


_WORDS = (
    "candidates", "content", "parts", "text", "thought", "role", "index", "functionCall", "name",
    "args", "id", "inlineData", "data", "mimeType", "functionResponse", "response", "finishReason",
    "contents", "systemInstruction", "tools", "functionDeclarations", "toolConfig", "error", "code",
    "generationConfig", "promptFeedback", "groundingMetadata", "length", "without",
    "finish_reason", "function_call", "inline_data", "mime_type", "response_id", "_", "a_B",
)  # fmt: skip
_odd = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from(["", "a b", "model", "user"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=3)
    ),
    max_leaves=12,
)
_objects = st.dictionaries(st.sampled_from(_WORDS), _odd, max_size=4)
_candidates = st.fixed_dictionaries(
    {"content": st.fixed_dictionaries({"parts": st.lists(_objects, max_size=3)}) | _odd},
    optional={"finishReason": st.just("STOP"), "index": st.integers(0, 2), "x": _odd},
)


@given(_objects | st.fixed_dictionaries({"candidates": st.lists(_candidates, min_size=1)}))
def test_any_object_is_read_or_refused_and_comes_back(value: dict[str, Any]) -> None:
    with suppress(BodyError):
        answer = GEMINI.read_answer(response(value)).answer
        written = GEMINI.write_answer(answer, ASKED)
        assert written.status != 200 or same(json.loads(written.body), value)
    with suppress(BodyError):
        answer = GEMINI.read_answer(stream(value, value)).answer
        GEMINI.write_answer(answer, ASKED)
        GEMINI.write_answer(answer, LISTED)


@given(_objects | st.fixed_dictionaries({"contents": st.lists(_objects, min_size=1)}))
def test_any_request_is_refused_or_comes_back(value: dict[str, Any]) -> None:
    with suppress(BodyError):
        request = asked(value)
        assert asked(json.loads(GEMINI.write_request(request))) == request
