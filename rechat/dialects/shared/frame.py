"""What every dialect does around its own words.

A request's body becomes JSON without secrets. A response becomes an answer: an HTTP error, a whole
body, or a stream put together, and only if it comes back the same; else it is kept as the JSON that
it is. An answer becomes a response: whole, streamed, an error in the API's words, or cut in its
text. A dialect says the rest.
"""

from abc import ABC
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from rechat.dialects.shared import failures
from rechat.dialects.shared.bodies import arrays
from rechat.dialects.shared.bodies import events
from rechat.dialects.shared.bodies import sse
from rechat.dialects.shared.plain_text import error_text
from rechat.dialects.shared.plain_text import text_answer
from rechat.dialects.shared.protocol import Received
from rechat.dialects.shared.tokens import tokens
from rechat.dialects.shared.verbatim import in_other_shape
from rechat.dialects.shared.verbatim import read_error
from rechat.dialects.shared.verbatim import read_whole
from rechat.dialects.shared.verbatim import write_verbatim
from rechat.values import LASTING_ERRORS
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import BinaryAnswer
from rechat.values import BodyError
from rechat.values import ErrorAnswer
from rechat.values import Fault
from rechat.values import Headers
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import RawAnswer
from rechat.values import Request
from rechat.values import header
from rechat.values import jsontext
from rechat.values import read_body
from rechat.values import redact
from rechat.values import same

JSON_HEADERS: Headers = (("content-type", "application/json"),)
_NOTHING = Request({}, ())
_MARK = b"\xef\xbb\xbf"


