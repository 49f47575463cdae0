"""Ollama's embeddings: `POST …/api/embed`, and the older `…/api/embeddings` of one prompt."""

from collections.abc import Iterable

from rechat.dialects.ollama import envelope as ollama_envelope
from rechat.dialects.shared import Frame
from rechat.dialects.shared import settings_of
from rechat.dialects.shared import vectors
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Headers
from rechat.values import HttpRequest
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Request
from rechat.values import jsontext


class OllamaEmbed(Frame):
    """The dialect of Ollama's embeddings, one or many at once."""

    name = "ollama.embed"
    has = vectors.ALL
    streams = False
    headers: Headers = (("content-type", "application/json; charset=utf-8"),)

    def claims(self, method: str, path: str) -> bool:
        """Whether this asks for embeddings: a POST, under any prefix."""
        return method == "POST" and path.endswith(("/api/embed", "/api/embeddings"))

    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What is asked: a message for each input. Raises `BodyError` without any."""
        is_single = request.path.endswith("/api/embeddings")
        name = "prompt" if is_single and "prompt" in asked else "input"
        given = asked.get(name)
        if given is None:
            raise BodyError(f"the request has no `{'prompt' if is_single else 'input'}`")
        settings = ollama_envelope.settings_of(asked, name)
        return Request(
            settings,
            tuple(map(vectors.input_of, given if isinstance(given, list) else [given])),
            query=request.query,
            api=self.name,
            common=ollama_envelope.common_of(settings),
            variant=vectors.SINGLE if is_single else "",
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        inputs = list(map(vectors.value_of, request.messages))
        asked: JsonObject = {"prompt": inputs[0]} if request.variant else {"input": inputs}
        return jsontext.dump(request.settings | asked).encode()

    def is_answer(self, whole: JsonObject) -> bool:
        """Whether a body has a vector, or several."""
        return vectors.has_vectors(whole)

    def readings(self, whole: JsonObject) -> Iterable[Answer]:
        """The answer, if it holds nothing but vectors."""
        return vectors.read_body(whole, lambda vector: vectors.read_vector(vector, {}))

    def recorded(self, answer: Answer) -> JsonObject:
        """The body that an answer was read from."""
        said = [vectors.recorded_vector(choice) for choice in answer.choices]
        return vectors.recorded_body(said, answer)

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """One vector or a list of them, as it is asked for."""
        found = [vectors.as_numbers(vector) for _, vector in vectors.vectors_for(answer, request)]
        if request.variant:
            return vectors.write_body(found, is_single=True)
        around = ollama_envelope.timed(vectors.count_tokens(request))
        model: JsonObject = {"model": request.model or "rechat"}
        made = model | vectors.write_body(found, is_single=False) | around
        kept = {key: value for key, value in made.items() if key not in answer.without}
        return kept | settings_of(answer.fields, "usage", "object")

    def is_own_error(self, error: Json) -> bool:
        """Whether an error is a text."""
        return isinstance(error, str)

    def error_body(self, status: int, text: str, request: Request) -> Json:
        """The error as a text."""
        del status, request
        return {"error": text}
