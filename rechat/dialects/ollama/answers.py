"""Answers of Ollama's two APIs, read and written: they differ only in where the text stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from rechat.dialects.ollama import envelope as ollama_envelope
from rechat.dialects.ollama import stream as ollama_stream
from rechat.dialects.shared import Received, error_text, read_error, tokens, write_verbatim
from rechat.values import (
    Answer,
    AnyAnswer,
    BinaryAnswer,
    BodyError,
    Choice,
    ErrorAnswer,
    Fault,
    Headers,
    HttpResponse,
    JsonError,
    JsonObject,
    Message,
    Piece,
    RawAnswer,
    Request,
    jsontext,
    redact,
    same,
)

_JSON: Headers = (("content-type", "application/json; charset=utf-8"),)
_LINES: Headers = (("content-type", "application/x-ndjson"),)
_NOTHING = Request({}, ())

type Readable = Callable[[JsonObject], Answer]
"""Reads the answer of a whole body; raises `BodyError` if that is none."""
type Say = Callable[[Answer], JsonObject]
"""Gives the fields of a whole body that say what the model said."""


def read(response: HttpResponse, key: str, readable: Readable, say: Say) -> Received:
    """What was answered, without secrets; `key` is where the text stands. Raises `BodyError` for a
    body that broke off or is no answer.
    """
    if response.status >= 400:
        return read_error(response)
    is_lines = ollama_stream.is_lines(response)
    whole = ollama_stream.read(response.body) if is_lines else _read_whole(response.body, key)
    safe = redact(whole)
    assert isinstance(safe, dict)
    has_end = is_lines or safe.get("done") is True
    answer = _read_answer(safe, readable, say) if has_end else RawAnswer(safe)
    return Received(answer, safe is whole)


def _read_whole(body: bytes, key: str) -> JsonObject:
    try:
        value = jsontext.parse_object(body)
    except JsonError as error:
        raise BodyError(f"the answer is not whole: {error}") from None
    if key not in value and "done" not in value:
        raise BodyError(f"the answer has no `{key}`")
    return value


def _read_answer(value: JsonObject, readable: Readable, say: Say) -> Answer | RawAnswer:
    """The answer, if it comes back the same; else the whole body as it is."""
    try:
        answer = readable(value)
    except BodyError:
        return RawAnswer(value)
    written = ollama_envelope.write_answer(answer, say(answer), _NOTHING)
    return answer if same(written, value) else RawAnswer(value)


def write(answer: AnyAnswer, request: Request, say: Say) -> HttpResponse:
    """The response that gives the answer, whole or streamed."""
    match answer:
        case Answer():
            whole = ollama_envelope.write_answer(answer, say(answer), request)
            if request.stream:
                return _stream(ollama_stream.lines_of(whole))
            if ollama_stream.is_broken(whole):
                # Whole, the server says nothing before it knows that it failed.
                return write(ErrorAnswer(500, {"error": whole["error"]}), request, say)
            return HttpResponse.whole(200, _JSON, jsontext.dump(whole).encode())
        case RawAnswer(dict(value), 200, ()) if request.stream:
            return _stream(iter([value]))
        case ErrorAnswer() if text := error_text(answer):
            return write_verbatim(replace(answer, body={"error": text}))
        case RawAnswer() | ErrorAnswer() | BinaryAnswer():
            return write_verbatim(answer)
        case Fault(text=text, after=after) if request.stream:
            pieces = write(_text_answer(text[:after]), request, say).pieces
            return HttpResponse(200, _LINES, pieces[: len(tokens(text[:after]))])
        case Fault(text=text, after=after):
            body = write(_text_answer(text), request, say).body
            key = b'"content":' if b'"message":' in body else b'"response":'
            said = key + jsontext.dump(text[:after])[:-1].encode()
            return HttpResponse.whole(200, _JSON, body[: body.find(said) + len(said)])


def _text_answer(text: str) -> Answer:
    return Answer((Choice(Message("assistant", text)),))


def _stream(lines: Iterator[JsonObject]) -> HttpResponse:
    written = [jsontext.dump(line) + "\n" for line in lines]
    return HttpResponse(200, _LINES, tuple(Piece(0.0, line.encode()) for line in written))