class Frame(ABC):
    """A dialect whose bodies are JSON."""

    name: str
    has = "choices"
    """The field of a whole answer; a body without it is none."""
    text_key = "text"
    """The key before the text of a whole answer, where a fault cuts it."""
    opening = 0
    """How many events come before the first piece of a text."""
    headers = JSON_HEADERS
    """What comes before a whole answer."""
    streams = True
    """Whether the API has streams."""
    typed = False
    """Whether the `type` of an event is also its name on the wire."""
    says_done = False
    """Whether a stream ends with `[DONE]`."""

    @abstractmethod
    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What a body without secrets asks for. Raises `BodyError` if the API does not know it."""

    @abstractmethod
    def readings(self, whole: JsonObject) -> Iterable[Answer]:
        """The answers that a whole body may be, the most readable first. Raises `BodyError` if
        there is none.
        """

    @abstractmethod
    def recorded(self, answer: Answer) -> JsonObject:
        """The whole body that an answer was read from: nothing added."""

    @abstractmethod
    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The whole body of an answer; a hand-written one gets what clients rely on."""

    @abstractmethod
    def error_body(self, status: int, text: str, request: Request) -> Json:
        """The error that a person wrote as a text, in the words of the API."""

    def is_answer(self, whole: JsonObject) -> bool:
        """Whether a whole body is an answer of the API."""
        return isinstance(whole.get(self.has), list)

    def is_complete(self, whole: JsonObject) -> bool:
        """Whether a whole body says all that an answer says; one that does not is kept as it is."""
        return bool(whole)

    def put_together(self, stream: events.Events) -> JsonObject:
        """The whole body that a stream adds up to. Raises `BodyError` if it was truncated."""
        raise BodyError(f"{self.name} has no streams, read {len(stream.values)} events")

    def events(self, answer: Answer, request: Request) -> Iterable[JsonObject]:
        """The events that stream an answer."""
        return self.raw_events(self.written(answer, request))

    def raw_events(self, whole: JsonObject) -> Iterable[JsonObject]:
        """The events that stream a body that nobody took apart."""
        return [whole]

    def streamed(self, values: Iterable[JsonObject], request: Request) -> HttpResponse:
        """The response that sends these events."""
        del request
        sent = map(sse.named if self.typed else sse.event, values)
        return sse.stream(chain(sent, [sse.DONE]) if self.says_done else sent)

    def failure(self, whole: JsonObject) -> ErrorAnswer | None:
        """The HTTP error that a failed stream is when it is not streamed: asked whole, a
        server says nothing before it knows.
        """
        status = failures.status_of(whole)
        return self._http_error(status, whole) if status else None

    def _http_error(self, status: int, whole: JsonObject) -> ErrorAnswer:
        """The error as it was told, if clients of the API read that; else in the API's form."""
        told = self.error_of(whole)
        if not self.is_own_error(told.get("error")):
            made = self.error_body(status, failures.message_of(told.get("error")), _NOTHING)
            told |= made if isinstance(made, dict) else {}
        return ErrorAnswer(status, told)

    def is_own_error(self, error: Json) -> bool:
        """Whether clients of the API find the message in an error of this form."""
        return isinstance(error, dict) and isinstance(error.get("message"), str)

    def error_of(self, whole: JsonObject) -> JsonObject:
        """The body of the HTTP error that an answer tells."""
        return failures.told_in(whole)

    def error_event(self, error: JsonObject) -> JsonObject:
        """The event that tells of an error."""
        return {"type": "error"} | error if self.typed else error

    def cut(self, text: str, request: Request) -> HttpResponse:
        """A stream that ends with this text."""
        streamed = self.write_answer(text_answer(text), request)
        return replace(streamed, pieces=streamed.pieces[: self.opening + len(tokens(text))])

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked, without secrets. Raises `BodyError`."""
        try:
            asked = read_body(request.body.removeprefix(_MARK))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        return self.request_of(asked, request)

    def read_answer(self, response: HttpResponse, *, asked: Request | None = None) -> Received:
        """What was answered, without secrets. Raises `BodyError` for a truncated body, and for
        one that is not an answer of the API.
        """
        asked_whole = asked is not None and not asked.stream
        if response.status >= 400:
            return read_error(response)
        if response.status >= 300 or _is_empty(response):
            return read_whole(response)
        read = events.read(response, typed=self.typed)
        alone, depth = arrays.object_of(read)
        is_whole = asked_whole or self.typed or not self.streams
        if alone and is_whole and (self.is_answer(alone) or failures.error_of(alone)):
            received = self._received(alone, response.status, is_stream=False)
            answer = arrays.put_in(received.answer, depth) if asked_whole else received.answer
            return replace(received, answer=answer)
        if asked_whole and (array := arrays.array_of(read)):
            safe = redact(array)
            return Received(RawAnswer(safe, response.status), safe is array)
        if isinstance(read, events.Events):
            return self._received(self.put_together(read), response.status, is_stream=True)
        return self._received(read, response.status, is_stream=False)

    def _received(self, whole: JsonObject, http_status: int, *, is_stream: bool) -> Received:
        safe = redact(whole)
        assert isinstance(safe, dict)
        status = failures.status_of(safe)
        if not is_stream and not status and not self.is_answer(safe):
            raise BodyError(f"the answer has no `{self.has}`")
        if status and status not in LASTING_ERRORS:
            return Received(ErrorAnswer(status, self.error_of(safe)), is_verbatim=False)
        if http_status != 200 and not status:
            return Received(RawAnswer(safe, http_status), safe is whole)
        return Received(self._answer(safe, status, is_stream=is_stream), safe is whole)

    def _answer(self, whole: JsonObject, status: int | None, *, is_stream: bool) -> AnyAnswer:
        """The answer of a body, which may tell of a lasting error."""
        if not is_stream:
            is_readable = not status and self.is_complete(whole)
            return self._exact(whole) if is_readable else RawAnswer(whole)
        answer = self._exact(whole) if self.is_answer(whole) else RawAnswer(whole)
        return RawAnswer(whole, status) if status and isinstance(answer, RawAnswer) else answer

    def _exact(self, whole: JsonObject) -> AnyAnswer:
        """The answer, if it comes back the same; else the whole body as it is."""
        try:
            for answer in self.readings(whole):
                if same(self.recorded(answer), whole):
                    return answer
        except BodyError:
            pass  # a body of another shape is kept as it is
        return RawAnswer(whole)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer, whole or streamed."""
        bare, depth = arrays.taken_out(answer)
        if bare is None or request.stream:
            return self._response(bare or answer, request)
        return arrays.in_array(self._response(bare, request), depth)

    def _response(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        match answer:
            case Answer() if request.stream:
                return self.streamed(self.events(answer, request), request)
            case Answer():
                return self._write(self.written(answer, request))
            case RawAnswer(dict(whole), status) if request.stream:
                streamed = self.streamed(self._raw_events(whole), request)
                return replace(streamed, status=status) if status < 300 else streamed
            case RawAnswer(list(array), status) if request.stream and events.objects_in(array):
                told = chain.from_iterable(map(self._events_of, events.objects_in(array)))
                return replace(self.streamed(told, request), status=status)
            case RawAnswer(dict(whole), status) if status in LASTING_ERRORS:
                return write_verbatim(self._http_error(status, whole))
            case ErrorAnswer(status) if (text := error_text(answer)) is not None:
                return write_verbatim(replace(answer, body=self.error_body(status, text, request)))
            case ErrorAnswer() if not request.stream:
                return write_verbatim(in_other_shape(answer))
            case RawAnswer() | ErrorAnswer() | BinaryAnswer():
                return write_verbatim(answer)
            case Fault(text=text, after=after) if request.stream:
                return self.cut(text[:after], request)
            case Fault(text=text, after=after):
                body = jsontext.dump(self.written(text_answer(text), request))
                said = f'"{self.text_key}":{jsontext.dump(text[:after])[:-1]}'
                end = body.find(said) + len(said) if said in body else len(body) // 2
                return HttpResponse.whole(200, self.headers, body[:end].encode())

    def _raw_events(self, whole: JsonObject) -> Iterable[JsonObject]:
        if failures.error_of(whole) and not self.is_answer(whole):
            return [self.error_event(whole)]
        return self.raw_events(whole)

    def _events_of(self, item: JsonObject) -> Iterable[JsonObject]:
        """The events that stream an item of an array: an answer, or a piece of one as it is."""
        if (self.is_answer(item) and not arrays.is_piece(item)) or failures.error_of(item):
            return self._raw_events(item)
        return [item] if "type" in item or not self.typed else []

    def _write(self, whole: JsonObject) -> HttpResponse:
        if failure := self.failure(whole):
            return write_verbatim(failure)
        return HttpResponse.whole(200, self.headers, jsontext.dump(whole).encode())


def _is_empty(response: HttpResponse) -> bool:
    """Whether a response has no body, and is no stream of which nothing came."""
    kind = header(response.headers, "content-type").lower()
    return not response.body and "event-stream" not in kind and "ndjson" not in kind


def settings_of(asked: JsonObject, *shaping: str) -> JsonObject:
    """The fields of a request but for those that became messages or shape the answer."""
    return {key: value for key, value in asked.items() if key not in shaping}


def wants_usage(asked: JsonObject) -> bool:
    """Whether a stream is to say how many tokens it used."""
    options = asked.get("stream_options")
    return isinstance(options, dict) and options.get("include_usage") is True
