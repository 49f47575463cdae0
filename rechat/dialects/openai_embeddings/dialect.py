"""Embeddings: `POST …/embeddings`. Each input is a message, and each vector an answer to it.

1. A vector is kept as it came: as JSON numbers to the letter, or as the bytes of 32-bit floats
   (base64 on the wire). Asked for the other way, it is converted.
2. `### embedding, from hash` stands for any number of inputs: each gets a unit vector that depends
   on nothing but its text and the number of dimensions.
"""

import base64
import hashlib
import math
import struct
from collections.abc import Iterable, Iterator

from rechat.dialects.shared import openai_wire
from rechat.dialects.shared import settings_of
from rechat.dialects.shared import tokens
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Choice
from rechat.values import HttpRequest
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Request
from rechat.values import assets
from rechat.values import jsontext

# What an answer has around its vectors.
_HEAD = ("object", "model", "usage")
_FLOATS = "application/x-float32"
_NUMBERS = "application/json"
# OpenAI's models give so many numbers unless `dimensions` says otherwise.
_DIMENSIONS = {"text-embedding-3-large": 3072}
_USUAL_DIMENSIONS = 1536


class Embeddings(openai_wire.OpenAi):
    """The dialect of embeddings, OpenAI's and every compatible server's."""

    name = "openai.embeddings"
    has = "data"

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
            tuple(map(_input, _inputs(asked["input"]))),
            query=request.query,
            api=self.name,
            variant="base64" if is_base64 else "",
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        inputs = [message.fields.get("content", message.body) for message in request.messages]
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
                choices = [_read_vector(item, index) for index, item in enumerate(items)]
                found = tuple(choice for choice in choices if choice)
                if len(found) == len(choices):
                    lacking = tuple(key for key in _HEAD if key not in whole)
                    yield Answer(found, settings_of(whole, "data"), lacking)

    def recorded(self, answer: Answer) -> JsonObject:
        """The list that an answer was read from."""
        data: list[Json] = []
        for index, choice in enumerate(answer.choices):
            vector = _vector(choice.message)
            data.append(_item(index, vector, choice))
        return answer.fields | {"data": data}

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The vectors in the encoding that is asked for."""
        data: list[Json] = []
        for index, (choice, asked) in enumerate(_paired(answer, request)):
            is_made_up = choice.message.fields.get("from") == "hash"
            vector = _made_up(asked, request) if is_made_up else _vector(choice.message)
            encoded = _base64(vector) if request.variant else _numbers(vector)
            data.append(_item(index, encoded, choice))
        head: JsonObject = {"object": "list", "data": data, "model": request.model or "rechat"}
        if "usage" not in answer.fields:
            count = sum(len(tokens(message.text)) for message in request.messages)
            head["usage"] = {"prompt_tokens": count, "total_tokens": count}
        made = {key: value for key, value in head.items() if key not in answer.without}
        return made | answer.fields


def _item(index: int, vector: Json, choice: Choice) -> JsonObject:
    return {"object": "embedding", "index": index, "embedding": vector} | choice.fields


def _inputs(value: Json) -> list[Json]:
    """The inputs: a text, a list of tokens, or a list of these."""
    is_list = isinstance(value, list) and not all(isinstance(item, int) for item in value)
    return value if is_list and isinstance(value, list) else [value]


def _input(value: Json) -> Message:
    if isinstance(value, str):
        return Message("input", value)
    return Message("input", None, (), {"content": value})


def _read_vector(item: Json, index: int) -> Choice | None:
    match item:
        case {"object": "embedding", "index": int(number), "embedding": vector, **rest} if (
            number == index
        ):
            url = _url(vector)
            message = Message("embedding", None, (Media("file", url),))
            return (
                Choice(message, {str(key): value for key, value in rest.items()}) if url else None
            )
    return None


def _url(vector: Json) -> str:
    if isinstance(vector, str):
        return f"data:{_FLOATS};base64,{vector}"
    if isinstance(vector, list):
        return assets.data_url(_NUMBERS, jsontext.dump(vector).encode())
    return ""


def _vector(message: Message) -> Json:
    """The vector as it came: numbers, or a text of base64."""
    for part in message.parts_of(Media):
        media_type, _, content = part.url.removeprefix("data:").partition(";base64,")
        if media_type == _NUMBERS:
            return jsontext.parse(base64.b64decode(content))
        return content
    return message.fields.get("content")


def _paired(answer: Answer, request: Request) -> Iterator[tuple[Choice, Message]]:
    """The vectors with their inputs; a single one that is made up is for all of them."""
    choices = answer.choices
    if len(choices) == 1 and choices[0].message.fields.get("from") == "hash":
        choices *= len(request.messages)
    unknown = Message("input")
    for index, choice in enumerate(choices):
        yield choice, request.messages[index] if index < len(request.messages) else unknown


def _numbers(vector: Json) -> Json:
    if not isinstance(vector, str):
        return vector
    content = base64.b64decode(vector)
    return list(struct.unpack(f"<{len(content) // 4}f", content[: len(content) // 4 * 4]))


def _base64(vector: Json) -> Json:
    if not isinstance(vector, list):
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *map(_float, vector))).decode()


def _float(value: Json) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _made_up(asked: Message, request: Request) -> list[Json]:
    """A unit vector that follows from the input alone."""
    wanted = request.settings.get("dimensions")
    count = wanted if isinstance(wanted, int) and wanted > 0 else _usual(request.model)
    text = jsontext.canonical(asked.fields.get("content", asked.body))
    drawn = b"".join(
        hashlib.sha256(text + str(block).encode()).digest() for block in range(count // 16 + 1)
    )
    raw = [number / 32768 for number in struct.unpack(f"<{count}h", drawn[: 2 * count])]
    length = math.hypot(*raw) or 1.0
    return [number / length for number in raw]


def _usual(model: str) -> int:
    return _DIMENSIONS.get(model, _USUAL_DIMENSIONS)
