"""The dialect of the Responses API: whole bodies and streams, both ways, and OpenAI's SDK."""

import json
from typing import Any

import captures
import openai
import pytest
from dialect_server import serving
from shared import SHARED

from rechat.dialects.openai_responses.dialect import Responses
from rechat.dialects.openai_responses.stream_read import assemble
from rechat.dialects.shared import sse
from rechat.matching.scheme import Scheme
from rechat.values import jsontext
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Request
from rechat.values.conversation import Text
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

DIALECT = Responses()
ASKED = Request({"model": "gpt-5"}, (Message("user", "Hi there"),), api=DIALECT.name)
STREAMED = Request({"model": "gpt-5"}, ASKED.messages, stream=True, api=DIALECT.name)
SHAPES = pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "streamed"])
JSON = (("content-type", "application/json"),)
EVENTS = (("content-type", "text/event-stream"),)
BODIES = sorted((SHARED / "corpus").glob("*-responses-*"))
CAPTURED = [
    path
    for path in captures.requests("*/*POST*responses*.req.http")
    if DIALECT.claims("POST", captures.request_of(path).path)
]

TEXT = {"type": "output_text", "text": "Hello.", "annotations": [], "logprobs": []}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [TEXT],
}
THOUGHT = {
    "id": "rs_1",
    "type": "reasoning",
    "summary": [
        {"type": "summary_text", "text": "First this."},
        {"type": "summary_text", "text": "Then that."},
    ],
    "content": [{"type": "reasoning_text", "text": "Hm."}],
    "encrypted_content": "gAAA",
}
CALL = {
    "id": "fc_1",
    "type": "function_call",
    "status": "completed",
    "call_id": "call_1",
    "name": "f",
    "arguments": '{"a": 1}',
}
SEARCH = {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"query": "x"}}
BODY: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1.50,
    "status": "completed",
    "error": None,
    "model": "gpt-x",
    "output": [MESSAGE],
    "usage": {"input_tokens": 3},
}


def whole(body: object) -> HttpResponse:
    return HttpResponse.whole(200, JSON, json.dumps(body).encode())


def stream(*events: object) -> HttpResponse:
    return HttpResponse.whole(
        200, EVENTS, "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
    )


def read(body: object) -> Any:
    return DIALECT.read_answer(whole(body)).answer


def asked(**body: Any) -> Request:
    content = json.dumps({"model": "gpt-5", **body}).encode()
    return DIALECT.read_request(HttpRequest("POST", "/v1/responses", "", JSON, content))


def told(response: HttpResponse) -> jsontext.JsonObject:
    """What a response says, streamed or not."""
    if not response.is_stream:
        return jsontext.parse_object(response.body)
    events = sse.read(response.body.decode())
    return assemble(jsontext.parse_object(event.data) for event in events)


@pytest.mark.parametrize("path", ["/v1/responses", "/responses", "/api/v1/responses", "/openai/responses"])  # fmt: skip
def test_it_claims_responses(path: str) -> None:
    assert DIALECT.claims("POST", path)
    assert not DIALECT.claims("GET", path)


@pytest.mark.parametrize(
    "path",
    ["/v1/responses/compact", "/v1/responses/input_tokens", "/v1/responses/resp_1", "/v1/chat"],
)
def test_other_endpoints_are_not_its_own(path: str) -> None:
    assert not DIALECT.claims("POST", path)


def test_what_is_asked_in_its_own_words_and_in_common_ones() -> None:
    request = asked(
        instructions="Be brief.", input="Hi", max_output_tokens=9, stream=True, store=False
    )
    settings = {"model": "gpt-5", "max_output_tokens": 9, "store": False}
    assert request == Request(
        settings,
        (Message("system", "Be brief."), Message("user", "Hi")),
        stream=True,
        api="openai.responses",
        common=settings | {"max_tokens": 9},
        follows="",
    )


def test_azure_names_the_version_in_the_query() -> None:
    path, query = "/openai/responses", "api-version=2025-04-01-preview"
    request = DIALECT.read_request(HttpRequest("POST", path, query, JSON, b'{"model": "mine"}'))
    assert (request.model, request.query, request.messages) == ("mine", query, ())


def test_an_answer_that_is_gone_on_from_counts_where_it_is_not_known() -> None:
    first, second = (asked(input="More", previous_response_id=name) for name in ("r_1", "r_2"))
    assert (first.follows, second.follows) == ("r_1", "r_2")
    assert Scheme(None).key(first) != Scheme(None).key(second)
    assert asked(input="More", previous_response_id=None).follows == ""


