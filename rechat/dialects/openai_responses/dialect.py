"""OpenAI's Responses API, and that of every compatible server: `POST …/responses`."""

from dataclasses import replace

from rechat.dialects.openai_responses.handwritten import written
from rechat.dialects.openai_responses.input import read_input, write_input
from rechat.dialects.openai_responses.items import said_of, write_items
from rechat.dialects.openai_responses.output import choice_of, opaque, read_output
from rechat.dialects.openai_responses.settings import common_of
from rechat.dialects.openai_responses.stream_read import assemble
from rechat.dialects.openai_responses.stream_write import events_of
from rechat.dialects.shared import (
    JSON_HEADERS,
    Received,
    deployed_model,
    read_chunks,
    read_error,
    sse,
    text_answer,
    tokens,
    with_envelope,
    write_verbatim,
)
from rechat.values import (
    Answer,
    AnyAnswer,
    BinaryAnswer,
    BodyError,
    Choice,
    ErrorAnswer,
    Fault,
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

PREVIOUS, CONVERSATION = "previous_response_id", "conversation"
_SHAPING = ("input", "stream")
# What a streamed text begins with: two events of the answer, one of its item, one of the text.
_OPENING = 4


class Responses:
    """The dialect of the Responses API."""

    name = "openai.responses"

    def claims(self, method: str, path: str) -> bool:
        """Whether this asks for an answer; `/responses/{id}` and what is below it do not."""
        return method == "POST" and path.endswith("/responses")

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked, with the instructions as its first message. Raises `BodyError`.

        The id of the answer or conversation that is gone on from stays among the settings too: it
        counts where what came before is not known.
        """
        try:
            asked = redact(jsontext.parse_object(request.body))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        assert isinstance(asked, dict)
        given = deployed_model(request.path) | asked
        settings = {key: value for key, value in given.items() if key not in _SHAPING}
        messages = read_input(asked.get("input"))
        instructions = settings.get("instructions")
        if isinstance(instructions, str | None):
            settings.pop("instructions", None)
            messages = (*([Message("system", instructions)] if instructions else []), *messages)
        follows = asked.get(PREVIOUS)
        if not isinstance(follows, str) and (follows := _conversation(asked.get(CONVERSATION))):
            settings[CONVERSATION] = follows
        return Request(
            settings,
            messages,
            asked.get("stream") is True,
            query=request.query,
            api=self.name,
            common=common_of(settings),
            follows=follows,
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        asked, messages = dict(request.settings), request.messages
        match messages:
            case (Message("system", str(text), (), fields), *rest) if text and not fields:
                asked["instructions"], messages = text, tuple(rest)
        shaping: JsonObject = {"stream": True} if request.stream else {}
        return jsontext.dump(asked | {"input": write_input(messages)} | shaping).encode()

    def read_answer(self, response: HttpResponse) -> Received:
        """What was answered, without secrets. Raises `BodyError` for a body that broke off or is no
        answer.
        """
        if response.status >= 400:
            return read_error(response)
        whole = (
            assemble(read_chunks(response.body)[0])
            if response.is_stream
            else _read_whole(response.body)
        )
        safe = redact(whole)
        assert isinstance(safe, dict)
        return Received(_read(safe), safe is whole)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer, whole or streamed."""
        match answer:
            case Answer():
                value = _json(answer) if answer.is_recorded else written(answer, request)
                return sse.stream(sse.named(events_of(value))) if request.stream else _whole(value)
            case RawAnswer(dict() as value) if request.stream:
                return sse.stream(sse.named(events_of(value)))
            case ErrorAnswer():
                return write_verbatim(with_envelope(answer))
            case RawAnswer() | BinaryAnswer():
                return write_verbatim(answer)
            case Fault(text=text, after=after) if request.stream:
                streamed = self.write_answer(text_answer(text[:after]), request)
                kept = _OPENING + len(tokens(text[:after]))
                return replace(streamed, pieces=streamed.pieces[:kept])
            case Fault(text=text, after=after):
                body = self.write_answer(text_answer(text), request).body
                said = f'"text":{jsontext.dump(text[:after])[:-1]}'.encode()
                return HttpResponse.whole(200, JSON_HEADERS, body[: body.find(said) + len(said)])


def _conversation(value: Json) -> str:
    """The id of a conversation; empty if none is named."""
    match value:
        case str(name) | {"id": str(name)}:
            return name
    return ""


def _read_whole(body: bytes) -> JsonObject:
    try:
        value = jsontext.parse_object(body)
    except JsonError as error:
        raise BodyError(f"the answer is not whole: {error}") from None
    if not isinstance(value.get("output"), list) and value.get("object") != "response":
        raise BodyError("the answer has no `output`")
    return value


def _read(value: JsonObject) -> Answer | RawAnswer:
    """The answer, if it comes back the same; else the whole body as it is."""
    output = value.get("output")
    if isinstance(output, list) and "id" in value:
        around = {key: item for key, item in value.items() if key != "output"}
        for choice in (read_output(output), choice_of([opaque(item) for item in output])):
            answer = Answer((choice,), around)
            if same(_json(answer), value):
                return answer
    return RawAnswer(value)


def _json(answer: Answer) -> JsonObject:
    """The JSON that an answer was read from: nothing added."""
    return answer.fields | {"output": write_items(said_of(_said(answer)))}


def _said(answer: Answer) -> Choice:
    """What was said; this API has no other choices."""
    return answer.choices[0] if answer.choices else Choice(Message("assistant"))


def _whole(value: JsonObject) -> HttpResponse:
    return HttpResponse.whole(200, JSON_HEADERS, jsontext.dump(value).encode())
