"""Anthropic Messages: `POST …/v1/messages`."""

import hashlib
import re
from dataclasses import replace
from typing import Any, cast

from rechat.dialects.anthropic import stream as messages_stream
from rechat.dialects.anthropic.blocks import (
    read_block,
    read_messages,
    read_system,
    with_body,
    write_content,
    write_messages,
)
from rechat.dialects.shared import (
    Received,
    asked_tokens,
    error_text,
    read_error,
    said_tokens,
    sse,
    text_answer,
    tokens,
    write_verbatim,
)
from rechat.values import (
    Answer,
    AnyAnswer,
    BinaryAnswer,
    BodyError,
    Call,
    Choice,
    ErrorAnswer,
    Fault,
    Headers,
    HttpRequest,
    HttpResponse,
    Json,
    JsonError,
    JsonObject,
    Message,
    RawAnswer,
    Request,
    jsontext,
    redact,
    same,
)

_JSON: Headers = (("content-type", "application/json"),)
_PATH = re.compile(r"(?:.*/v\d+(?:beta\d*)?|/api|/anthropic)?/messages")
_SHAPING = ("messages", "system", "stream")
_ENDS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}
_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class Messages:
    """The dialect of Anthropic Messages."""

    name = "anthropic.messages"

    def claims(self, method: str, path: str) -> bool:
        """Whether this asks for a message; `/chat/completions/{id}/messages` does not."""
        return method == "POST" and bool(_PATH.fullmatch(path))

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked, with the system prompt as its first message. Raises `BodyError`."""
        try:
            asked = redact(jsontext.parse_object(request.body))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        assert isinstance(asked, dict)
        settings = {key: value for key, value in asked.items() if key not in _SHAPING}
        kept = [part for part in request.query.split("&") if part and part != "beta=true"]
        return Request(
            settings,
            (*read_system(asked.get("system")), *read_messages(asked.get("messages"))),
            asked.get("stream") is True,
            query="&".join(kept),
            api=self.name,
            common=_common(settings),
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        messages = request.messages
        system: JsonObject = {}
        if messages and messages[0].role == "system":
            system, messages = {"system": write_content(messages[0])}, messages[1:]
        shaping: JsonObject = {"stream": True} if request.stream else {}
        asked = request.settings | system | {"messages": write_messages(messages)} | shaping
        return jsontext.dump(asked).encode()

    def read_answer(self, response: HttpResponse) -> Received:
        """What was answered, without secrets. Raises `BodyError` for a body that broke off or is no
        message.
        """
        if response.status >= 400:
            return read_error(response)
        whole = _read_stream(response.body) if response.is_stream else _read_whole(response.body)
        safe = redact(whole)
        assert isinstance(safe, dict)
        answer = _readable(safe)
        exact = answer if same(_json(answer), safe) else RawAnswer(safe)
        return Received(exact, safe is whole)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer, whole or streamed."""
        match answer:
            case Answer() if request.stream:
                return sse.stream(sse.named(messages_stream.events_of(_written(answer, request))))
            case Answer():
                return _whole(_written(answer, request))
            case RawAnswer(dict() as value) if request.stream:
                return sse.stream(sse.named(messages_stream.events_of(value)))
            case ErrorAnswer() if (text := error_text(answer)) is not None:
                return write_verbatim(_with_envelope(answer, text))
            case RawAnswer() | ErrorAnswer() | BinaryAnswer():
                return write_verbatim(answer)
            case Fault(text=text, after=after) if request.stream:
                streamed = self.write_answer(text_answer(text[:after]), request)
                # The start of the message and of its block, then the text.
                kept = 2 + len(tokens(text[:after]))
                return replace(streamed, pieces=streamed.pieces[:kept])
            case Fault(text=text, after=after):
                body = _whole(_written(text_answer(text), request)).body
                said = f'"text":{jsontext.dump(text[:after])[:-1]}'.encode()
                return HttpResponse.whole(200, _JSON, body[: body.find(said) + len(said)])


def _common(settings: JsonObject) -> JsonObject:
    """The settings in the words of Chat Completions too, where they say the same."""
    common = dict(settings)
    if "stop_sequences" in settings:
        common["stop"] = settings["stop_sequences"]
    if isinstance(tools := settings.get("tools"), list):
        common["tools"] = [_common_tool(tool) for tool in tools]
    match settings.get("tool_choice"):
        case {"type": "any"}:
            common["tool_choice"] = "required"
        case {"type": "auto" | "none" as kind}:
            common["tool_choice"] = kind
        case {"type": "tool", "name": name}:
            common["tool_choice"] = {"type": "function", "function": {"name": name}}
    return common


