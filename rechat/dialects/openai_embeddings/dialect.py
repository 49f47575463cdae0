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
from collections.abc import Iterator

from rechat.dialects.shared import (
    Received,
    deployed_model,
    read_error,
    tokens,
    with_envelope,
    write_verbatim,
)
from rechat.values import (
    Answer,
    AnyAnswer,
    BinaryAnswer,
    BodyError,
    Choice,
    ErrorAnswer,
    Fault,
    Headers,
    HttpRequest,
    HttpResponse,
    Json,
    JsonError,
    JsonObject,
    Media,
    Message,
    RawAnswer,
    Request,
    assets,
    jsontext,
    redact,
    same,
)

_JSON: Headers = (("content-type", "application/json"),)
_FLOATS = "application/x-float32"
_NUMBERS = "application/json"
_SHAPING = ("input", "encoding_format")
# OpenAI's models give so many numbers unless `dimensions` says otherwise.
_DIMENSIONS = {"text-embedding-3-large": 3072}
_USUAL_DIMENSIONS = 1536


class Embeddings:
    """The dialect of embeddings, OpenAI's and every compatible server's."""

    name = "openai.embeddings"

    def claims(self, method: str, path: str) -> bool:
        """Whether this asks for embeddings, under any prefix."""
        return method == "POST" and path.endswith("/embeddings")

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked: a message for each input. Raises `BodyError`."""
        try:
            asked = redact(jsontext.parse_object(request.body))
        except JsonError as error:
            raise BodyError(f"the request's body is not JSON: {error}") from None
        assert isinstance(asked, dict)
        if "input" not in asked:
            raise BodyError("the request has no `input`")
        settings = {key: value for key, value in asked.items() if key not in _SHAPING}
        settings = deployed_model(request.path) | settings
        is_base64 = asked.get("encoding_format") == "base64"
        return Request(
            settings,
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

    def read_answer(self, response: HttpResponse) -> Received:
        """What was answered. Raises `BodyError` for a body that broke off."""
        if response.status >= 400:
            return read_error(response)
        try:
            value = jsontext.parse_object(response.body)
        except JsonError as error:
            raise BodyError(f"the answer is not whole: {error}") from None
        safe = redact(value)
        assert isinstance(safe, dict)
        answer = _read(safe)
        exact = answer if answer and same(_json(answer), safe) else RawAnswer(safe)
        return Received(exact, safe is value)

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the vectors in the encoding that is asked for."""
        match answer:
            case Answer():
                return HttpResponse.whole(
                    200, _JSON, jsontext.dump(_write(answer, request)).encode()
                )
            case ErrorAnswer():
                return write_verbatim(with_envelope(answer))
            case RawAnswer() | BinaryAnswer():
                return write_verbatim(answer)
            case Fault():
                return HttpResponse.whole(200, _JSON, b'{"object":"list","data":[')


def _inputs(value: Json) -> list[Json]:
    """The inputs: a text, a list of tokens, or a list of these."""
    is_list = isinstance(value, list) and not all(isinstance(item, int) for item in value)
    return value if is_list and isinstance(value, list) else [value]


def _input(value: Json) -> Message:
    if isinstance(value, str):
        return Message("input", value)
    return Message("input", None, (), {"content": value})


def _read(value: JsonObject) -> Answer | None:
    """The answer; None if it is not a list of vectors."""
    match value:
        case {"data": [*items]} if items:
            choices = [_read_vector(item, index) for index, item in enumerate(items)]
            fields = {key: item for key, item in value.items() if key != "data"}
            found = [choice for choice in choices if choice]
            return Answer(tuple(found), fields) if len(found) == len(choices) else None
    return None


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


def _json(answer: Answer) -> JsonObject:
    """The JSON that an answer was read from: nothing added."""
    data: list[Json] = []
    for index, choice in enumerate(answer.choices):
        vector = _vector(choice.message)
        data.append({"object": "embedding", "index": index, "embedding": vector} | choice.fields)
    return answer.fields | {"data": data}


def _vector(message: Message) -> Json:
    """The vector as it came: numbers, or a text of base64."""
    for part in message.parts_of(Media):
        media_type, _, content = part.url.removeprefix("data:").partition(";base64,")
        if media_type == _NUMBERS:
            return jsontext.parse(base64.b64decode(content))
        return content
    return message.fields.get("content")


def _write(answer: Answer, request: Request) -> JsonObject:
    data: list[Json] = []
    for index, (choice, asked) in enumerate(_paired(answer, request)):
        is_made_up = choice.message.fields.get("from") == "hash"
        vector = _made_up(asked, request) if is_made_up else _vector(choice.message)
        written = _base64(vector) if request.variant else _numbers(vector)
        data.append({"object": "embedding", "index": index, "embedding": written} | choice.fields)
    head: JsonObject = {"object": "list", "data": data, "model": request.model or "rechat"}
    if "usage" not in answer.fields:
        count = sum(len(tokens(message.text)) for message in request.messages)
        head["usage"] = {"prompt_tokens": count, "total_tokens": count}
    return head | answer.fields


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
