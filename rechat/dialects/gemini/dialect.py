"""Google's Gemini: `POST …/models/{model}:generateContent` and `:streamGenerateContent`, of the
Gemini API and of Vertex AI alike.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl
from urllib.parse import unquote
from urllib.parse import unquote_plus

from rechat.dialects.gemini import answers as gemini_answers
from rechat.dialects.gemini import stream as gemini_stream
from rechat.dialects.gemini.contents import read_contents
from rechat.dialects.gemini.contents import read_system
from rechat.dialects.gemini.contents import write_contents
from rechat.dialects.gemini.settings import common_of
from rechat.dialects.gemini.spelling import in_camel_case
from rechat.dialects.gemini.spelling import in_snake_case
from rechat.dialects.shared import Events
from rechat.dialects.shared import Frame
from rechat.dialects.shared import settings_of
from rechat.dialects.shared import text_answer
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Headers
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Piece
from rechat.values import Request
from rechat.values import jsontext

_JSON: Headers = (("content-type", "application/json; charset=UTF-8"),)
_EVENTS: Headers = (("content-type", "text/event-stream"), ("cache-control", "no-cache"))

# A path such as "/v1beta/models/gemini-2.5-pro:generateContent". What Code Assist puts around the
# same bodies (`/v1internal:generateContent`) is another API, kept as a whole.
_PATH = re.compile(r"(?:.*/)?(?!v1internal:)([^/:]+):(generateContent|streamGenerateContent)")
# Parameters that shape the answer or say who asks.
_NO_MATTER = frozenset({"alt", "$alt", "key", "access_token"})
_SAID_APART = ("contents", "systemInstruction", "system_instruction", "model")

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


class Google(Frame):
    """What Google's APIs have in common as a dialect."""

    headers = _JSON

    def query_of(self, query: str) -> str:
        """The query without what does not matter."""
        named = ((unquote_plus(item.partition("=")[0]), item) for item in query.split("&"))
        return "&".join(item for name, item in named if name not in _NO_MATTER)

    def error_body(self, status: int, text: str, request: Request) -> Json:
        """The error with the name of its status."""
        name = _STATUSES.get(status, "UNKNOWN")
        error = {"error": {"code": status, "message": text, "status": name}}
        return [error] if request.variant == ARRAY else error


class Gemini(Google):
    """The dialect of Gemini."""

    name = "google.gemini"
    has = "candidates"

    def claims(self, method: str, path: str) -> bool:
        """Whether this generates content: a POST, under any prefix."""
        return method == "POST" and _PATH.fullmatch(path) is not None

    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What is asked; the path names the model, and whether to stream. Raises `BodyError`."""
        if not asked.get("contents"):
            raise BodyError("the request has no `contents`")
        system = asked.get("systemInstruction", asked.get("system_instruction"))
        model, stream = _of_path(request.path)
        settings = ({"model": model} if model else {}) | settings_of(asked, *_SAID_APART)
        return Request(
            settings,
            (*read_system(system), *read_contents(asked["contents"])),
            stream,
            query=self.query_of(request.query),
            api=self.name,
            common=common_of(settings),
            variant=ARRAY if stream and not _is_sse(request.query) else "",
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it; the model and the shape of the answer stand in the path."""
        settings = settings_of(request.settings, "model")
        return jsontext.dump(write_contents(request.messages) | settings).encode()

    def is_answer(self, whole: JsonObject) -> bool:
        """Whether a body has a field that only an answer has."""
        return gemini_answers.is_answer(whole)

    def put_together(self, stream: Events) -> JsonObject:
        """The answer of the chunks. Raises `BodyError` if they were truncated."""
        whole = gemini_stream.assemble(stream.values)
        if not gemini_stream.has_end(in_camel_case(whole)):
            raise BodyError("the stream was truncated: no finishReason")
        return whole

    def readings(self, whole: JsonObject) -> Iterable[Answer]:
        """The answer with its candidates. Raises `BodyError` if one of them is none."""
        yield from gemini_answers.readings(whole)

    def recorded(self, answer: Answer) -> JsonObject:
        """The body that an answer was read from."""
        return gemini_answers.recorded(answer)

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The body of an answer."""
        return gemini_answers.write(answer, request)

    def events(self, answer: Answer, request: Request) -> Iterable[JsonObject]:
        """The chunks of an answer."""
        whole = self.written(answer, request)
        if not gemini_answers.is_snake_case(answer):
            return gemini_stream.chunks_of(whole)
        return map(in_snake_case, gemini_stream.chunks_of(in_camel_case(whole)))

    def streamed(self, values: Iterable[JsonObject], request: Request) -> HttpResponse:
        """The chunks, as events or as the items of an array."""
        return _stream(values, request)

    def cut(self, text: str, request: Request) -> HttpResponse:
        """The chunks of a text that nothing follows."""
        chunks = self.events(text_answer(text), request) if text else []
        contents = [chunk["candidates"][0]["content"] for chunk in chunks]
        unfinished: list[JsonObject] = [
            {"candidates": [{"content": content, "index": 0}]} for content in contents
        ]
        return _stream(unfinished, request, is_cut=True)


def _of_path(path: str) -> tuple[str, bool]:
    """The model that a path names, and whether it asks for a stream."""
    found = _PATH.fullmatch(path)
    return (unquote(found[1]), found[2] == "streamGenerateContent") if found else ("", False)


def _is_sse(query: str) -> bool:
    return any(
        name in ("alt", "$alt") and value.startswith("sse") for name, value in parse_qsl(query)
    )


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
