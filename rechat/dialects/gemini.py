"""Google Gemini: `POST …/models/{model}:generateContent` and `:streamGenerateContent`."""

import re
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import unquote

from rechat import jsontext
from rechat.dialects import gemini_stream, sse
from rechat.dialects.base import Received
from rechat.dialects.gemini_parts import (
    read_contents,
    read_part,
    read_system,
    with_body,
    write_contents,
    write_parts,
)
from rechat.dialects.plain_text import error_text, text_answer
from rechat.dialects.tokens import asked_tokens, said_tokens, tokens
from rechat.dialects.verbatim import read_error, write_verbatim
from rechat.errors import BodyError
from rechat.http import Headers, HttpRequest, HttpResponse, Piece
from rechat.jsontext import Json, JsonError, JsonObject, kind_of, same
from rechat.model import (
    Answer,
    AnyAnswer,
    BinaryAnswer,
    Choice,
    ErrorAnswer,
    Fault,
    Message,
    RawAnswer,
    Request,
)
from rechat.redact import redact

_JSON: Headers = (("content-type", "application/json; charset=UTF-8"),)
_EVENTS: Headers = (("content-type", "text/event-stream"),)
_PATH = re.compile(r".*/models/(?P<model>[^/]+):(?P<method>generateContent|streamGenerateContent)")
# What only chooses a shape, or says who asks.
_SHAPING = ("alt", "$alt", "key")
_CONTENTS = ("contents", "systemInstruction", "system_instruction")
_ARRAY = "array"
# What only an answer that came over the wire has.
_RECORDED = ("responseId", "modelVersion", "promptFeedback", "error")

_ENDS = {
    "stop": "STOP",
    "length": "MAX_TOKENS",
    "tool_calls": "STOP",
    "function_call": "STOP",
    "content_filter": "SAFETY",
}
_ERRORS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_COMMON = {
    "temperature": "temperature",
    "topP": "top_p",
    "maxOutputTokens": "max_tokens",
    "stopSequences": "stop",
    "seed": "seed",
    "candidateCount": "n",
    "presencePenalty": "presence_penalty",
    "frequencyPenalty": "frequency_penalty",
}
_MODES = {"AUTO": "auto", "ANY": "required", "NONE": "none"}


