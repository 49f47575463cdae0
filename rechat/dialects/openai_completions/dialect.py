"""Legacy completions, OpenAI's and every compatible server's: `POST …/completions`.

Each prompt is a user message. A body may hold several, and then the answer has `n` choices for each
of them, in order. There are no calls here: what a hand-written answer says is its text
(`plain_text`).
"""

from typing import Any

from rechat.dialects.openai_completions import stream as completions_stream
from rechat.dialects.openai_completions.handwritten import make_up
from rechat.dialects.shared import (
    Received,
    as_text,
    read_error,
    text_answer,
    tokens,
    write_verbatim,
)
from rechat.dialects.shared import openai_wire as completion_wire
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
    Opaque,
    RawAnswer,
    Request,
    jsontext,
    kind_of,
    redact,
    same,
)

# What only an answer that came over the wire has.
_RECORDED = frozenset({"id", "object", "created"})
_SHAPING = ("prompt", "stream", "stream_options")
_NOTHING = Request({}, ())


class Completions:
    """The dialect of legacy completions."""

    name = "openai.completions"

    def claims(self, method: str, path: str) -> bool:
        """Whether prompts are to be completed: a POST, under any prefix but chat's."""
        is_chat = path.endswith("/chat/completions")
        return method == "POST" and path.endswith("/completions") and not is_chat

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked. Raises `BodyError`."""
        try:
            asked = redact(jsontext.parse_object(request.body))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        assert isinstance(asked, dict)
        options = asked.get("stream_options")
        settings = {key: value for key, value in asked.items() if key not in _SHAPING}
        return Request(
            settings,
            _read_prompts(asked.get("prompt")),
            asked.get("stream") is True,
            isinstance(options, dict) and options.get("include_usage") is True,
            request.query,
            self.name,
            _common(settings),
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        asked = dict(request.settings)
        prompts = [_write_prompt(message) for message in request.messages]
        if prompts:
            asked["prompt"] = prompts[0] if len(prompts) == 1 else prompts
        if request.stream:
            asked["stream"] = True
        if request.include_usage:
            asked["stream_options"] = {"include_usage": True}
        return jsontext.dump(asked).encode()

    def read_answer(self, response: HttpResponse) -> Received:
        """What was answered, without secrets. Raises `BodyError` for a body that broke off or is no
        completion.
        """
        if response.status >= 400:
            return read_error(response)
        read = _read_stream if response.is_stream else completion_wire.read_whole
        whole = read(response.body)
        safe = redact(whole)
        assert isinstance(safe, dict)
        return Received(_read_completion(safe), safe is whole)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer, whole or streamed."""
        match answer:
            case Answer() if request.stream:
                whole = _write(answer, request)
                if not request.include_usage and not _is_recorded(answer):
                    del whole["usage"]
                usage = request.include_usage
                return completion_wire.stream(
                    completions_stream.chunks_of(whole, include_usage=usage)
                )
            case Answer():
                body = jsontext.dump(_write(answer, request)).encode()
                return HttpResponse.whole(200, completion_wire.JSON_HEADERS, body)
            case RawAnswer(dict(value), 200, ()) if request.stream:
                return completion_wire.stream([value])
            case ErrorAnswer():
                return write_verbatim(completion_wire.with_envelope(answer))
            case RawAnswer() | ErrorAnswer() | BinaryAnswer():
                return write_verbatim(answer)
            case Fault(text=text, after=after) if request.stream:
                streamed = self.write_answer(text_answer(text[:after]), request)
                kept = streamed.pieces[: len(tokens(text[:after]))]
                return HttpResponse(200, streamed.headers, kept)
            case Fault(text=text, after=after):
                whole_text = self.write_answer(text_answer(text), request)
                said = f'"text":{jsontext.dump(text[:after])[:-1]}'.encode()
                body = whole_text.body
                cut = body[: body.find(said) + len(said)]
                return HttpResponse.whole(200, whole_text.headers, cut)


def _read_prompts(value: Json) -> tuple[Message, ...]:
    """The prompts, each a user message; tokens have no readable form."""
    match value:
        case None:
            return ()
        case str():
            return (Message("user", value),)
        case [int(), *_]:
            return (Message("user", None, (Opaque(value),)),)
        case list():
            return tuple(map(_read_prompt, value))
    raise BodyError(f"`prompt` is a text or a list, not {kind_of(value)}")


def _read_prompt(value: Json) -> Message:
    match value:
        case str():
            return Message("user", value)
        case list():
            return Message("user", None, (Opaque(value),))
    raise BodyError(f"a prompt is a text or a list of tokens, not {kind_of(value)}")


def _write_prompt(message: Message) -> Json:
    match message.parts:
        case (Opaque(value),):
            return value
    return message.text


def _common(settings: JsonObject) -> JsonObject:
    """The settings in the words of Chat Completions: only the log probabilities are asked for in
    another way.
    """
    match settings.get("logprobs"):
        case bool() | None:
            return settings
        case int(count):
            return settings | {"logprobs": True, "top_logprobs": count}
    return settings


def _read_stream(body: bytes) -> JsonObject:
    chunks, is_done = completion_wire.read_chunks(body)
    whole = completions_stream.assemble(chunks)
    if not whole["choices"] and "error" not in whole:
        raise BodyError("the stream has no `choices`")
    completion_wire.check_end(whole, is_done=is_done)
    return whole


def _read_completion(value: JsonObject) -> Answer | RawAnswer:
    """The answer, if it comes back the same; else the whole body as it is."""
    if not value["choices"] or not all(isinstance(choice, dict) for choice in value["choices"]):
        return RawAnswer(value)
    around = {key: item for key, item in value.items() if key != "choices"}
    choices = tuple(_read_choice(choice, index) for index, choice in enumerate(value["choices"]))
    answer = Answer(choices, around)
    is_readable = _is_recorded(answer) and same(_write(answer, _NOTHING), value)
    return answer if is_readable else RawAnswer(value)


def _read_choice(value: Any, index: int) -> Choice:
    match value:
        case dict() if isinstance(text := value.get("text"), str | None):
            fields = {key: item for key, item in value.items() if key != "text"}
            without = tuple(key for key in ("text", "index") if key not in value)
            if fields.get("index") is not True and fields.get("index") == index:
                del fields["index"]
            choice = Choice(Message("assistant", text, (), {}, without), fields)
            if same(_write_choice(choice, index), value):
                return choice
    return Choice(Message("assistant", None, (Opaque(value),)))


def _is_recorded(answer: Answer) -> bool:
    """Whether the answer came over the wire; one that came over another API did not."""
    is_foreign = str(answer.fields.get("object")).startswith("chat.")
    return not is_foreign and not _RECORDED.isdisjoint(answer.fields)


def _write(answer: Answer, request: Request) -> JsonObject:
    """The JSON of a whole answer."""
    if _is_recorded(answer):
        choices = [_write_choice(choice, index) for index, choice in enumerate(answer.choices)]
        envelope = dict(answer.fields)
    else:
        choices, envelope = make_up(answer, request)
    head = {
        key: envelope.pop(key) for key in ("id", "object", "created", "model") if key in envelope
    }
    return head | {"choices": choices} | envelope


def _write_choice(choice: Choice, index: int) -> Json:
    match choice.message.parts:
        case (Opaque(value),):
            return value
    message = choice.message
    text = as_text(message) if message.parts else message.body
    written = {"text": text, "index": index} | choice.fields
    return {key: value for key, value in written.items() if key not in message.without}
