"""Ollama's two APIs as dialects: they differ only in where the text stands."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator

from rechat.dialects.ollama import envelope as ollama_envelope
from rechat.dialects.ollama import stream as ollama_stream
from rechat.dialects.shared import Events
from rechat.dialects.shared import Frame
from rechat.values import Answer
from rechat.values import Headers
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Piece
from rechat.values import Request
from rechat.values import jsontext

_LINES: Headers = (("content-type", "application/x-ndjson"),)
_NOTHING = Request({}, ())


class Ollama(Frame):
    """What Ollama's APIs have in common as a dialect."""

    headers: Headers = (("content-type", "application/json; charset=utf-8"),)

    @abstractmethod
    def messages_of(self, asked: JsonObject) -> tuple[list[Message], tuple[str, ...]]:
        """The messages of a request, and the fields that became one. Raises `BodyError`."""

    @abstractmethod
    def readable(self, whole: JsonObject) -> Answer:
        """The answer of a whole body. Raises `BodyError` if it is none."""

    @abstractmethod
    def said(self, answer: Answer) -> JsonObject:
        """The fields of a whole body with what the model said."""

    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What is asked; the answer is streamed unless the client says no. Raises `BodyError`."""
        messages, taken = self.messages_of(asked)
        settings = ollama_envelope.settings_of(asked, *taken)
        return Request(
            settings,
            tuple(messages),
            asked.get("stream") is not False,
            query=request.query,
            api=self.name,
            common=ollama_envelope.common_of(settings),
        )

    def is_answer(self, whole: JsonObject) -> bool:
        """Whether a body has a text, or says whether it is done."""
        return self.has in whole or "done" in whole

    def put_together(self, stream: Events) -> JsonObject:
        """The answer of the lines. Raises `BodyError` if they were truncated."""
        return ollama_stream.put_together(stream.values)

    def is_complete(self, whole: JsonObject) -> bool:
        """Whether a body says that it is done."""
        return whole.get("done") is True

    def readings(self, whole: JsonObject) -> Iterator[Answer]:
        """The answer. Raises `BodyError` if it is not the assistant's."""
        yield self.readable(whole)

    def recorded(self, answer: Answer) -> JsonObject:
        """The body that an answer was read from."""
        return self.written(answer, _NOTHING)

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The body of an answer."""
        return ollama_envelope.write_answer(answer, self.said(answer), request)

    def events(self, answer: Answer, request: Request) -> Iterator[JsonObject]:
        """The lines of an answer."""
        return ollama_stream.lines_of(self.written(answer, request))

    def streamed(self, values: Iterable[JsonObject], request: Request) -> HttpResponse:
        """The lines, each in a piece of its own."""
        del request
        lines = (jsontext.dump(value) + "\n" for value in values)
        return HttpResponse(200, _LINES, tuple(Piece(0.0, line.encode()) for line in lines))

    def is_own_error(self, error: Json) -> bool:
        """Whether an error is a text."""
        return isinstance(error, str)

    def error_body(self, status: int, text: str, request: Request) -> Json:
        """The error as a text."""
        del status, request
        return {"error": text}
