"""OpenTelemetry spans for generative AI, as OTLP JSON: a trace for each conversation, a span for
each question.

Messages are the opt-in attributes `gen_ai.input.messages` and `gen_ai.output.messages`, as JSON
texts. A transcript does not say how long an answer took: spans begin when the API made it, and have
no duration. Spans of a running server have their times.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field

from rechat.convert.exports.har import created
from rechat.convert.exports.record import Record
from rechat.convert.exports.record import document
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import ErrorAnswer
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Request
from rechat.values import Text
from rechat.values import jsontext

_PROVIDERS = {
    "anthropic.messages": "anthropic",
    "google.gemini": "gcp.gemini",
    "ollama.chat": "ollama",
    "ollama.generate": "ollama",
}
_SETTINGS = {
    "temperature": "temperature",
    "top_p": "top_p",
    "max_tokens": "max_tokens",
    "max_completion_tokens": "max_tokens",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "seed": "seed",
}
_SYSTEM = ("system", "developer")
_CLIENT = 3
_FAILED = 2


@dataclass(frozen=True, slots=True)
class Timed:
    """A request with its answer, if any: when it began and ended, in nanoseconds since 1970, the
    kind of its `error`, and other attributes.
    """

    name: str
    conversation: str
    request: Request
    answer: AnyAnswer | None
    began: int
    ended: int
    error: str = ""
    more: Mapping[str, Json] = field(default_factory=dict)


def write(records: Sequence[Record]) -> str:
    """One file of spans, as a collector's file receiver reads it."""
    return document(spans_of(map(_timed, records)))


def _timed(record: Record) -> Timed:
    at = int(created(record.answer).timestamp()) * 10**9
    answer = record.answer
    error = str(answer.status) if isinstance(answer, ErrorAnswer) else ""
    return Timed(record.name, record.conversation, record.request, answer, at, at, error)


def spans_of(exchanges: Iterable[Timed]) -> JsonObject:
    """The spans of exchanges, as OTLP has them in JSON."""
    spans: list[Json] = [_span(one) for one in exchanges]
    resource: JsonObject = {"attributes": [_attribute("service.name", "rechat")]}
    scope: JsonObject = {"scope": {"name": "rechat"}, "spans": spans}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}


def _span(one: Timed) -> JsonObject:
    span: JsonObject = {
        "traceId": _digest(one.conversation, 32),
        "spanId": _digest(one.name, 16),
        "name": f"chat {one.request.model}".rstrip(),
        "kind": _CLIENT,
        "startTimeUnixNano": str(one.began),
        "endTimeUnixNano": str(one.ended),
        "attributes": [_attribute(key, value) for key, value in _attributes(one)],
    }
    return span | ({"status": {"code": _FAILED}} if one.error else {})


def _attributes(one: Timed) -> Iterator[tuple[str, Json]]:
    request, answer = one.request, one.answer
    yield "gen_ai.operation.name", "chat"
    yield "gen_ai.provider.name", _PROVIDERS.get(request.api, "openai")
    if request.model:
        yield "gen_ai.request.model", request.model
    for name, told in _SETTINGS.items():
        if isinstance(value := request.settings.get(name), int | float):
            yield f"gen_ai.request.{told}", value
    yield from _response_attributes(answer) if isinstance(answer, Answer) else ()
    if one.error:
        yield "error.type", one.error
    system = [part for one in request.messages if one.role in _SYSTEM for part in parts_of(one)]
    if system:
        yield "gen_ai.system_instructions", jsontext.dump(system)
    asked: list[Json] = [_message(one) for one in request.messages if one.role not in _SYSTEM]
    yield "gen_ai.input.messages", jsontext.dump(asked)
    if "tools" in request.settings:
        yield "gen_ai.tool.definitions", jsontext.dump(request.settings["tools"])
    yield from one.more.items()


def _response_attributes(answer: Answer) -> Iterator[tuple[str, Json]]:
    for name in ("id", "model"):
        if isinstance(value := answer.fields.get(name), str):
            yield f"gen_ai.response.{name}", value
    if tokens := answer.tokens:
        yield "gen_ai.usage.input_tokens", tokens[0]
        yield "gen_ai.usage.output_tokens", tokens[1]
    ends = [_end(choice) for choice in answer.choices]
    if any(ends):
        yield "gen_ai.response.finish_reasons", [*ends]
    said: list[Json] = [_message(choice.message) for choice in answer.choices]
    yield "gen_ai.output.messages", jsontext.dump(said)


def _end(choice: Choice) -> str:
    found = choice.fields.get("finish_reason", choice.fields.get("stop_reason"))
    return found if isinstance(found, str) else ""


def _message(message: Message) -> JsonObject:
    return {"role": message.role, "parts": [*parts_of(message)]}


def parts_of(message: Message) -> Iterable[Json]:
    """The parts of a message in the terms of the semantic conventions."""
    call_id = message.fields.get("tool_call_id")
    if message.role == "tool" and call_id is not None:
        yield {"type": "tool_call_response", "id": call_id, "response": message.whole_text}
        return
    if message.body is not None:
        yield {"type": "text", "content": message.body}
    for part in message.parts:
        yield _part(part)


def _part(part: Part) -> JsonObject:
    match part:
        case Text(text) | Refusal(text):
            return {"type": "text", "content": text}
        case Reasoning(text):
            return {"type": "reasoning", "content": text}
        case Call(name, call_id, arguments):
            told = _arguments(arguments)
            return {"type": "tool_call", "id": call_id, "name": name, "arguments": told}
        case Media(kind, url) if url.startswith("data:"):
            head, _, content = url.partition(";base64,")
            mime = head.removeprefix("data:")
            return {"type": "blob", "modality": kind, "mime_type": mime, "content": content}
        case Media(kind, url):
            return {"type": "uri", "modality": kind, "uri": url}
        case Opaque(value):
            return {"type": "any", "value": value}


def _arguments(text: str) -> Json:
    try:
        return jsontext.parse(text)
    except JsonError:
        return text


def _attribute(key: str, value: Json) -> JsonObject:
    return {"key": key, "value": _value(value)}


def _value(value: Json) -> JsonObject:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case list():
            return {"arrayValue": {"values": [_value(item) for item in value]}}
    return {"stringValue": str(value)}


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