class Gemini:
    """The dialect of Gemini's own API."""

    name = "google.gemini"

    def claims(self, method: str, path: str) -> bool:
        """Whether this asks for content, under any prefix."""
        return method == "POST" and bool(_PATH.fullmatch(path))

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked. The path names the model, and says whether to stream. Raises
        `BodyError`.
        """
        try:
            asked = redact(jsontext.parse_object(request.body))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        assert isinstance(asked, dict)
        path = _PATH.fullmatch(request.path)
        assert path
        settings: JsonObject = {"model": unquote(path["model"])}
        settings |= {key: value for key, value in asked.items() if key not in _CONTENTS}
        system = asked.get("systemInstruction", asked.get("system_instruction"))
        is_stream = path["method"] == "streamGenerateContent"
        parameters = [part for part in request.query.split("&") if part]
        is_array = is_stream and "alt=sse" not in parameters
        return Request(
            settings,
            (*read_system(system), *read_contents(asked.get("contents"))),
            is_stream,
            query="&".join(part for part in parameters if part.split("=")[0] not in _SHAPING),
            api=self.name,
            common=_common(settings),
            variant=_ARRAY if is_array else "",
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it; the model stands in the path."""
        messages = request.messages
        system: JsonObject = {}
        if messages and messages[0].role == "system":
            system = {"systemInstruction": {"parts": write_parts(messages[0])}}
            messages = messages[1:]
        settings = {key: value for key, value in request.settings.items() if key != "model"}
        return jsontext.dump(settings | system | {"contents": write_contents(messages)}).encode()

    def read_answer(self, response: HttpResponse) -> Received:
        """What was answered, without secrets. Raises `BodyError` for a body that broke off or is no
        content.
        """
        if response.status >= 400:
            return read_error(response)
        whole = _read_stream(response.body) if response.is_stream else _read_whole(response.body)
        safe = redact(whole)
        assert isinstance(safe, dict)
        answer = _readable(safe)
        exact = answer if answer and same(_json(answer), safe) else RawAnswer(safe)
        return Received(exact, safe is whole)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer, whole or streamed."""
        match answer:
            case Answer():
                return _shaped(_written(answer, request), request)
            case RawAnswer(dict() as value) if request.stream:
                return _shaped(value, request)
            case ErrorAnswer() if (text := error_text(answer)) is not None:
                return write_verbatim(_with_envelope(answer, text))
            case RawAnswer() | ErrorAnswer() | BinaryAnswer():
                return write_verbatim(answer)
            case Fault(text=text, after=after) if request.stream and not request.variant:
                streamed = self.write_answer(text_answer(text[:after]), request)
                return HttpResponse(200, _EVENTS, streamed.pieces[: len(tokens(text[:after]))])
            case Fault(text=text, after=after):
                body = jsontext.dump(_written(text_answer(text), request)).encode()
                said = f'"text":{jsontext.dump(text[:after])[:-1]}'.encode()
                return HttpResponse.whole(200, _JSON, body[: body.find(said) + len(said)])


def _common(settings: JsonObject) -> JsonObject:
    """The settings in the words of Chat Completions too, where they say the same."""
    common = dict(settings)
    config = settings.get("generationConfig")
    if isinstance(config, dict):
        common |= {_COMMON[key]: value for key, value in config.items() if key in _COMMON}
        if config.get("responseMimeType") == "application/json":
            schema = config.get("responseJsonSchema", config.get("responseSchema"))
            common["response_format"] = (
                {"type": "json_schema", "json_schema": {"schema": _lower(schema)}}
                if schema
                else {"type": "json_object"}
            )
    if isinstance(tools := settings.get("tools"), list):
        common["tools"] = [common for tool in tools for common in _common_tools(tool)]
    match settings.get("toolConfig"):
        case {"functionCallingConfig": {"mode": str(mode)}} if mode in _MODES:
            common["tool_choice"] = _MODES[mode]
    return common


def _common_tools(tool: Any) -> Iterator[Json]:
    match tool:
        case {"functionDeclarations": [*declared]}:
            for function in declared:
                match function:
                    case {"parametersJsonSchema": schema, **rest} | {"parameters": schema, **rest}:
                        told = {str(key): value for key, value in rest.items()}
                        parameters = {"parameters": _lower(schema)}
                        yield {"type": "function", "function": told | parameters}
                    case _:
                        yield {"type": "function", "function": function}
        case _:
            yield cast("Json", tool)


def _lower(schema: Any) -> Json:
    """A schema with the names of its types as JSON Schema spells them."""
    match schema:
        case dict():
            return {
                key: value.lower() if key == "type" and isinstance(value, str) else _lower(value)
                for key, value in schema.items()
            }
        case list():
            return [_lower(item) for item in schema]
    return cast("Json", schema)


def _read_whole(body: bytes) -> JsonObject:
    try:
        value = jsontext.parse(body)
    except JsonError as error:
        raise BodyError(f"the answer is not whole: {error}") from None
    match value:
        case [dict(), *_]:
            return gemini_stream.assemble(item for item in value if isinstance(item, dict))
        case {"candidates": list()} | {"promptFeedback": dict()}:
            return cast("JsonObject", value)
    raise BodyError(f"the answer has no `candidates`, read {kind_of(value)}")


def _read_stream(body: bytes) -> JsonObject:
    try:
        chunks = [jsontext.parse_object(event.data) for event in sse.read(body.decode("utf-8"))]
    except (UnicodeDecodeError, JsonError) as error:
        raise BodyError(f"the stream broke off: {error}") from None
    return gemini_stream.assemble(chunks)


def _readable(value: JsonObject) -> Answer | None:
    candidates = value.get("candidates", [])
    assert isinstance(candidates, list)
    choices = [_read_candidate(candidate) for candidate in candidates]
    around = {key: item for key, item in value.items() if key != "candidates"}
    found = tuple(choice for choice in choices if choice)
    lacking = () if "candidates" in value else ("candidates",)
    return Answer(found, around, lacking) if len(found) == len(choices) and choices else None


def _read_candidate(candidate: Any) -> Choice | None:
    if not isinstance(candidate, dict):
        return None
    fields = {key: item for key, item in candidate.items() if key != "content"}
    content = candidate.get("content", {})
    if not isinstance(content, dict):
        return None
    parts = content.get("parts", [])
    own = {key: item for key, item in content.items() if key not in ("parts", "role")}
    if not isinstance(parts, list) or content.get("role", "model") != "model":
        return None
    lacking = [key for key in ("content",) if key not in candidate]
    lacking += [key for key in ("parts", "role") if key not in content and not lacking]
    said = Message("assistant", None, tuple(map(read_part, parts)), own, tuple(lacking))
    return Choice(with_body(said), fields)


def _json(answer: Answer) -> JsonObject:
    """The JSON that an answer was read from: nothing added."""
    candidates: list[Json] = [_write_candidate(choice) for choice in answer.choices]
    return {"candidates": candidates} | answer.fields


def _write_candidate(choice: Choice) -> JsonObject:
    message = choice.message
    if "content" in message.without:
        return dict(choice.fields)
    content: JsonObject = {"parts": write_parts(message), "role": "model"}
    for key in message.without:
        content.pop(key, None)
    return {"content": content | message.fields} | choice.fields


def _written(answer: Answer, request: Request) -> JsonObject:
    """The response as it is served: a recorded one as it was, a hand-written one with what clients
    rely on.
    """
    if any(key in answer.fields for key in _RECORDED):
        return _json(answer)
    candidates: list[Json] = [
        {
            "content": {"parts": write_parts(choice.message), "role": "model"},
            "finishReason": _finish_reason(choice),
            "index": index,
        }
        for index, choice in enumerate(answer.choices)
    ]
    around = {key: value for key, value in answer.fields.items() if key not in ("usage", "model")}
    return {
        "candidates": candidates,
        "usageMetadata": _usage(answer, request),
        "modelVersion": request.model,
        **around,
    }


def _finish_reason(choice: Choice) -> Json:
    written = choice.fields.get("finishReason", choice.fields.get("finish_reason", "stop"))
    return _ENDS.get(written, written) if isinstance(written, str) else "STOP"


def _usage(answer: Answer, request: Request) -> JsonObject:
    """The tokens as written, else counted in pieces of about a token."""
    written: Any = answer.fields.get("usage")
    usage = written if isinstance(written, dict) else {}
    asked = usage.get("prompt_tokens", asked_tokens(request.messages))
    said = usage.get("completion_tokens", said_tokens(answer))
    return {
        "promptTokenCount": asked,
        "candidatesTokenCount": said,
        "totalTokenCount": asked + said,
    }


def _with_envelope(error: ErrorAnswer, text: str) -> ErrorAnswer:
    status = _ERRORS.get(error.status, "UNKNOWN")
    told: JsonObject = {"code": error.status, "message": text, "status": status}
    return ErrorAnswer(error.status, {"error": told}, error.headers)


def _shaped(response: JsonObject, request: Request) -> HttpResponse:
    if not request.stream:
        return HttpResponse.whole(200, _JSON, jsontext.dump(response).encode())
    chunks = list(gemini_stream.chunks_of(response))
    if request.variant == _ARRAY:
        return HttpResponse.whole(200, _JSON, jsontext.dump(chunks).encode())
    events = (f"data: {jsontext.dump(chunk)}\r\n\r\n".encode() for chunk in chunks)
    return HttpResponse(200, _EVENTS, tuple(Piece(0.0, event) for event in events))
