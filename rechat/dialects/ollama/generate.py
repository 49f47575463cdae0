"""Ollama's completion of a prompt: `POST …/api/generate`."""

from rechat.dialects.ollama import answers as ollama_answers
from rechat.dialects.ollama import envelope as ollama_envelope
from rechat.dialects.ollama.messages import content_of, read_images, with_images, write_image
from rechat.dialects.shared import Received, as_text
from rechat.values import (
    Answer,
    AnyAnswer,
    BodyError,
    HttpRequest,
    HttpResponse,
    JsonError,
    JsonObject,
    Media,
    Message,
    Part,
    Reasoning,
    Request,
    jsontext,
    kind_of,
    redact,
)


class OllamaGenerate:
    """The dialect of Ollama's `generate`: a prompt in, a text out."""

    name = "ollama.generate"

    def claims(self, method: str, path: str) -> bool:
        """Whether a prompt is to be completed: a POST, under any prefix."""
        return method == "POST" and path.endswith("/api/generate")

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked; the answer is streamed unless the client says no. Raises `BodyError`."""
        try:
            asked = redact(jsontext.parse_object(request.body))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        assert isinstance(asked, dict)
        pictures = read_images(asked.get("images"))
        is_raw = bool(asked.get("images")) and not pictures
        taken = ("system", "prompt", *(() if is_raw else ("images",)))
        settings = ollama_envelope.settings_of(asked, *taken)
        return Request(
            settings,
            tuple(_read_messages(asked, pictures)),
            asked.get("stream") is not False,
            query=request.query,
            api=self.name,
            common=ollama_envelope.common_of(settings),
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        asked = dict(request.settings)
        for message in request.messages:
            key = "system" if message.role == "system" else "prompt"
            asked[key] = content_of(message) or ""
            if pictures := message.parts_of(Media):
                asked["images"] = [write_image(picture) for picture in pictures]
        return jsontext.dump(asked | {"stream": request.stream}).encode()

    def read_answer(self, response: HttpResponse) -> Received:
        """What was answered, without secrets. Raises `BodyError` for a body that broke off or is no
        answer of this API.
        """
        return ollama_answers.read(response, "response", _readable, _say)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer, whole or streamed."""
        return ollama_answers.write(answer, request, _say)


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


def _readable(value: JsonObject) -> Answer:
    body = value.get("response")
    if not isinstance(body, str | None):
        raise BodyError("`response` is no text")
    parts: list[Part] = []
    said = ["response"]
    if isinstance(thought := value.get("thinking"), str):
        parts.append(Reasoning(thought, "thinking"))
        said.append("thinking")
    pictures = read_images([value.get("image")]) if value.get("image") else []
    said += ["image"] if pictures else []
    without = ("response",) if "response" not in value else ()
    is_null = body is None and not without
    # Beside a picture, no text is an empty one.
    fields: JsonObject = {"response": None} if pictures and is_null else {}
    message = with_images(Message("assistant", body, tuple(parts), fields, without), pictures)
    return ollama_envelope.read_answer(value, message, *said)


def _say(answer: Answer) -> JsonObject:
    message = answer.choices[0].message
    is_recorded = ollama_envelope.is_recorded(answer)
    said: JsonObject = {"response": content_of(message) if is_recorded else as_text(message)}
    if thoughts := message.parts_of(Reasoning):
        said["thinking"] = "\n".join(thought.text for thought in thoughts)
    if pictures := message.parts_of(Media):
        said["image"] = write_image(pictures[0])
    return {
        key: value for key, value in (said | message.fields).items() if key not in message.without
    }
