"""Legacy completions, OpenAI's and every compatible server's: `POST …/completions`.

Each prompt is a user message. A body may hold several, and then the answer has `n` choices for each
of them, in order. There are no calls here: what a hand-written answer says is its text
(`plain_text`). Older servers of llama.cpp answer here in their own form, which is kept as it is.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from rechat.dialects.openai_completions import stream as completions_stream
from rechat.dialects.openai_completions.handwritten import make_up
from rechat.dialects.shared import Events
from rechat.dialects.shared import as_text
from rechat.dialects.shared import llama_cpp
from rechat.dialects.shared import openai_wire
from rechat.dialects.shared import settings_of
from rechat.dialects.shared import wants_usage
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Choice
from rechat.values import HttpRequest
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Request
from rechat.values import jsontext
from rechat.values import kind_of
from rechat.values import same

# What only an answer that came over the wire has.
_RECORDED = frozenset({"id", "object", "created"})
_CHAT = "chat.completion"


class Completions(openai_wire.OpenAi):
    """The dialect of legacy completions."""

    name = "openai.completions"
    says_done = True

    def claims(self, method: str, path: str) -> bool:
        """Whether prompts are to be completed: a POST, under any prefix but chat's."""
        is_chat = path.endswith("/chat/completions")
        return method == "POST" and path.endswith("/completions") and not is_chat

    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What is asked. Raises `BodyError` for prompts of another kind."""
        settings = settings_of(asked, "prompt", "stream", "stream_options")
        return Request(
            settings,
            _read_prompts(asked.get("prompt")),
            asked.get("stream") is True,
            wants_usage(asked),
            request.query,
            self.name,
            _common(settings),
            has_roles=False,
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

    def is_answer(self, whole: JsonObject) -> bool:
        """Whether a body has choices, or is one of llama.cpp's own."""
        return super().is_answer(whole) or llama_cpp.is_native(whole)

    def raw_events(self, whole: JsonObject) -> Iterable[JsonObject]:
        """The events that stream a body of llama.cpp's; any other is one."""
        return llama_cpp.events_of(whole) or [whole]

    def put_together(self, stream: Events) -> JsonObject:
        """The completion of the chunks. Raises `BodyError` if they were truncated."""
        if isinstance(native := llama_cpp.put_together(stream.values), dict):
            return native
        return openai_wire.checked(completions_stream.assemble(stream.values), stream)

    def readings(self, whole: JsonObject) -> Iterable[Answer]:
        """The answer, if it has choices and came over the wire."""
        choices = whole.get("choices")
        if choices and all(isinstance(choice, dict) for choice in choices):
            read = tuple(_read_choice(choice, index) for index, choice in enumerate(choices))
            answer = Answer(read, settings_of(whole, "choices"))
            if _is_recorded(answer):
                yield answer

    def recorded(self, answer: Answer) -> JsonObject:
        """The completion that an answer was read from."""
        choices = [_write_choice(choice, index) for index, choice in enumerate(answer.choices)]
        return openai_wire.enclosed(choices, answer.fields)

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The completion of an answer."""
        if _is_recorded(answer):
            whole = self.recorded(answer)
            is_chunk = whole.get("object") == f"{_CHAT}.chunk"
            return whole | {"object": _CHAT} if is_chunk else whole
        return openai_wire.enclosed(*make_up(answer, request))

    def events(self, answer: Answer, request: Request) -> Iterator[JsonObject]:
        """The chunks of an answer."""
        whole = self.written(answer, request)
        if whole.get("object") == _CHAT:
            whole["object"] = f"{_CHAT}.chunk"
        if not request.include_usage and not _is_recorded(answer):
            del whole["usage"]
        return completions_stream.chunks_of(whole, include_usage=request.include_usage)


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


def _read_choice(value: Any, index: int) -> Choice:
    text: str | None
    match value:
        case {"message": {"content": str(text), **rest}} if "text" not in value:
            fields = value | {"message": rest}
        case dict() if isinstance(text := value.get("text"), str | None):
            fields = {key: item for key, item in value.items() if key != "text"}
        case _:
            return Choice(Message("assistant", None, (Opaque(value),)))
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
    says_it_so = any("message" in choice.fields for choice in answer.choices)
    return (says_it_so or not is_foreign) and not _RECORDED.isdisjoint(answer.fields)


def _write_choice(choice: Choice, index: int) -> Json:
    match choice.message.parts:
        case (Opaque(value),):
            return value
    message = choice.message
    text = as_text(message) if message.parts else message.body
    written = {"text": text, "index": index} | choice.fields
    if isinstance(said := written.get("message"), dict) and text is not None:
        written["message"] = {"content": text} | said
    return {key: value for key, value in written.items() if key not in message.without}