def _common_tool(tool: Any) -> Json:
    match tool:
        case {"name": name, "input_schema": schema}:
            told = {"description": tool["description"]} if "description" in tool else {}
            return {"type": "function", "function": {"name": name, **told, "parameters": schema}}
    return tool  # type: ignore[no-any-return]


def _read_whole(body: bytes) -> JsonObject:
    try:
        value = jsontext.parse_object(body)
    except JsonError as error:
        raise BodyError(f"the answer is not whole: {error}") from None
    if not isinstance(value.get("content"), list):
        raise BodyError("the answer has no `content`")
    return value


def _read_stream(body: bytes) -> JsonObject:
    try:
        events = [jsontext.parse_object(event.data) for event in sse.read(body.decode("utf-8"))]
    except (UnicodeDecodeError, JsonError) as error:
        raise BodyError(f"the stream broke off: {error}") from None
    return messages_stream.assemble(events)


def _readable(value: JsonObject) -> Answer:
    content = value["content"]
    assert isinstance(content, list)
    said = Message("assistant", None, tuple(map(read_block, content)))
    around = {key: item for key, item in value.items() if key not in ("content", "role", "type")}
    ending = {key: around.pop(key) for key in ("stop_reason",) if key in around}
    lacking = tuple(key for key in ("type", "role") if key not in value)
    return Answer((Choice(with_body(said), ending),), around, lacking)


def _json(answer: Answer) -> JsonObject:
    """The JSON that an answer was read from: nothing added. Raises `BodyError` if it is not one of
    this API.
    """
    if len(answer.choices) != 1:
        raise BodyError(
            f"{len(answer.choices)} choices, and an answer of this API has one: "
            "write them as takes (`### assistant, take 2`)"
        )
    choice = answer.choices[0]
    written: JsonObject = {"type": "message", "role": "assistant"}
    for key in answer.without:
        written.pop(key, None)
    return written | {"content": write_content(choice.message)} | choice.fields | answer.fields


def _written(answer: Answer, request: Request) -> JsonObject:
    """The message as it is served: a recorded one as it was, a hand-written one with what clients
    rely on.
    """
    if answer.is_recorded:
        return _json(answer)
    choice = answer.choices[0]
    content = [_signed(block) for block in write_content(choice.message)]
    name = hashlib.sha256(jsontext.dump(content).encode()).hexdigest()[:24]
    around = {key: value for key, value in answer.fields.items() if key not in ("usage", "object")}
    return {
        "id": f"msg_{name}",
        "type": "message",
        "role": "assistant",
        "model": request.model or "rechat",
        "content": content,
        "stop_reason": _stop_reason(choice),
        "stop_sequence": None,
        "usage": _usage(answer, request),
        **around,
    }


def _signed(block: Any) -> Json:
    """A thought with the signature that clients expect."""
    match block:
        case {"type": "thinking"}:
            return {"signature": "", **block}
    return cast("Json", block)


def _stop_reason(choice: Choice) -> Json:
    written = choice.fields.get("stop_reason", choice.fields.get("finish_reason"))
    if isinstance(written, str):
        return _ENDS.get(written, written)
    return "tool_use" if choice.message.parts_of(Call) else "end_turn"


def _usage(answer: Answer, request: Request) -> JsonObject:
    """The tokens as written, in either API's words, else counted in pieces of about a token."""
    written = answer.fields.get("usage")
    usage: JsonObject = dict(written) if isinstance(written, dict) else {}
    asked = usage.pop("prompt_tokens", asked_tokens(request.messages))
    said = usage.pop("completion_tokens", said_tokens(answer))
    usage.pop("total_tokens", None)
    return {"input_tokens": asked, "output_tokens": said} | usage


def _with_envelope(error: ErrorAnswer, text: str) -> ErrorAnswer:
    kind = _ERRORS.get(error.status, "api_error" if error.status >= 500 else _ERRORS[400])
    body: JsonObject = {"type": "error", "error": {"type": kind, "message": text}}
    return ErrorAnswer(error.status, body, error.headers)


def _whole(message: JsonObject) -> HttpResponse:
    return HttpResponse.whole(200, _JSON, jsontext.dump(message).encode())
