"""Every other endpoint: method, path and body are kept whole, and so is the response.

1. A body is JSON, a form, a text or bytes, by its content type and by what it is. The order of the
   keys of JSON and the boundary of a form do not count.
2. A response is whole when its HTTP framing ends; JSON must parse as well. A stream of events that
   tells an error that may pass is no answer.
3. Where an endpoint has two shapes (`shapes`), a stream is kept as the body that it adds up to, if
   it can be written from that again.
"""

from contextlib import suppress
from dataclasses import replace

from rechat.dialects.raw.shapes import Shape
from rechat.dialects.raw.shapes import asks_for_stream
from rechat.dialects.raw.shapes import shape_of
from rechat.dialects.shared import Events
from rechat.dialects.shared import FormField
from rechat.dialects.shared import Received
from rechat.dialects.shared import events
from rechat.dialects.shared import is_json
from rechat.dialects.shared import multipart
from rechat.dialects.shared import passing_error
from rechat.dialects.shared import read_error
from rechat.dialects.shared import read_whole
from rechat.dialects.shared import settings_of
from rechat.dialects.shared import side_events
from rechat.dialects.shared import sse
from rechat.dialects.shared import write_verbatim
from rechat.values import RAW
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import BinaryAnswer
from rechat.values import BodyError
from rechat.values import ErrorAnswer
from rechat.values import Fault
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Part
from rechat.values import RawAnswer
from rechat.values import Request
from rechat.values import Text
from rechat.values import assets
from rechat.values import header
from rechat.values import jsontext
from rechat.values import redact
from rechat.values import redact_text

_BYTES = "application/octet-stream"


class Raw:
    """The dialect of whatever no other dialect claims."""

    name = RAW

    def claims(self, method: str, path: str) -> bool:
        """Whether this is a request of an API: all but what browsers ask by themselves, and our own
        pages.
        """
        is_ours = path in ("/", "/favicon.ico", "/robots.txt") or path.startswith("/_rechat/")
        return method not in ("CONNECT", "OPTIONS") and not is_ours

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked: one message with the body. Raises `BodyError`."""
        message = _read_body(request)
        named = _model_of(message)
        settings: JsonObject = {"method": request.method, "path": request.path}
        if named:
            settings = {"model": named} | settings
        is_stream = shape_of(settings) is not None and asks_for_stream(message)
        return Request(settings, (message,), is_stream, query=request.query, api=RAW)

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it; forms are not written."""
        message = request.messages[0]
        if "content" in message.fields:
            return jsontext.dump(message.fields["content"]).encode()
        for part in message.parts_of(Media):
            inline = assets.split_data_url(part.url)
            return inline[1] if inline else b""
        return (message.body or "").encode()

    def read_answer(self, response: HttpResponse, *, asked: Request | None = None) -> Received:
        """What was answered, without secrets. Raises `BodyError` for truncated JSON."""
        if response.status >= 400:
            return read_error(response)
        if failed := passing_error(response):
            return Received(failed, is_verbatim=False)
        shape = shape_of(asked.settings) if asked else None
        body = _whole(shape, response) if shape and response.status == 200 else None
        if body is not None:
            safe = redact(body)
            return Received(RawAnswer(safe), safe is body)
        return read_whole(response)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer, in the shape that was asked for if the endpoint has
        several.
        """
        shape = shape_of(request.settings)
        if shape and isinstance(answer, RawAnswer):
            return _shaped(answer, shape, is_stream=request.stream)
        match answer:
            case RawAnswer() | BinaryAnswer() | ErrorAnswer():
                return write_verbatim(answer)
            case Fault(text=text, after=after):
                kind = (("content-type", "text/plain"),)
                return HttpResponse.whole(200, kind, text[:after].encode())
            case Answer(choices):
                said = choices[0].message if choices else Message("assistant")
                return write_verbatim(RawAnswer(said.fields.get("content", said.text)))


def _whole(shape: Shape, response: HttpResponse) -> Json:
    """The body that a stream adds up to; None if it is none, or could not be written again."""
    if "event-stream" not in header(response.headers, "content-type").lower():
        return None
    with suppress(BodyError):
        read = events.read(response, typed=shape.is_named)
        return shape.whole(read.values) if isinstance(read, Events) else None
    return None


def _shaped(answer: RawAnswer, shape: Shape, *, is_stream: bool) -> HttpResponse:
    """The response in one shape or the other; what has but one comes in that."""
    value = answer.value
    if isinstance(value, str) and not is_stream:
        body = _whole(shape, write_verbatim(answer))
        answer = answer if body is None else RawAnswer(body)
    told = shape.events_of(answer.value) if is_stream and answer.status == 200 else None
    if told is not None:
        return sse.stream(map(sse.named if shape.is_named else sse.event, told))
    match answer.value:
        case {"error": _, **rest} if is_stream and answer.status == 200 and not rest:
            return sse.stream([sse.Event(jsontext.dump(answer.value), "error")])
        case dict(whole) if not is_stream and side_events.SIDE_EVENTS in whole:
            answer = replace(answer, value=settings_of(whole, side_events.SIDE_EVENTS))
    return write_verbatim(answer)


def _read_body(request: HttpRequest) -> Message:
    kind = header(request.headers, "content-type")
    if not request.body:
        return Message("request")
    if kind.lower().startswith("multipart/"):
        fields = multipart.read(request.body, kind)
        return Message("request", None, tuple(map(_read_field, fields)))
    try:
        text = request.body.decode("utf-8")
    except UnicodeDecodeError:
        url = assets.data_url(kind.partition(";")[0] or _BYTES, request.body)
        return Message("request", None, (Media("file", url),))
    try:
        value = redact(jsontext.parse(text))
    except JsonError as error:
        if is_json(kind):
            raise BodyError(f"the request's body is not JSON: {error}") from None
        return Message("request", redact_text(text))
    if isinstance(value, dict | list):
        return Message("request", None, (), {"content": value})
    return Message("request", redact_text(text))


def _read_field(field: FormField) -> Part:
    named: JsonObject = {"name": redact_text(field.name)}
    if field.filename is None:
        try:
            return Text(redact_text(field.content.decode("utf-8")), named)
        except UnicodeDecodeError:
            return Media("file", assets.data_url(_BYTES, field.content), named)
    media_type = field.media_type or assets.type_of(field.filename)
    url = assets.data_url(media_type, _redacted(field.content))
    kind = field.media_type.partition("/")[0]
    named["filename"] = redact_text(field.filename)
    return Media(kind if kind in ("image", "audio") else "file", url, named)  # type: ignore[arg-type]


def _redacted(content: bytes) -> bytes:
    """The content of a file, without secrets if it is a text."""
    try:
        return redact_text(content.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return content


def _model_of(message: Message) -> str:
    """The model that a body names, so that a request finds its upstream."""
    match message.fields.get("content"):
        case {"model": str(model)}:
            return model
    for part in message.parts_of(Text):
        if part.fields.get("name") == "model":
            return part.text
    return ""
