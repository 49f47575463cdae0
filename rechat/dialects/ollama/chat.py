"""Ollama's chat: `POST …/api/chat`."""

from rechat.dialects.ollama import envelope as ollama_envelope
from rechat.dialects.ollama.answers import Ollama
from rechat.dialects.ollama.messages import read_message
from rechat.dialects.ollama.messages import read_messages
from rechat.dialects.ollama.messages import write_message
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Request
from rechat.values import jsontext


class OllamaChat(Ollama):
    """The dialect of Ollama's chat."""

    name = "ollama.chat"
    has = "message"
    text_key = "content"

    def claims(self, method: str, path: str) -> bool:
        """Whether this is a chat: a POST, under any prefix."""
        return method == "POST" and path.endswith("/api/chat")

    def messages_of(self, asked: JsonObject) -> tuple[list[Message], tuple[str, ...]]:
        """The conversation; without any, the model is loaded. Raises `BodyError`."""
        messages = asked.get("messages")
        if not isinstance(messages, list | None):
            raise BodyError("`messages` is not a list")
        return list(read_messages(messages or [])), ("messages",)

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        messages: list[Json] = [write_message(message) for message in request.messages]
        asked = request.settings | {"messages": messages, "stream": request.stream}
        return jsontext.dump(asked).encode()

    def readable(self, whole: JsonObject) -> Answer:
        """The answer with the message. Raises `BodyError` if it is not the assistant's."""
        if "message" not in whole:
            # A stream that failed at once, or that only loaded the model.
            silent = Message("assistant", None, (), {}, ("role", "content"))
            read = ollama_envelope.read_answer(whole, silent)
            return Answer(read.choices, read.fields, ("message",))
        message = read_message(whole["message"])
        if message.role != "assistant":
            raise BodyError("an answer is the assistant's")
        return ollama_envelope.read_answer(whole, message, "message")

    def said(self, answer: Answer) -> JsonObject:
        """The message, if the answer has one."""
        if "message" in answer.without:
            return {}
        written = write_message(answer.choices[0].message)
        if not ollama_envelope.is_recorded(answer):
            written["content"] = written.get("content") or ""
        return {"message": written}
