"""Gemini's embeddings: `POST …/models/{model}:embedContent` and `:batchEmbedContents`."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from rechat.dialects.gemini.dialect import Google
from rechat.dialects.shared import settings_of
from rechat.dialects.shared import vectors
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Choice
from rechat.values import HttpRequest
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Request
from rechat.values import jsontext

# A path such as "/v1beta/models/gemini-embedding-001:embedContent".
_PATH = re.compile(r"(?:.*/)?([^/:]+):(embedContent|batchEmbedContents)")


class GeminiEmbeddings(Google):
    """The dialect of Gemini's embeddings, one or many at once."""

    name = "google.embeddings"
    has = vectors.ALL
    streams = False

    def claims(self, method: str, path: str) -> bool:
        """Whether this asks for embeddings: a POST, under any prefix."""
        return method == "POST" and _PATH.fullmatch(path) is not None

    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What is asked: a message for each content. Raises `BodyError` without any."""
        found = _PATH.fullmatch(request.path)
        is_single = bool(found) and found[2] == "embedContent"  # type: ignore[index]
        listed = [asked] if is_single else asked.get("requests")
        if not isinstance(listed, list) or not listed:
            raise BodyError("the request has no `requests`")
        if any(not isinstance(one, dict) or not one.get("content") for one in listed):
            raise BodyError("a request has no `content`")
        inputs = [_input(one["content"]) for one in listed]
        own = [settings_of(one, "content", "model") for one in listed]
        shared = own[0] if all(one == own[0] for one in own) else {"requests": list(own)}
        settings = ({"model": unquote(found[1])} if found else {}) | shared
        return Request(
            settings,
            tuple(inputs),
            query=self.query_of(request.query),
            api=self.name,
            common=_common(settings),
            variant=vectors.SINGLE if is_single else "",
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it; the model stands in the path too."""
        settings = settings_of(request.settings, "model", "requests")
        own = request.settings.get("requests")
        asked: list[Json] = [{"content": _content(message)} for message in request.messages]
        if request.variant:
            return jsontext.dump({"content": _content(request.messages[0])} | settings).encode()
        for index, one in enumerate(asked):
            more = own[index] if isinstance(own, list) else settings
            if isinstance(one, dict) and isinstance(more, dict):
                asked[index] = {"model": f"models/{request.model}"} | one | more
        return jsontext.dump({"requests": asked}).encode()

    def is_answer(self, whole: JsonObject) -> bool:
        """Whether a body has a vector, or several."""
        return vectors.has_vectors(whole)

    def readings(self, whole: JsonObject) -> Iterable[Answer]:
        """The answer, if it holds nothing but vectors."""
        return vectors.read_body(whole, _read_item)

    def recorded(self, answer: Answer) -> JsonObject:
        """The body that an answer was read from."""
        items = [_item(vectors.recorded_vector(choice), choice) for choice in answer.choices]
        return vectors.recorded_body(items, answer)

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """One vector or a list of them, as it is asked for."""
        items = [
            _item(vectors.as_numbers(vector), choice)
            for choice, vector in vectors.vectors_for(answer, request)
        ]
        around = settings_of(answer.fields, "model", "usage", "object")
        return vectors.write_body(items, is_single=request.variant == vectors.SINGLE) | around


def _common(settings: JsonObject) -> JsonObject:
    """The settings, and the number of dimensions under OpenAI's name."""
    wanted = settings.get("outputDimensionality", settings.get("output_dimensionality"))
    return settings if wanted is None else settings | {"dimensions": wanted}


def _input(content: Json) -> Message:
    match content:
        case {"parts": [{"text": str(text), **more}], **others} if not more and (
            others in ({}, {"role": "user"})
        ):
            return vectors.input_of(text)
    return vectors.input_of([content])


def _content(message: Message) -> Json:
    value = vectors.value_of(message)
    return value[0] if isinstance(value, list) else {"parts": [{"text": value}]}


def _read_item(item: Json) -> Choice | None:
    match item:
        case {"values": [*values], **rest}:
            return vectors.read_vector(values, {str(key): value for key, value in rest.items()})
    return None


def _item(vector: Json, choice: Choice) -> JsonObject:
    return {"values": vector} | choice.fields
