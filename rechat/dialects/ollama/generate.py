"""Ollama's completion of a prompt: `POST …/api/generate`."""

from rechat.dialects.ollama import envelope as ollama_envelope
from rechat.dialects.ollama.answers import Ollama
from rechat.dialects.ollama.messages import content_of
from rechat.dialects.ollama.messages import read_images
from rechat.dialects.ollama.messages import with_images
from rechat.dialects.ollama.messages import write_image
from rechat.dialects.shared import as_text
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Request
from rechat.values import jsontext
from rechat.values import kind_of


class OllamaGenerate(Ollama):
    """The dialect of Ollama's `generate`: a prompt in, a text out."""

    name = "ollama.generate"
    has = "response"
    text_key = "response"

    def claims(self, method: str, path: str) -> bool:
        """Whether a prompt is to be completed: a POST, under any prefix."""
        return method == "POST" and path.endswith("/api/generate")

    def messages_of(self, asked: JsonObject) -> tuple[list[Message], tuple[str, ...]]:
        """The system prompt and the prompt; pictures that cannot be read stay settings. Raises
        `BodyError`.
        """
        pictures = read_images(asked.get("images"))
        is_raw = bool(asked.get("images")) and not pictures
        taken = ("system", "prompt", *(() if is_raw else ("images",)))
        return _read_messages(asked, pictures), taken

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        asked = dict(request.settings)
        for message in request.messages:
            key = "system" if message.role == "system" else "prompt"
            asked[key] = content_of(message) or ""
            if pictures := message.parts_of(Media):
                asked["images"] = [write_image(picture) for picture in pictures]
        return jsontext.dump(asked | {"stream": request.stream}).encode()

    def readable(self, whole: JsonObject) -> Answer:
        """The answer with its text. Raises `BodyError` if that is none."""
        body = whole.get("response")
        if not isinstance(body, str | None):
            raise BodyError("`response` is not a text")
        parts: list[Part] = []
        said = ["response"]
        if isinstance(thought := whole.get("thinking"), str):
            parts.append(Reasoning(thought, "thinking"))
            said.append("thinking")
        pictures = read_images([whole.get("image")]) if whole.get("image") else []
        said += ["image"] if pictures else []
        without = ("response",) if "response" not in whole else ()
        is_null = body is None and not without
        # Beside a picture, no text is an empty one.
        fields: JsonObject = {"response": None} if pictures and is_null else {}
        message = with_images(Message("assistant", body, tuple(parts), fields, without), pictures)
        return ollama_envelope.read_answer(whole, message, *said)

    def said(self, answer: Answer) -> JsonObject:
        """The text, with the thoughts and the picture beside it."""
        message = answer.choices[0].message
        is_recorded = ollama_envelope.is_recorded(answer)
        said: JsonObject = {"response": content_of(message) if is_recorded else as_text(message)}
        if thoughts := message.parts_of(Reasoning):
            said["thinking"] = "\n".join(thought.text for thought in thoughts)
        if pictures := message.parts_of(Media):
            said["image"] = write_image(pictures[0])
        written = said | message.fields
        return {key: value for key, value in written.items() if key not in message.without}


def _read_messages(asked: JsonObject, pictures: list[Media]) -> list[Message]:
    """The system prompt, unless it is empty (then the model's own counts), and the prompt with its
    pictures. Without a prompt, the model is loaded.
    """
    for key in ("system", "prompt"):
        if not isinstance(asked.get(key), str | None):
            raise BodyError(f"`{key}` is a text, not {kind_of(asked[key])}")
    system, prompt = asked.get("system"), asked.get("prompt")
    messages = [Message("system", system)] if system else []
    if prompt is not None or pictures:
        messages.append(with_images(Message("user", prompt), pictures))
    return messages