@pytest.mark.parametrize("name", ["conv_1", {"id": "conv_1"}])
def test_a_conversation_counts_by_its_id(name: object) -> None:
    request = asked(input="More", conversation=name)
    assert request.follows == request.settings["conversation"] == "conv_1"
    again = json.loads(DIALECT.write_request(request))
    assert again["conversation"] == "conv_1"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{", "not JSON"),
        (b"[]", "expected a JSON object, not a list"),
        (b'{"input": 1}', "`input` is a text or a list of items, not a number"),
        (b'{"input": [1]}', "an item of `input` is an object, not a number"),
    ],
)
def test_says_why_a_request_cannot_be_read(body: bytes, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        DIALECT.read_request(HttpRequest("POST", "/v1/responses", body=body))


def test_secrets_are_replaced_on_both_sides() -> None:
    key = "sk-" + "a1" * 20
    assert asked(input=f"key {key}").messages[0].body == "key [redacted openai-key]"
    streamed = DIALECT.write_answer(Answer((Choice(Message("assistant", key)),)), STREAMED)
    received = DIALECT.read_answer(streamed)
    assert isinstance(received.answer, Answer)
    assert received.answer.choices[0].message.body == "[redacted openai-key]"
    assert not received.is_verbatim


@pytest.mark.parametrize(
    "body",
    [
        {"input": "Hi", "instructions": "Be brief.", "stream": True, "temperature": 0.5},
        {"input": [{"role": "system", "content": [{"type": "input_text", "text": "a", "b": 1}]}]},
        {"instructions": [{"role": "developer", "content": "odd"}], "input": []},
        {"input": [CALL, {"type": "function_call_output", "call_id": "call_1", "output": "x"}]},
        {"input": "More", "previous_response_id": "resp_1"},
    ],
)
def test_a_request_is_written_again(body: Any) -> None:
    request = asked(**body)
    again = HttpRequest("POST", "/v1/responses", body=DIALECT.write_request(request))
    assert DIALECT.read_request(again) == request


def test_one_text_is_the_body_and_the_rest_are_fields() -> None:
    answer = read(BODY)
    assert answer.choices == (Choice(Message("assistant", "Hello."), {"id": "msg_1"}),)
    assert "output" not in answer.fields


@SHAPES
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"output": []},
        {"output": [THOUGHT, MESSAGE, CALL]},
        {"output": [SEARCH, MESSAGE, SEARCH | {"id": "ws_2"}]},
        {"output": [MESSAGE, MESSAGE]},
        {"output": ["odd", {"type": "message"}, {"type": "future", "id": "x"}]},
        {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
        {"status": "queued", "background": True, "output": [], "usage": None},
        {"status": None},
    ],
)
def test_a_recorded_answer_comes_back_in_both_shapes(change: Any, request_: Request) -> None:
    body = BODY | change
    answer = read(body)
    assert isinstance(answer, Answer)
    assert jsontext.same(told(DIALECT.write_answer(answer, request_)), body)


@SHAPES
@pytest.mark.parametrize(
    "body",
    [
        {"object": "response", "id": "resp_1", "output": None},
        {"output": [], "status": "failed", "error": {"type": "error", "code": "invalid_prompt"}},
    ],
)
def test_a_body_that_cannot_be_taken_apart_is_kept_whole(body: Any, request_: Request) -> None:
    assert read(body) == RawAnswer(body)
    assert jsontext.same(told(DIALECT.write_answer(RawAnswer(body), request_)), body)


@SHAPES
def test_a_response_without_an_id_can_be_read(request_: Request) -> None:
    body = {"object": "response", "output": [MESSAGE]}
    answer = read(body)
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.text == "Hello."
    assert jsontext.same(told(DIALECT.write_answer(answer, request_)), body)


def test_a_body_that_is_no_object_is_served_as_it_is() -> None:
    assert DIALECT.write_answer(RawAnswer(["odd"]), STREAMED).body == b'["odd"]'


