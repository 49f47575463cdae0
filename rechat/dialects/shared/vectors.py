"""Embeddings in every API: each input is a message, and each vector an answer to it.

1. A vector is kept as it came: as JSON numbers to the letter, or as the bytes of 32-bit floats
   (base64 on the wire). Asked for the other way, it is converted.
2. `### embedding, from hash` stands for any number of inputs: each gets a unit vector that depends
   on nothing but its text and the number of dimensions.
"""

import base64
import hashlib
import math
import struct
from collections.abc import Callable, Iterator, Sequence

from rechat.dialects.shared.frame import settings_of
from rechat.dialects.shared.tokens import tokens
from rechat.values import Answer
from rechat.values import Choice
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Request
from rechat.values import assets
from rechat.values import jsontext

SINGLE = "single"
"""The variant of a request at an endpoint that takes one input and answers with one vector."""

ONE, ALL = "embedding", "embeddings"
"""Where an answer of Gemini's or Ollama's has one vector, and where it has a list of them."""

_FLOATS = "application/x-float32"
_NUMBERS = "application/json"
# OpenAI's models give so many numbers unless `dimensions` says otherwise.
_DIMENSIONS = {"text-embedding-3-large": 3072}
_USUAL_DIMENSIONS = 1536


def input_of(value: Json) -> Message:
    """The message of an input: a text, or what else the API takes (tokens)."""
    if isinstance(value, str):
        return Message("input", value)
    return Message("input", None, (), {"content": value})


def value_of(message: Message) -> Json:
    """The input that a message was read from."""
    return message.fields.get("content", message.body)


def read_vector(vector: Json, fields: JsonObject) -> Choice | None:
    """The choice with a vector as it came, and with the fields beside it; None if it is none."""
    if isinstance(vector, str):
        url = f"data:{_FLOATS};base64,{vector}"
        if not vector or not assets.split_data_url(url):
            return None
    elif isinstance(vector, list):
        url = assets.data_url(_NUMBERS, jsontext.dump(vector).encode())
    else:
        return None
    return Choice(Message("embedding", None, (Media("file", url),)), fields)


def is_packed(choice: Choice) -> bool:
    """Whether the vector came as bytes."""
    return any(part.url.startswith(f"data:{_FLOATS};") for part in choice.message.parts_of(Media))


def recorded_vector(choice: Choice) -> Json:
    """The vector as it came or was written: numbers, or a text of base64."""
    message = choice.message
    for part in message.parts_of(Media):
        media_type, _, content = part.url.removeprefix("data:").partition(";base64,")
        if media_type == _NUMBERS:
            return jsontext.parse(base64.b64decode(content))
        return content
    return message.fields.get("content")


def has_vectors(whole: JsonObject) -> bool:
    """Whether a body has a vector, or several."""
    return ONE in whole or ALL in whole


def read_body(whole: JsonObject, read: Callable[[Json], Choice | None]) -> Iterator[Answer]:
    """The answer of a body, if it holds nothing but vectors; `read` says what each of them is."""
    listed = whole.get(ALL, [whole.get(ONE)])
    choices = [read(item) for item in listed] if isinstance(listed, list) else []
    found = tuple(choice for choice in choices if choice)
    if found and len(found) == len(choices):
        yield Answer(found, settings_of(whole, ALL, ONE), () if ALL in whole else (ALL,))


def recorded_body(items: Sequence[Json], answer: Answer) -> JsonObject:
    """The body that an answer was read from, with these vectors."""
    return write_body(items, is_single=ALL in answer.without) | answer.fields


def write_body(items: Sequence[Json], *, is_single: bool) -> JsonObject:
    """A body with one vector, or with a list of them."""
    return {ONE: items[0]} if is_single else {ALL: list(items)}


def vectors_for(answer: Answer, request: Request) -> Iterator[tuple[Choice, Json]]:
    """The choices with their vectors for a request; a single one that is made up of the text is
    for all inputs.
    """
    choices = answer.choices
    if len(choices) == 1 and _is_made_up(choices[0]):
        choices *= len(request.messages)
    unknown = Message("input")
    for index, choice in enumerate(choices):
        asked = request.messages[index] if index < len(request.messages) else unknown
        made_up = _is_made_up(choice)
        yield choice, _made_up(asked, request) if made_up else recorded_vector(choice)


def _is_made_up(choice: Choice) -> bool:
    return choice.message.fields.get("from") == "hash"


def as_numbers(vector: Json) -> Json:
    """The vector as numbers."""
    if not isinstance(vector, str):
        return vector
    content = base64.b64decode(vector)
    return list(struct.unpack(f"<{len(content) // 4}f", content[: len(content) // 4 * 4]))


def as_base64(vector: Json) -> Json:
    """The vector as the bytes of 32-bit floats, in base64."""
    if not isinstance(vector, list):
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *map(_float, vector))).decode()


def _float(value: Json) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def count_tokens(request: Request) -> int:
    """About how many tokens the inputs have."""
    return sum(len(tokens(message.text)) for message in request.messages)


def _made_up(asked: Message, request: Request) -> list[Json]:
    """A unit vector that follows from the input alone."""
    settings = request.settings if request.common is None else request.common
    wanted = settings.get("dimensions")
    count = wanted if isinstance(wanted, int) and wanted > 0 else _usual(request.model)
    text = jsontext.canonical(value_of(asked))
    drawn = b"".join(
        hashlib.sha256(text + str(block).encode()).digest() for block in range(count // 16 + 1)
    )
    raw = [number / 32768 for number in struct.unpack(f"<{count}h", drawn[: 2 * count])]
    length = math.hypot(*raw) or 1.0
    return [number / length for number in raw]


def _usual(model: str) -> int:
    return _DIMENSIONS.get(model, _USUAL_DIMENSIONS)
