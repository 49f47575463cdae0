"""Chat Completions, OpenAI's and every compatible server's: `POST …/chat/completions`."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rechat.dialects.openai_chat import stream as chat_stream
from rechat.dialects.openai_chat.chunks import chunks_of
from rechat.dialects.openai_chat.chunks import numbers_of
from rechat.dialects.openai_chat.messages import read_message
from rechat.dialects.openai_chat.messages import read_said
from rechat.dialects.openai_chat.messages import write_message
from rechat.dialects.shared import Events
from rechat.dialects.shared import openai_wire
from rechat.dialects.shared import settings_of
from rechat.dialects.shared import wants_usage
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Call
from rechat.values import Choice
from rechat.values import HttpRequest
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Opaque
from rechat.values import Request
from rechat.values import Text
from rechat.values import jsontext

_WHOLE = "chat.completion"


class Chat(openai_wire.OpenAi):
    """The dialect of Chat Completions."""

    name = "openai.chat"
    text_key = "content"
    opening = 1
    says_done = True

    def claims(self, method: str, path: str) -> bool:
        """Whether this is a chat completion: a POST, under any prefix; Mistral's agents talk so."""
        return method == "POST" and path.endswith(("/chat/completions", "/agents/completions"))

    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What is asked. Raises `BodyError` without messages."""
        messages = asked.get("messages")
        if not isinstance(messages, list):
            raise BodyError("the request has no list of `messages`")
        settings = settings_of(asked, "messages", "stream", "stream_options")
        return Request(
            openai_wire.deployed_model(request.path) | settings,
            tuple(map(read_message, messages)),
            asked.get("stream") is True,
            wants_usage(asked),
            request.query,
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        shaping: JsonObject = {"stream": True} if request.stream else {}
        if request.include_usage:
            shaping["stream_options"] = {"include_usage": True}
        messages: list[Json] = [write_message(message) for message in request.messages]
        return jsontext.dump(request.settings | {"messages": messages} | shaping).encode()

    def put_together(self, stream: Events) -> JsonObject:
        """The completion of the chunks. Raises `BodyError` if they were truncated."""
        return openai_wire.checked(chat_stream.assemble(stream.values), stream)

    def readings(self, whole: JsonObject) -> Iterable[Answer]:
        """The answer with a choice for each. Raises `BodyError` if one of them is not a message."""
        choices = whole["choices"]
        if choices:
            read = tuple(_read_choice(choice, index) for index, choice in enumerate(choices))
            yield Answer(read, settings_of(whole, "choices"), () if "id" in whole else ("id",))

    def recorded(self, answer: Answer) -> JsonObject:
        """The completion that an answer was read from."""
        choices: list[Json] = [
            {"index": index, "message": write_message(choice.message)} | choice.fields
            for index, choice in enumerate(answer.choices)
        ]
        return {"choices": choices} | answer.fields

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The completion of an answer."""
        spoken = _spoken(answer)
        envelope = _envelope(spoken, request, _WHOLE)
        choices: list[Json] = [_write_choice(spoken, index) for index in range(len(spoken.choices))]
        return openai_wire.enclosed(choices, envelope)

    def events(self, answer: Answer, request: Request) -> Iterator[JsonObject]:
        """The chunks of an answer."""
        spoken = _spoken(answer)
        envelope = _envelope(spoken, request, chat_stream.CHUNK)
        was_whole = answer.fields.get("object") == _WHOLE
        if not request.include_usage and (was_whole or not answer.is_recorded):
            envelope.pop("usage", None)
        if not answer.is_recorded:
            ended = (Choice(choice.message, _ending(choice)) for choice in spoken.choices)
            spoken = Answer(tuple(ended), answer.fields)
        return chunks_of(spoken, envelope, include_usage=request.include_usage)

    def raw_events(self, whole: JsonObject) -> Iterable[JsonObject]:
        """The body as one chunk."""
        listed = whole.get("choices")
        items = listed if isinstance(listed, list) else []
        choices: list[JsonObject] = [choice for choice in items if isinstance(choice, dict)]
        deltas: list[Json] = [
            {"delta" if key == "message" else key: item for key, item in choice.items()}
            | {"index": number}
            for number, choice in zip(numbers_of(choices), choices, strict=True)
        ]
        return [whole | {"object": chat_stream.CHUNK, "choices": deltas}]


def _spoken(answer: Answer) -> Answer:
    """The answer with the texts of each choice as one, as clients expect of an answer."""
    if answer.is_recorded:
        return answer
    return replace(answer, choices=tuple(map(_spoken_choice, answer.choices)))


def _spoken_choice(choice: Choice) -> Choice:
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


def _read_choice(value: Json, index: int) -> Choice:
    if not isinstance(value, dict):
        raise BodyError("a choice is an object")
    message = read_said(value.get("message"))
    fields = {key: item for key, item in value.items() if key != "message"}
    if fields.get("index") is not True and fields.get("index") == index:
        del fields["index"]
    return Choice(message, fields)


def _write_choice(answer: Answer, index: int) -> JsonObject:
    choice = answer.choices[index]
    ending = choice.fields if answer.is_recorded else _ending(choice)
    if answer.fields.get("object") == chat_stream.CHUNK and not ending.get("finish_reason"):
        ending = ending | {"finish_reason": _reason(choice)}
    written = {"index": index, "message": write_message(choice.message)} | ending
    if not answer.is_recorded:
        message = written["message"]
        assert isinstance(message, dict)
        written["message"] = message | {"refusal": message.get("refusal")}
    return written


def _ending(choice: Choice) -> JsonObject:
    """How a hand-written choice ended, unless it says so itself."""
    return {"logprobs": None, "finish_reason": _reason(choice)} | choice.fields


def _reason(choice: Choice) -> str:
    has_calls = choice.message.parts_of(Call) or choice.message.fields.get("tool_calls")
    return "tool_calls" if has_calls else "stop"


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
        envelope["usage"] = openai_wire.usage_of(answer, request, envelope.get("usage"))
    if envelope.get("object") in (_WHOLE, chat_stream.CHUNK):
        envelope["object"] = kind
    return envelope
