"""Chat Completions, OpenAI's and every compatible server's: `POST …/chat/completions`."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from rechat.dialects.openai_chat import stream as chat_stream
from rechat.dialects.openai_chat.messages import read_message, write_message
from rechat.dialects.shared import (
    JSON_HEADERS,
    Received,
    check_end,
    deployed_model,
    read_chunks,
    read_error,
    read_whole,
    stream,
    text_answer,
    tokens,
    usage_of,
    with_envelope,
    write_verbatim,
)
from rechat.values import (
    Answer,
    AnyAnswer,
    BinaryAnswer,
    BodyError,
    Call,
    Choice,
    ErrorAnswer,
    Fault,
    HttpRequest,
    HttpResponse,
    Json,
    JsonError,
    JsonObject,
    Media,
    Opaque,
    RawAnswer,
    Request,
    Text,
    jsontext,
    redact,
    same,
)

_SHAPING = ("messages", "stream", "stream_options")


class Chat:
    """The dialect of Chat Completions."""

    name = "openai.chat"

    def claims(self, method: str, path: str) -> bool:
        """Whether this is a chat completion: a POST, under any prefix."""
        return method == "POST" and path.endswith("/chat/completions")

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked. Raises `BodyError`."""
        try:
            asked = redact(jsontext.parse_object(request.body))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        assert isinstance(asked, dict)
        messages = asked.get("messages")
        if not isinstance(messages, list):
            raise BodyError("the request has no list of `messages`")
        options = asked.get("stream_options")
        settings = {key: value for key, value in asked.items() if key not in _SHAPING}
        return Request(
            deployed_model(request.path) | settings,
            tuple(read_message(message) for message in messages),
            asked.get("stream") is True,
            isinstance(options, dict) and options.get("include_usage") is True,
            request.query,
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        shaping: JsonObject = {"stream": True} if request.stream else {}
        if request.include_usage:
            shaping["stream_options"] = {"include_usage": True}
        messages: list[Json] = [write_message(message) for message in request.messages]
        return jsontext.dump(request.settings | {"messages": messages} | shaping).encode()

    def read_answer(self, response: HttpResponse) -> Received:
        """What was answered, without secrets. Raises `BodyError` for a body that broke off or is no
        chat completion.
        """
        if response.status >= 400:
            return read_error(response)
        whole = _read_stream(response.body) if response.is_stream else read_whole(response.body)
        safe = redact(whole)
        assert isinstance(safe, dict)
        return Received(_read_completion(safe), safe is whole)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer, whole or streamed."""
        if isinstance(answer, Answer) and not answer.is_recorded:
            answer = replace(answer, choices=tuple(map(_spoken, answer.choices)))
        match answer:
            case Answer() if request.stream:
                return stream(_events(answer, request))
            case Answer():
                return HttpResponse.whole(
                    200, JSON_HEADERS, jsontext.dump(_write_completion(answer, request)).encode()
                )
            case RawAnswer(value) if request.stream:
                return stream([_as_chunk(value)])
            case ErrorAnswer():
                return write_verbatim(with_envelope(answer))
            case RawAnswer() | BinaryAnswer():
                return write_verbatim(answer)
            case Fault(text=text, after=after) if request.stream:
                streamed = self.write_answer(text_answer(text[:after]), request)
                kept = 1 + len(tokens(text[:after]))
                return replace(streamed, pieces=streamed.pieces[:kept])
            case Fault(text=text, after=after):
                body = self.write_answer(text_answer(text), request).body
                said = f'"content":{jsontext.dump(text[:after])[:-1]}'.encode()
                return HttpResponse.whole(200, JSON_HEADERS, body[: body.find(said) + len(said)])


def _spoken(choice: Choice) -> Choice:
    """The choice with its texts as one, as clients expect of an answer: only requests list them."""
    texts = choice.message.parts_of(Text)
    others = tuple(part for part in choice.message.parts if not isinstance(part, Text))
    if (
        not texts
        or choice.message.body is not None
        or any(isinstance(part, Media | Opaque) for part in others)
    ):
        return choice
    said = "".join(part.text for part in texts)
    return replace(choice, message=replace(choice.message, body=said, parts=others))


def _read_stream(body: bytes) -> JsonObject:
    chunks, is_done = read_chunks(body)
    whole = chat_stream.assemble(chunks)
    if not whole["choices"]:
        raise BodyError("the stream has no `choices`")
    check_end(whole, is_done=is_done)
    return whole


def _read_completion(value: JsonObject) -> Answer | RawAnswer:
    """The answer, if it comes back the same; else the whole body as it is."""
    try:
        answer = _readable(value)
    except BodyError:
        return RawAnswer(value)
    return answer if same(_json(answer), value) else RawAnswer(value)


def _readable(value: JsonObject) -> Answer:
    choices = value["choices"]
    if not isinstance(choices, list) or not choices:
        raise BodyError("no choices")
    envelope = {key: item for key, item in value.items() if key != "choices"}
    return Answer(
        tuple(_read_choice(choice, index) for index, choice in enumerate(choices)), envelope
    )


def _read_choice(value: Json, index: int) -> Choice:
    if not isinstance(value, dict):
        raise BodyError("a choice is an object")
    message = read_message(value.get("message"))
    if message.role != "assistant":
        raise BodyError("an answer is the assistant's")
    fields = {key: item for key, item in value.items() if key != "message"}
    if fields.get("index") is not True and fields.get("index") == index:
        del fields["index"]
    return Choice(message, fields)


def _json(answer: Answer) -> JsonObject:
    """The JSON that an answer was read from: nothing added."""
    choices: list[Json] = [
        {"index": index, "message": write_message(choice.message)} | choice.fields
        for index, choice in enumerate(answer.choices)
    ]
    return {"choices": choices} | answer.fields


def _write_completion(answer: Answer, request: Request) -> JsonObject:
    envelope = _envelope(answer, request, "chat.completion")
    head = {
        key: envelope.pop(key) for key in ("id", "object", "created", "model") if key in envelope
    }
    choices: list[Json] = [_write_choice(answer, index) for index in range(len(answer.choices))]
    return head | {"choices": choices} | envelope


def _write_choice(answer: Answer, index: int) -> JsonObject:
    choice = answer.choices[index]
    ending = choice.fields if answer.is_recorded else _ending(choice)
    written = {"index": index, "message": write_message(choice.message)} | ending
    if not answer.is_recorded:
        message = written["message"]
        assert isinstance(message, dict)
        written["message"] = message | {"refusal": message.get("refusal")}
    return written


def _ending(choice: Choice) -> JsonObject:
    """How a hand-written choice ended, unless it says so itself."""
    reason = "tool_calls" if choice.message.parts_of(Call) else "stop"
    return {"logprobs": None, "finish_reason": reason} | choice.fields


def _envelope(answer: Answer, request: Request, kind: str) -> JsonObject:
    """What surrounds the choices. A recorded answer has it; a hand-written one gets what clients
    rely on.
    """
    envelope = dict(answer.fields)
    if not answer.is_recorded:
        text = jsontext.dump([write_message(choice.message) for choice in answer.choices])
        made: JsonObject = {
            "id": f"chatcmpl-{hashlib.sha256(text.encode()).hexdigest()[:24]}",
            "object": kind,
            "created": 0,
            "model": request.model or "rechat",
        }
        envelope = made | envelope
        envelope["usage"] = usage_of(answer, request, envelope.get("usage"))
    if envelope.get("object") in ("chat.completion", chat_stream.CHUNK):
        envelope["object"] = kind
    return envelope


def _events(answer: Answer, request: Request) -> Iterator[JsonObject]:
    envelope = _envelope(answer, request, chat_stream.CHUNK)
    was_streamed = answer.fields.get("object") == chat_stream.CHUNK
    if not request.include_usage and not was_streamed:
        envelope.pop("usage", None)
    whole = answer
    if not answer.is_recorded:
        whole = Answer(
            tuple(Choice(choice.message, _ending(choice)) for choice in answer.choices),
            answer.fields,
        )
    return chat_stream.chunks_of(whole, envelope, include_usage=request.include_usage)


def _as_chunk(value: Json) -> JsonObject:
    """A body that could not be taken apart, as the one chunk of a stream."""
    if not isinstance(value, dict):
        return {"choices": [], "object": chat_stream.CHUNK}
    choices = value.get("choices")
    deltas = [
        {"delta" if key == "message" else key: item for key, item in choice.items()}
        for choice in (choices if isinstance(choices, list) else [])
        if isinstance(choice, dict)
    ]
    return value | {"object": chat_stream.CHUNK, "choices": deltas}