START = {"type": "response.created", "response": BODY | {"status": "in_progress", "output": []}}


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (HttpResponse.whole(200, JSON, b'{"output": ['), "not whole"),
        (whole({"id": "1", "choices": []}), "no `output`"),
        (stream(START), "was truncated: no response.completed"),
        (stream(), "was truncated"),
        (HttpResponse.whole(200, EVENTS, b'data: {"type": "resp'), "was truncated"),
    ],
)
def test_half_an_answer_is_none(broken: HttpResponse, problem: str) -> None:
    with pytest.raises(BodyError, match=problem):
        DIALECT.read_answer(broken)


@pytest.mark.parametrize("starts", [[START], []], ids=["begun", "at once"])
def test_a_stream_that_ends_in_an_error_is_served_as_that(starts: list[Any]) -> None:
    failed = {"type": "error", "code": "invalid_prompt", "message": "Sorry.", "param": None}
    answer = DIALECT.read_answer(stream(*starts, failed | {"sequence_number": 1})).answer
    again = DIALECT.write_answer(answer, STREAMED)
    *_, last = sse.read(again.body.decode())
    assert last.name == "error"
    assert failed.items() <= json.loads(last.data).items()
    assert DIALECT.read_answer(again).answer == answer
    asked_whole = DIALECT.write_answer(answer, ASKED)
    told_whole = {key: value for key, value in failed.items() if key != "type"}
    assert (asked_whole.status, told(asked_whole)["error"]) == (400, told_whole)


def test_an_error_is_an_answer() -> None:
    failed = HttpResponse.whole(429, JSON, b'{"error": {"message": "slow down"}}')
    assert DIALECT.read_answer(failed).answer == ErrorAnswer(429, {"error": {"message": "slow down"}})  # fmt: skip


