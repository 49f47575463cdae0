"""Embeddings: `POST …/embeddings`, of OpenAI and every compatible server."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from rechat.dialects.shared import Received
from rechat.dialects.shared import openai_wire
from rechat.dialects.shared import settings_of
from rechat.dialects.shared import vectors
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import BodyError
from rechat.values import Choice
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Request
from rechat.values import jsontext

_ENCODINGS = ("float", "base64")
# What an answer has around its vectors.
_HEAD = ("object", "model", "usage")

SENT_AS = "sent_as"
"""The field of an answer whose server does not mind which encoding is asked for: the one that it
sends, `float` or `base64`.
"""


class Embeddings(openai_wire.OpenAi):
    """The dialect of embeddings, OpenAI's and every compatible server's."""

    name = "openai.embeddings"
    has = "data"
    streams = False

    def claims(self, method: str, path: str) -> bool:
        """Whether this asks for embeddings, under any prefix."""
        return method == "POST" and path.endswith("/embeddings")

    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What is asked: a message for each input. Raises `BodyError` without any."""
        if "input" not in asked:
            raise BodyError("the request has no `input`")
        settings = settings_of(asked, "input", "encoding_format")
        is_base64 = asked.get("encoding_format") == "base64"
        return Request(
            openai_wire.deployed_model(request.path) | settings,
            tuple(map(vectors.input_of, _inputs(asked["input"]))),
            query=request.query,
            api=self.name,
            variant="base64" if is_base64 else "",
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        inputs = list(map(vectors.value_of, request.messages))
        shaping: JsonObject = {"encoding_format": "base64"} if request.variant else {}
        return jsontext.dump(request.settings | {"input": inputs} | shaping).encode()

    def is_answer(self, whole: JsonObject) -> bool:
        """Any body is one: what holds no vectors is kept as it is."""
        del whole
        return True

    def readings(self, whole: JsonObject) -> Iterable[Answer]:
        """The answer, if it is a list of vectors."""
        match whole:
            case {"data": [*items]} if items:
                choices = [_read_item(item, index) for index, item in enumerate(items)]
                found = tuple(choice for choice in choices if choice)
                if len(found) == len(choices):
                    lacking = tuple(key for key in _HEAD if key not in whole)
                    yield Answer(found, settings_of(whole, "data"), lacking)

    def recorded(self, answer: Answer) -> JsonObject:
        """The list that an answer was read from."""
        data: list[Json] = [
            _item(index, vectors.recorded_vector(choice), choice)
            for index, choice in enumerate(answer.choices)
        ]
        return answer.fields | {"data": data}

    def read_answer(self, response: HttpResponse, *, asked: Request | None = None) -> Received:
        """What was answered, with a note if that is in another encoding than was asked for. Raises
        `BodyError`, as for any API.
        """
        received = super().read_answer(response, asked=asked)
        if asked is None:
            return received
        return replace(received, answer=_noted(received.answer, asked))

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The vectors in the encoding that is asked for, or that the server sends to all."""
        sent_as = answer.fields.get(SENT_AS)
        if sent_as in _ENCODINGS:
            kept = {key: value for key, value in answer.fields.items() if key != SENT_AS}
            answer = replace(answer, fields=kept)
        is_base64 = sent_as == "base64" if sent_as in _ENCODINGS else bool(request.variant)
        spelled = vectors.as_base64 if is_base64 else vectors.as_numbers
        data: list[Json] = [
            _item(index, spelled(vector), choice)
            for index, (choice, vector) in enumerate(vectors.vectors_for(answer, request))
        ]
        head: JsonObject = {"object": "list", "data": data, "model": request.model or "rechat"}
        if not answer.without and not {*_HEAD} & {*answer.fields}:
            head["id"] = _id(data)  # written by hand; Mistral's client takes no answer without one
        if "usage" not in answer.fields:
            count = vectors.count_tokens(request)
            head["usage"] = {"prompt_tokens": count, "total_tokens": count}
        made = {key: value for key, value in head.items() if key not in answer.without}
        return made | answer.fields


def _id(data: list[Json]) -> str:
    """The id of an answer that has none: it depends on its vectors only."""
    return f"embd-{hashlib.sha256(jsontext.dump(data).encode()).hexdigest()[:24]}"


def _noted(answer: AnyAnswer, asked: Request) -> AnyAnswer:
    """The answer with a note of the encoding that all its vectors have, if it is not the one that
    was asked for.
    """
    if not isinstance(answer, Answer):
        return answer
    kinds = {vectors.is_packed(choice) for choice in answer.choices}
    if kinds != {not asked.variant}:
        return answer
    return replace(answer, fields=answer.fields | {SENT_AS: _ENCODINGS[not asked.variant]})


def _item(index: int, vector: Json, choice: Choice) -> JsonObject:
    return {"object": "embedding", "index": index, "embedding": vector} | choice.fields


def _inputs(value: Json) -> list[Json]:
    """The inputs: a text, a list of tokens, or a list of these."""
    is_list = isinstance(value, list) and not all(isinstance(item, int) for item in value)
    return value if is_list and isinstance(value, list) else [value]


def _read_item(item: Json, index: int) -> Choice | None:
    match item:
        case {"object": "embedding", "index": int(number), "embedding": vector, **rest} if (
            number == index
        ):
            return vectors.read_vector(vector, {str(key): value for key, value in rest.items()})
    return None
