"""Embeddings: `POST …/embeddings`, of OpenAI and every compatible server."""

from collections.abc import Iterable

from rechat.dialects.shared import openai_wire
from rechat.dialects.shared import settings_of
from rechat.dialects.shared import vectors
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Choice
from rechat.values import HttpRequest
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Request
from rechat.values import jsontext

# What an answer has around its vectors.
_HEAD = ("object", "model", "usage")


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

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The vectors in the encoding that is asked for."""
        spelled = vectors.as_base64 if request.variant else vectors.as_numbers
        data: list[Json] = [
            _item(index, spelled(vector), choice)
            for index, (choice, vector) in enumerate(vectors.vectors_for(answer, request))
        ]
        head: JsonObject = {"object": "list", "data": data, "model": request.model or "rechat"}
        if "usage" not in answer.fields:
            count = vectors.count_tokens(request)
            head["usage"] = {"prompt_tokens": count, "total_tokens": count}
        made = {key: value for key, value in head.items() if key not in answer.without}
        return made | answer.fields


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
