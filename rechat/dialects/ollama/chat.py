"""Ollama's chat: `POST …/api/chat`."""

from rechat.dialects.ollama import answers as ollama_answers
from rechat.dialects.ollama import envelope as ollama_envelope
from rechat.dialects.ollama.messages import read_message, read_messages, write_message
from rechat.dialects.shared import Received
from rechat.values import (
    Answer,
    AnyAnswer,
    BodyError,
    HttpRequest,
    HttpResponse,
    Json,
    JsonError,
    JsonObject,
    Message,
    Request,
    jsontext,
    redact,
)


class OllamaChat:
    """The dialect of Ollama's chat."""

    name = "ollama.chat"

    def claims(self, method: str, path: str) -> bool:
        """Whether this is a chat: a POST, under any prefix."""
        return method == "POST" and path.endswith("/api/chat")

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked; the answer is streamed unless the client says no. Raises `BodyError`."""
        try:
            asked = redact(jsontext.parse_object(request.body))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        assert isinstance(asked, dict)
        messages = asked.get("messages")
        if not isinstance(messages, list | None):
            raise BodyError("`messages` is no list")
        settings = ollama_envelope.settings_of(asked, "messages")
        return Request(
            settings,
            read_messages(messages or []),  # without any, the model is loaded
            asked.get("stream") is not False,
            query=request.query,
            api=self.name,
            common=ollama_envelope.common_of(settings),
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        messages: list[Json] = [write_message(message) for message in request.messages]
        asked = request.settings | {"messages": messages, "stream": request.stream}
        return jsontext.dump(asked).encode()

    def read_answer(self, response: HttpResponse) -> Received:
        """What was answered, without secrets. Raises `BodyError` for a body that broke off or is no
        answer of a chat.
        """
        return ollama_answers.read(response, "message", _readable, _say)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer, whole or streamed."""
        return ollama_answers.write(answer, request, _say)


def _readable(value: JsonObject) -> Answer:
    if "message" not in value:
        # A stream that failed at once, or that only loaded the model.
        silent = Message("assistant", None, (), {}, ("role", "content"))
        read = ollama_envelope.read_answer(value, silent)
        return Answer(read.choices, read.fields, ("message",))
    message = read_message(value["message"])
    if message.role != "assistant":
        raise BodyError("an answer is the assistant's")
    return ollama_envelope.read_answer(value, message, "message")


def _say(answer: Answer) -> JsonObject:
    if "message" in answer.without:
        return {}
    written = write_message(answer.choices[0].message)
    if not ollama_envelope.is_recorded(answer):
        written["content"] = written.get("content") or ""
    return {"message": written}