HAND_WRITTEN: dict[str, Answer] = {
    "a text": Answer((Choice(Message("assistant", "Hello, you two.")),)),
    "an empty text": Answer((Choice(Message("assistant", "")),)),
    "nothing": Answer((Choice(Message("assistant")),)),
    "texts": Answer((Choice(Message("assistant", None, (Text("a"), Text("b")))),)),
    "a text and calls": Answer(
        (Choice(Message("assistant", "Wait.", (Call("f", "", "{}"), Call("g", "c", "{}")))),)
    ),
    "a custom call": Answer((Choice(Message("assistant", None, (Call("f", "c", "x", "custom"),))),)),
    "a refusal": Answer((Choice(Message("assistant", None, (Refusal("No, I can't."),))),)),
    "a thought": Answer(
        (Choice(Message("assistant", "So.", (Reasoning("Hm, hm."), Reasoning("x", "content")))),)
    ),
    "a search": Answer(
        (
            Choice(
                Message(
                    "assistant",
                    None,
                    (
                        Opaque({"type": "web_search_call", "action": {"type": "search", "query": "x"}}),
                        Text("Found."),
                    ),
                )
            ),
        )
    ),
    "counted": Answer(
        (Choice(Message("assistant", "Hi")),), {"usage": {"prompt_tokens": 3, "completion_tokens": 4}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HAND_WRITTEN)
def test_the_sdk_reads_hand_written_answers_strictly(case: str) -> None:
    answer = HAND_WRITTEN[case]
    with serving(DIALECT, answer) as (url, _), client_of(url) as client:
        given = {"model": "gpt-5", "input": "Hi there"}
        read = client.responses.create(**given)
        with client.responses.stream(**given) as events:
            kinds = [event.type for event in events]
            streamed = events.get_final_response()
    said = answer.choices[0].message
    assert (read.model, read.output_text) == ("gpt-5", said.text.replace("\n", ""))
    assert unparsed(streamed.to_dict()) == unparsed(read.to_dict())
    assert kinds[-1] == "response.completed"
    assert read.usage
    assert read.usage.total_tokens == read.usage.input_tokens + read.usage.output_tokens


def unparsed(value: Any) -> Any:
    """What the SDK read without what it made of it."""
    match value:
        case dict():
            return {key: unparsed(item) for key, item in value.items() if key[:6] != "parsed"}
        case list():
            return [unparsed(item) for item in value]
    return value


def client_of(url: str) -> Any:
    return openai.OpenAI(
        base_url=url, api_key="none", max_retries=0, _strict_response_validation=True
    )


def test_the_sdk_goes_on_with_what_it_got() -> None:
    answer = HAND_WRITTEN["a text and calls"]
    with serving(DIALECT, answer) as (url, asked), client_of(url) as client:
        first = client.responses.create(model="gpt-5", input="Hi")
        given = [{"role": "user", "content": "Hi"}, *first.output]
        given.append({"type": "function_call_output", "call_id": "c", "output": "x"})
        client.responses.create(model="gpt-5", input=given)
    # Calls without an id got one.
    calls = (Call("f", "call_1", "{}"), Call("g", "c", "{}"))
    assert asked[1].messages == (
        Message("user", "Hi"),
        Message("assistant", "Wait.", calls),
        Message("tool", "x", fields={"tool_call_id": "c"}),
    )


@pytest.mark.parametrize("body", ["Slow down.", None])
def test_the_sdk_raises_its_own_errors(body: str | None) -> None:
    with (
        serving(DIALECT, ErrorAnswer(429, body)) as (url, _),
        client_of(url) as client,
        pytest.raises(openai.RateLimitError, match=body or "Too Many Requests"),
    ):
        client.responses.create(model="gpt-5", input="Hi")


@SHAPES
def test_nothing_is_made_up_for_a_recorded_answer(request_: Request) -> None:
    body = {"id": "1", "output": [{"type": "message", "content": [{"type": "output_text", "text": "x"}]}]}  # fmt: skip
    assert jsontext.same(told(DIALECT.write_answer(read(body), request_)), body)


def test_what_is_served_is_remembered_by_its_id() -> None:
    answer = HAND_WRITTEN["a text"]
    names = set[object]()
    for request in (ASKED, STREAMED):
        served = DIALECT.read_answer(DIALECT.write_answer(answer, request)).answer
        assert isinstance(served, Answer)
        names.add(served.fields["id"])
    assert len(names) == 1


@SHAPES
def test_a_cut_tells_the_beginning_of_the_text(request_: Request) -> None:
    written = DIALECT.write_answer(Fault("cut", 7, "one two three four"), request_)
    text = written.body.decode()
    assert "two" in text
    assert "three" not in text
    assert "response.completed" not in text
    assert "usage" not in text[text.index("two") :]


@SHAPES
def test_other_faults_say_nothing(request_: Request) -> None:
    assert DIALECT.write_answer(Fault("reset"), request_).status == 200


def answered(kind: AnyAnswer) -> Answer:
    assert isinstance(kind, Answer)
    return kind


@pytest.mark.skipif(not BODIES, reason="the corpus of real bodies is not beside this checkout")
@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.name)
def test_real_bodies_come_back_and_are_readable(path: Any) -> None:
    is_stream = path.suffix == ".sse"
    real = HttpResponse.whole(200, EVENTS if is_stream else JSON, path.read_bytes())
    body = told(real)
    answer = answered(DIALECT.read_answer(real).answer)
    for request in (ASKED, STREAMED):
        assert jsontext.same(told(DIALECT.write_answer(answer, request)), body)
    texts = [
        part["text"]
        for item in body["output"]
        if item["type"] == "message"
        for part in item["content"]
        if part["type"] == "output_text"
    ]
    message = answer.choices[0].message
    assert message.text == "\n".join(texts)
    kinds = [item["type"] for item in body["output"]]
    assert len(message.parts_of(Call)) == kinds.count("function_call")
    assert len(message.parts_of(Reasoning)) >= kinds.count("reasoning")


@pytest.mark.skipif(not CAPTURED, reason=captures.MISSING)
@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.name)
def test_requests_of_real_clients_are_read(path: Any) -> None:
    request = DIALECT.read_request(captures.request_of(path))
    assert request.model
    assert any(message.role == "user" or request.follows for message in request.messages)
    again = HttpRequest("POST", "/v1/responses", request.query, body=DIALECT.write_request(request))
    assert DIALECT.read_request(again) == request


@pytest.mark.skipif(not CAPTURED, reason=captures.MISSING)
@pytest.mark.parametrize("client", ["openai-agents", "codex-custom"])
def test_what_a_real_client_sends_back_is_what_was_said(client: str) -> None:
    first, second = [path for path in CAPTURED if path.parent.name == client][:2]
    answer = answered(DIALECT.read_answer(captures.answer_to(first)).answer)
    said = answer.choices[0].message
    one, two = (DIALECT.read_request(captures.request_of(path)) for path in (first, second))
    scheme = Scheme(None)
    gone_on = Request(one.settings, (*one.messages, said, *two.messages[len(one.messages) + 1 :]))
    assert scheme.key(gone_on) == scheme.key(Request(two.settings, two.messages))
