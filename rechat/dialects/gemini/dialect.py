"""Google's Gemini: `POST …/models/{model}:generateContent` and `:streamGenerateContent`, of the
Gemini API and of Vertex AI alike.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, unquote_plus

from rechat.dialects.gemini import answers as gemini_answers
from rechat.dialects.gemini import stream as gemini_stream
from rechat.dialects.gemini.contents import read_contents, read_system, write_contents
from rechat.dialects.gemini.settings import common_of
from rechat.dialects.shared import Received, error_text, read_error, sse, write_verbatim
from rechat.values import (
    Answer,
    AnyAnswer,
    BinaryAnswer,
    BodyError,
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
    Piece,
    RawAnswer,
    Request,
    jsontext,
    redact,
)

_JSON: Headers = (("content-type", "application/json; charset=UTF-8"),)
_EVENTS: Headers = (("content-type", "text/event-stream"), ("cache-control", "no-cache"))

# A path such as "/v1beta/models/gemini-2.5-pro:generateContent".
_PATH = re.compile(r"(?:.*/)?([^/:]+):(generateContent|streamGenerateContent)")
# Parameters that shape the answer or say who asks.
_NO_MATTER = frozenset({"alt", "$alt", "key", "access_token"})
_SAID_APART = frozenset({"contents", "systemInstruction", "system_instruction", "model"})

ARRAY = "array"
"""The variant of a stream that is one JSON array: without `alt=sse`."""

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Gemini:
    """The dialect of Gemini."""

    name = "google.gemini"

    def claims(self, method: str, path: str) -> bool:
        """Whether this generates content: a POST, under any prefix."""
        return method == "POST" and _PATH.fullmatch(path) is not None

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked; the path names the model, and whether to stream. Raises `BodyError`."""
        try:
            asked = redact(jsontext.parse_object(request.body))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        assert isinstance(asked, dict)
        if not asked.get("contents"):
            raise BodyError("the request has no `contents`")
        system = asked.get("systemInstruction", asked.get("system_instruction"))
        model, stream = _of_path(request.path)
        rest = {key: value for key, value in asked.items() if key not in _SAID_APART}
        settings = ({"model": model} if model else {}) | rest
        return Request(
            settings,
            (*read_system(system), *read_contents(asked["contents"])),
            stream,
            query=_query(request.query),
            api=self.name,
            common=common_of(settings),
            variant=ARRAY if stream and not _is_sse(request.query) else "",
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it; the model and the shape of the answer stand in the path."""
        settings = {key: value for key, value in request.settings.items() if key != "model"}
        return jsontext.dump(write_contents(request.messages) | settings).encode()

    def read_answer(self, response: HttpResponse) -> Received:
        """What was answered, without secrets. Raises `BodyError` for a body that broke off or is no
        answer of Gemini.
        """
        if response.status >= 400:
            return read_error(response)
        whole = _read_events(response.body) if response.is_stream else _read_json(response.body)
        safe = redact(whole)
        assert isinstance(safe, dict)
        return Received(gemini_answers.read(safe), safe is whole)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer: whole, as events, or as an array."""
        match answer:
            case Answer():
                return self._write(gemini_answers.write(answer, request), request)
            case RawAnswer(dict(value), 200, ()) if request.stream:
                return _stream([value], request)
            case ErrorAnswer(status) if text := error_text(answer):
                name = _STATUSES.get(status, "UNKNOWN")
                error = {"error": {"code": status, "message": text, "status": name}}
                body: Json = [error] if request.variant == ARRAY else error
                return write_verbatim(replace(answer, body=body))
            case RawAnswer() | ErrorAnswer() | BinaryAnswer():
                return write_verbatim(answer)
            case Fault(text=text, after=after) if request.stream:
                return _stream(_unfinished(text[:after], request), request, is_cut=True)
            case Fault(text=text, after=after):
                whole = self.write_answer(_text_answer(text), request).body
                said = f'"text":{jsontext.dump(text[:after])[:-1]}'.encode()
                return HttpResponse.whole(200, _JSON, whole[: whole.find(said) + len(said)])

    def _write(self, whole: JsonObject, request: Request) -> HttpResponse:
        if request.stream:
            return _stream(gemini_stream.chunks_of(whole), request)
        match whole:
            case {"error": {"code": int(code)}} if 400 <= code <= 599:
                # Whole, the server says nothing before it knows that it failed.
                return write_verbatim(ErrorAnswer(code, {"error": whole["error"]}))
        return HttpResponse.whole(200, _JSON, jsontext.dump(whole).encode())


def _of_path(path: str) -> tuple[str, bool]:
    """The model that a path names, and whether it asks for a stream."""
    found = _PATH.fullmatch(path)
    return (unquote(found[1]), found[2] == "streamGenerateContent") if found else ("", False)


def _is_sse(query: str) -> bool:
    return any(
        name in ("alt", "$alt") and value.startswith("sse") for name, value in parse_qsl(query)
    )


def _query(query: str) -> str:
    """The query without what does not matter."""
    named = ((unquote_plus(item.partition("=")[0]), item) for item in query.split("&"))
    return "&".join(item for name, item in named if name not in _NO_MATTER)


def _read_events(body: bytes) -> JsonObject:
    try:
        events = list(sse.read(body.decode("utf-8")))
        chunks = [jsontext.parse_object(event.data) for event in events]
    except (UnicodeDecodeError, JsonError) as error:
        raise BodyError(f"the stream broke off: {error}") from None
    return _assembled(chunks)


def _read_json(body: bytes) -> JsonObject:
    try:
        value = jsontext.parse(body)
    except JsonError as error:
        raise BodyError(f"the answer is not whole: {error}") from None
    match value:
        case [*chunks]:
            return _assembled([chunk for chunk in chunks if isinstance(chunk, dict)])
        case dict() if gemini_answers.is_answer(value):
            return value
    raise BodyError("the answer has no `candidates`")


def _assembled(chunks: Iterable[JsonObject]) -> JsonObject:
    whole = gemini_stream.assemble(chunks)
    if not gemini_stream.has_end(whole):
        raise BodyError("the stream broke off: no finishReason")
    return whole


def _text_answer(text: str) -> Answer:
    return Answer((Choice(Message("assistant", text)),))


def _unfinished(text: str, request: Request) -> list[JsonObject]:
    """The chunks of a text that nothing follows."""
    whole = gemini_answers.write(_text_answer(text), request)
    chunks = list(gemini_stream.chunks_of(whole)) if text else []
    contents = [chunk["candidates"][0]["content"] for chunk in chunks]
    return [{"candidates": [{"content": content, "index": 0}]} for content in contents]


def _stream(
    chunks: Iterable[JsonObject], request: Request, *, is_cut: bool = False
) -> HttpResponse:
    """The response with these chunks, as events or as the items of an array."""
    texts = [jsontext.dump(chunk) for chunk in chunks]
    if request.variant != ARRAY:
        events = (Piece(0.0, f"data: {text}\r\n\r\n".encode()) for text in texts)
        return HttpResponse(200, _EVENTS, tuple(events))
    items = [("," if number else "[") + text + "\r\n" for number, text in enumerate(texts)]
    pieces = (Piece(0.0, item.encode()) for item in [*items, *([] if is_cut else ["]"])])
    return HttpResponse(200, _JSON, tuple(pieces))
